import { googleIsConfigured } from "#lib/auth/factors/google/provider.ts";

/** The way in through Google, where it is set up. A plain link: the browser leaves for the provider. */
export function GoogleButton({ next }: { next: string }) {
  if (!googleIsConfigured()) return null;
  return (
    <p className="provider">
      <a className="button quiet" href={`/api/login_google?next=${encodeURIComponent(next)}`}>
        Continue with Google
      </a>
    </p>
  );
}
