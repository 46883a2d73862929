import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Debian's programs for a cluster, and where its PostgreSQL is. */
export type ClusterPrograms = { patroni: string; etcd: string; haproxy: string; postgres: string };

/** What a machine without them is told. */
export const WANTED = "apt-get install patroni etcd-server postgresql haproxy";

/** Undefined where one of them is not installed. */
export function findClusterPrograms(): ClusterPrograms | undefined {
  const [patroni, etcd, haproxy] = ["patroni", "etcd", "haproxy"].map(onPath);
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions) && readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0];
  if (!patroni || !etcd || !haproxy || !newest) return undefined;
  return { patroni, etcd, haproxy, postgres: join(versions, newest, "bin") };
}

const onPath = (name: string): string | undefined =>
  ["/usr/bin", "/usr/sbin", "/usr/local/bin"].map((folder) => join(folder, name)).find((file) => existsSync(file));
