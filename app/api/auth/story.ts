/** What a person who writes a client of this contract should know before the first call. */
export const authStory = `
Two signed tokens (JWT), and links in mails that lead back to a page of yours.

- \`POST /auth/signup\` makes an account and mails a link. The link leads to your \`redirectURL\` with \`authToken\` added to its query; without a \`redirectURL\` it leads to this server's own page.
- Your page gives that \`authToken\` to \`POST /verify\` and has a token pair in return: the address is confirmed and the person is logged in. Opening the link uses nothing up, so mail scanners do no harm; \`POST /verify\` does, once.
- \`POST /auth/login\` answers with a pair from then on. The access token goes into \`Authorization: Bearer ...\`; anyone can check it with the keys at \`/.well-known/jwks.json\`.
- An account may have a second factor. Its right password is then refused with 403, "A second factor is needed" and the header \`X-Latchkey-OTP: required\`; the same call with the code in \`X-Latchkey-OTP\` goes through.
- An access token lives for minutes. \`POST /auth/refresh\` exchanges the refresh token for a new pair; keep the new refresh token, the old one is done with. Two requests that race within ten seconds are given the same pair. An old token that turns up later ends the session: it may have been stolen.
- \`POST /password/forget\` and \`POST /password/reset\` go the same way for a forgotten password. A reset ends every session of the account.

Pages that \`redirectURL\` may name must be on this server's list (\`REDIRECT_URLS\`); anything else is refused and nothing is mailed. The three paths with \`authToken\` or \`redirectURL\` as "Request Params" take their values as JSON, as a form, or in the query.

A refusal is \`{"message"}\`.
`.trim();
