import { LocalTime } from "#components/local-time.tsx";
import { usernameStanding } from "#lib/auth/accounts/change-profile.ts";
import { requirePerson } from "#lib/pages/session.ts";
import { ProfileForm } from "./profile-form.tsx";

export default async function ProfilePage() {
  const { account } = await requirePerson("/account/profile");
  const { firstName, lastName, phoneNumber, username } = account;
  const { freeFrom, kept } = await usernameStanding(account.id);
  return (
    <>
      <h1>Your profile</h1>
      <p>You may leave any of this empty.</p>
      <ProfileForm initial={{ firstName, lastName, phoneNumber, chosenUsername: username ?? "" }} />
      <p className="hint">
        {freeFrom === null ? (
          "You can choose a new username once in 30 days. Until you can again, the old one is kept for you."
        ) : (
          <>
            You can choose another new username from <LocalTime at={freeFrom} withTime={false} />.
          </>
        )}
      </p>
      {kept.map((one) => (
        <p key={one.username} className="hint">
          <b className="address">{one.username}</b> is kept for you until{" "}
          <LocalTime at={one.expiresAt} withTime={false} />. Type it above to take it back.
        </p>
      ))}
    </>
  );
}
