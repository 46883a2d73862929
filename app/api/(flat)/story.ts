/** What a person who writes a client of this contract should know before the first call. */
export const flatStory = `
A username and a mailed code, and one envelope round every answer: \`{"message", "data", "error"}\`.

- \`user_signup\` makes an account and mails a code; \`auth_confirm\` takes the code.
- \`user_login\` puts the access token into the header \`x-amzn-remapped-authorization\`, and with the rest into \`data\`. Where a username is asked for, the account's e-mail address does as well.
- An account may have a second factor. Its right password is then refused with 401, "A second factor is needed" and the header \`X-Latchkey-OTP: required\`; the same call with the code in \`X-Latchkey-OTP\` goes through.
- \`refresh_token\` gives a new access token. The refresh token stays the same until its session ends, and works only with the username it was given to.
- \`forgot_password\` mails a code; \`confirm_code_forgot_password\` takes it with the new password, and ends every session of the account.
- \`login_google\` does what \`user_login\` does, for anyone Google vouches for. Its answer spells \`resfresh_token\` as its document does, and has \`refresh_token\` too.
- \`send-mail/reference-email\` invites someone by mail, in the name of an account; \`template-invite-mail\` shows that mail.

\`access_key\`, \`secret_key\` and \`session_key\` are temporary AWS credentials where this server has a role to ask for them, and empty where it has none.

A refusal has the same envelope with \`"error": true\`, and a status that says so too: a client may read either.
`.trim();
