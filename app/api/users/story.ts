/** What a person who writes a client of this contract should know before the first call. */
export const usersStory = `
A user with the session just opened, and tokens that mean nothing to anyone but this server.

- \`signUp\` answers with a user whose session is of type 9; its \`token\` goes into the \`token\` header of \`verifyAuthorizationCode\`, together with the code that was mailed.
- \`login\` answers with a session of type 0. That token is what \`verifyAccessToken\` and \`logout\` take.
- An account may have a second factor. Its right password is then refused with 400, "A second factor is needed" and the header \`X-Latchkey-OTP: required\`; the same call with the code in \`X-Latchkey-OTP\` goes through.
- \`resetPassword\` answers with a session of type 8. Its token does nothing until the mailed code is given, either to \`verifyAuthorizationCode\` or as \`code\` together with the new password; then \`updatePassword\` takes it once. Otherwise anyone could set the password of any address.
- \`logout\`, \`verifyAccessToken\`, \`verifyAuthorizationCode\` and \`updatePassword\` answer with the user's id, as a bare JSON number.

A refusal is \`{"message"}\`, nearly always with status 400.
`.trim();
