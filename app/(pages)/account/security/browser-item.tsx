import { LocalTime } from "#components/local-time.tsx";
import { SubmitButton } from "#components/submit-button.tsx";
import type { TrustedBrowser } from "#lib/auth/factors/authenticator/trusted-browsers.ts";
import { deviceName } from "#lib/auth/sessions/device-name.ts";

export function BrowserItem({
  browser,
  action,
}: {
  browser: TrustedBrowser;
  action: (form: FormData) => Promise<void>;
}) {
  const name = deviceName(browser.userAgent);
  return (
    <li>
      <div>
        <p className="device">{name}</p>
        <p className="hint">
          Until <LocalTime at={browser.expiresAt} withTime={false} />
        </p>
      </div>
      <form action={action}>
        <input type="hidden" name="browser" value={browser.deviceId} />
        <SubmitButton look="quiet">
          Ask again
          <span className="unseen"> on {name}</span>
        </SubmitButton>
      </form>
    </li>
  );
}
