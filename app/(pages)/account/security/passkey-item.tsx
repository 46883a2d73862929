import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import type { Passkey } from "#lib/auth/factors/passkey/manage.ts";

type Action = (form: FormData) => Promise<void>;

export function PasskeyItem({ passkey, remove, allow }: { passkey: Passkey; remove: Action; allow: Action }) {
  const { id, name, createdAt, lastUsedAt, endedAt } = passkey;
  return (
    <li>
      <div>
        <p className="device">{name}</p>
        <p className="hint">
          Added <LocalTime at={createdAt} withTime={false} />
          {lastUsedAt === null ? (
            ", not used yet"
          ) : (
            <>
              , last used <LocalTime at={lastUsedAt} />
            </>
          )}
        </p>
        {endedAt !== null && (
          <p className="hint">
            Switched off when the password was changed, <LocalTime at={endedAt} />. Allow it again if it is yours.
          </p>
        )}
        <p>
          <a href={`/account/security/passkeys/rename?passkey=${id}`}>
            Rename
            <span className="unseen"> {name}</span>
          </a>
        </p>
      </div>
      {endedAt !== null && <ItemButton id={id} name={name} action={allow} label="Allow again" />}
      <ItemButton id={id} name={name} action={remove} label="Remove" />
    </li>
  );
}

function ItemButton({ id, name, action, label }: Pick<Passkey, "id" | "name"> & { action: Action; label: string }) {
  return (
    <form action={action}>
      <input type="hidden" name="passkey" value={id} />
      <SubmitButton look="quiet">
        {label}
        <span className="unseen"> {name}</span>
      </SubmitButton>
    </form>
  );
}
