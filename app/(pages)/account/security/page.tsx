import { LocalTime } from "#components/local-time.tsx";
import { Notice } from "#components/notice.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import { TellDevice } from "#components/tell-device.tsx";
import { hasPassword } from "#lib/auth/accounts/accounts.ts";
import { appPasswordsOf } from "#lib/auth/factors/app-password/app-passwords.ts";
import { secondFactorOf } from "#lib/auth/factors/authenticator/enroll.ts";
import { trustedBrowsersOf } from "#lib/auth/factors/authenticator/trusted-browsers.ts";
import { knownPasskeys, passkeysOf } from "#lib/auth/factors/passkey/manage.ts";
import { passwordEpoch } from "#lib/auth/sessions/known-browsers.ts";
import { MESSAGES } from "#lib/pages/messages.ts";
import { NOTICES, noticeOf } from "#lib/pages/notices.ts";
import type { SearchParams } from "#lib/pages/search-params.ts";
import { requirePerson } from "#lib/pages/session.ts";
import {
  allowPasskeyAction,
  forgetBrowserAction,
  removeAppPasswordAction,
  removePasskeyAction,
  renewCodesAction,
} from "./action.ts";
import { AppPasswordItem } from "./app-password-item.tsx";
import { BrowserItem } from "./browser-item.tsx";
import { PasskeyItem } from "./passkey-item.tsx";

export default async function SecurityPage({ searchParams }: { searchParams: SearchParams }) {
  const { account } = await requirePerson("/account/security");
  const query = await searchParams;
  const notice = noticeOf(query.notice);
  const [factor, isPasswordSet, epoch] = await Promise.all([
    secondFactorOf(account.id),
    hasPassword(account.id),
    passwordEpoch(account.id),
  ]);
  const passkeys = await passkeysOf(account.id);
  const known = knownPasskeys(account, passkeys);
  const appPasswords = await appPasswordsOf(account.id);
  const browsers = factor ? await trustedBrowsersOf({ id: account.id, passwordEpoch: epoch ?? 0 }) : [];
  return (
    <>
      <PageTitle title="How you log in" />
      <h1>How you log in</h1>
      {notice && <Notice>{NOTICES[notice]}</Notice>}
      {query.problem === "last_way_in" && <Notice tone="problem">{MESSAGES.last_way_in}</Notice>}
      <dl className="facts">
        <div>
          <dt>Password</dt>
          <dd>
            {isPasswordSet ? (
              <a href="/account/password">Change password</a>
            ) : (
              <a href="/forgot-password">Set a password by mail</a>
            )}
          </dd>
        </div>
        <div>
          <dt>App for codes</dt>
          {factor ? (
            <dd>
              <p>
                Added <LocalTime at={factor.addedAt} withTime={false} />. Every log-in needs one of its codes.
              </p>
              <a href="/account/security/app/remove">Remove the app</a>
            </dd>
          ) : (
            <dd>
              <p>None. With one, nobody gets in who only knows your password or only reads your mail.</p>
              <a href="/account/security/app">Add an app</a>
            </dd>
          )}
        </div>
        {factor && (
          <div>
            <dt>Recovery codes</dt>
            <dd>
              {factor.codesLeft === 0 ? "None left." : `${factor.codesLeft} of 10 left.`}
              {factor.codesLeft < 3 && " Make new ones before you need them."}
              <form action={renewCodesAction}>
                <SubmitButton look="quiet">Make new recovery codes</SubmitButton>
              </form>
            </dd>
          </div>
        )}
      </dl>
      <section aria-labelledby="passkeys">
        <h2 id="passkeys">Passkeys</h2>
        <p>Log in with the finger, face or PIN that unlocks your device. No password and no code are asked for then.</p>
        {passkeys.length > 0 && (
          <ul className="rows">
            {passkeys.map((each) => (
              <PasskeyItem key={each.id} passkey={each} remove={removePasskeyAction} allow={allowPasskeyAction} />
            ))}
          </ul>
        )}
        {known && (passkeys.length > 0 || notice === "passkey-removed") && <TellDevice {...known} />}
        <p>
          <a href="/account/security/passkeys/add">Add a passkey</a>
        </p>
      </section>
      <section aria-labelledby="app-passwords">
        <h2 id="app-passwords">App passwords</h2>
        <p>
          For a program that logs in with your password and cannot ask for a code. Each works for that kind of program
          only, never on these pages.
        </p>
        {appPasswords.length > 0 && (
          <ul className="rows">
            {appPasswords.map((each) => (
              <AppPasswordItem key={each.id} appPassword={each} action={removeAppPasswordAction} />
            ))}
          </ul>
        )}
        <p>
          <a href="/account/security/app-passwords/new">Make an app password</a>
        </p>
      </section>
      {browsers.length > 0 && (
        <section aria-labelledby="browsers">
          <h2 id="browsers">Browsers that are not asked for a code</h2>
          <ul className="rows">
            {browsers.map((browser) => (
              <BrowserItem key={browser.deviceId} browser={browser} action={forgetBrowserAction} />
            ))}
          </ul>
        </section>
      )}
      <p className="ways">
        <a href="/account">Back to your account</a>
      </p>
    </>
  );
}
