import { siteOf } from "#lib/auth/limits.ts";

/** Where whoever tries it out on their own machine comes from: its number would tell them nothing. */
const HERE = ["127.0.0.1", "::1"].map((address) => siteOf({ address }));

/** Where somebody came from, after "from". */
export function NetworkName({ network }: { network: string }) {
  if (HERE.includes(network)) return <>this server’s own machine</>;
  return (
    <>
      network <span className="network">{network}</span>
    </>
  );
}
