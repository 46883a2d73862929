import { render, toPlainText } from "react-email";
import { refusesMail } from "#db/mail-refusals.ts";
import type { Account, OutboxMail } from "#db/schema.ts";
import { findSessionOpenedAt } from "#db/sessions.ts";
import { TIME_TO_CHANGE_ONES_MIND } from "#lib/auth/accounts/delete-account.ts";
import { deviceName } from "#lib/auth/sessions/device-name.ts";
import { clock } from "#lib/clock.ts";
import { env } from "#lib/env.ts";
import { ownPages, page } from "./links.ts";
import type { Mail } from "./mail.ts";
import { withToken } from "./mailed-link.ts";
import { type Proof, proofFor } from "./proof.ts";
import { accountExists } from "./templates/account-exists.tsx";
import { addressChangeUndone } from "./templates/address-change-undone.tsx";
import { addressChanged } from "./templates/address-changed.tsx";
import { changeEmail } from "./templates/change-email.tsx";
import { deletion } from "./templates/deletion.tsx";
import { factorChanged } from "./templates/factor-changed.tsx";
import { googleLinked } from "./templates/google-linked.tsx";
import { invite } from "./templates/invite.tsx";
import type { Letter } from "./templates/letter.tsx";
import { linkProvider } from "./templates/link-provider.tsx";
import { newLogIn } from "./templates/new-log-in.tsx";
import { passwordChanged } from "./templates/password-changed.tsx";
import { resetPassword } from "./templates/reset-password.tsx";
import { verifyEmail } from "./templates/verify-email.tsx";

/**
 * Writes the mail for a row of the outbox as of its stamp, which also starts the lifetimes of its link and code. Returns
 * null when there is nothing left to say: it is no longer wanted (`proofFor`), or the address wants no invitations.
 */
export async function composeMail(row: OutboxMail): Promise<Mail | null> {
  // They may have said so while this one waited to be sent.
  if (row.template === "invite" && (await refusesMail(row.to))) return null;
  const stamp = row.stampedAt ?? row.createdAt;
  const proof = await proofFor(row, stamp);
  if (proof === null) return null;
  const { subject, body } = await letterFor(row, stamp, proof);
  const html = await render(body);
  return {
    id: row.id,
    stamp,
    to: row.to,
    subject,
    html,
    text: plainText(html),
    link: proof?.link ?? null,
    code: proof?.code ?? null,
    oneClickStop:
      row.template === "invite" && proof ? withToken(page("/invitation/stop/one-click"), proof.token) : undefined,
  };
}

async function letterFor(row: OutboxMail, stamp: number, proof: Proof | undefined): Promise<Letter> {
  switch (row.template) {
    case "verify-email": {
      const { token, ...rest } = proven(row, stamp, proof);
      return verifyEmail({ ...rest, disownLink: withToken(ownPages["verify-email"](), token) });
    }
    case "reset-password":
      return resetPassword(proven(row, stamp, proof));
    case "password-changed":
      return passwordChanged({ address: row.to, changedAt: row.createdAt, resetLink: page("/forgot-password") });
    case "invite":
      return invite(invited(row, stamp, proof));
    case "link-provider":
      return linkProvider(proven(row, stamp, proof));
    case "google-linked":
      return googleLinked({
        address: row.to,
        linkedAt: row.createdAt,
        accountLink: page("/account"),
        resetLink: page("/forgot-password"),
      });
    case "new-log-in":
      return newLogIn({
        address: row.to,
        device: await deviceOf(row),
        at: row.createdAt,
        activityLink: page("/account/activity"),
        resetLink: page("/forgot-password"),
      });
    case "factor-changed":
      return factorChanged({
        address: row.to,
        change: row.about ?? "",
        at: row.createdAt,
        securityLink: page("/account/security"),
        resetLink: page("/forgot-password"),
      });
    case "deletion":
      return deletion(row.about, {
        address: row.to,
        at: row.createdAt,
        until: row.createdAt + TIME_TO_CHANGE_ONES_MIND,
        logInLink: page("/login"),
        resetLink: page("/forgot-password"),
        signUpLink: page("/sign-up"),
      });
    case "account-exists":
      return accountExists({
        address: row.to,
        isOfChange: row.about === "change-email",
        logInLink: page("/login"),
        resetLink: page("/forgot-password"),
      });
    case "change-email":
      return changeEmail(proven(row, stamp, proof));
    case "address-changed":
      return addressChanged(changed(row, stamp, proof));
    case "address-change-undone":
      return addressChangeUndone({ address: row.to, at: row.createdAt, logInLink: page("/login") });
  }
}

/** What the device called itself that logged in when this notice was written down. */
async function deviceOf({ accountId, createdAt }: OutboxMail): Promise<string | null> {
  const session = accountId === null ? undefined : await findSessionOpenedAt(accountId, createdAt);
  return session ? deviceName(session.userAgent) : null;
}

/** The invitation as this person would send it now, for them to look at; its link leads nowhere yet. */
export async function previewInvitation(inviter: Pick<Account, "email">): Promise<string> {
  const linkExpiresAt = clock() + env().INVITE_LINK_TTL;
  const link = ownPages.invite();
  return render(invite({ inviter: inviter.email, link, linkExpiresAt, refuseLink: link }).body);
}

function invited(row: OutboxMail, stamp: number, proof: Proof | undefined) {
  if (!proof?.invitation) throw new Error(`A mail of template ${row.template} needs an invitation.`);
  const { token, link, invitation, inviter } = proof;
  const linkExpiresAt = invitation.linkExpiresAt ?? stamp;
  return { inviter, link, linkExpiresAt, refuseLink: withToken(page("/invitation/stop"), token) };
}

function changed(row: OutboxMail, stamp: number, proof: Proof | undefined) {
  if (!proof?.change) throw new Error(`A mail of template ${row.template} needs a changed address.`);
  const { change, link } = proof;
  return { address: row.to, at: change.changedAt, link, linkExpiresAt: change.linkExpiresAt ?? stamp };
}

function proven(row: OutboxMail, stamp: number, proof: Proof | undefined) {
  if (!proof?.challenge) throw new Error(`A mail of template ${row.template} needs a challenge.`);
  const { account, challenge, token, link, code } = proof;
  const { linkExpiresAt, codeExpiresAt } = challenge;
  return {
    address: row.to,
    // That of the sign-up which made the account: the owner of another sign-up must not take it for their own.
    username: challenge.signUpId === null ? account.username : null,
    token,
    link,
    code: code ?? "",
    stamp,
    linkExpiresAt: linkExpiresAt ?? stamp,
    codeExpiresAt: codeExpiresAt ?? stamp,
  };
}

function plainText(html: string): string {
  const text = toPlainText(html, {
    formatters: { linkBelowItsName },
    selectors: [
      { selector: "h1", options: { uppercase: false } },
      { selector: "a", format: "linkBelowItsName" },
      { selector: "hr", format: "skip" },
    ],
  });
  return `${text.trim().replace(/\n{3,}/g, "\n\n")}\n`;
}

/** What html-to-text (behind `toPlainText`) hands to a formatter; it brings no types. */
type TextLink = { children: unknown; attribs: { href: string } };
type TextBuilder = {
  addInline: (text: string, options?: { noWordTransform: boolean }) => void;
  addLineBreak: () => void;
};

// On a line of its own an address is easy to see whole, and no full stop ends up in it.
function linkBelowItsName(link: TextLink, walk: (nodes: unknown, to: TextBuilder) => void, builder: TextBuilder): void {
  walk(link.children, builder);
  builder.addInline(":");
  builder.addLineBreak();
  builder.addInline(link.attribs.href, { noWordTransform: true });
  builder.addLineBreak();
}
