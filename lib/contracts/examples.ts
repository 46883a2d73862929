/** The values that the examples of the API description share; none of them ever worked anywhere. */
export const EXAMPLE = {
  email: "ada@example.com",
  username: "ada",
  password: "seven wild plums at noon",
  newPassword: "nine quiet herons by dusk",
  code: "493817",
  redirectURL: "http://localhost:3000/account",
  sub: "0f2c9a1e-7c1b-4a53-9d0e-5b8f6f3a2d41",
  token: "557abf55-3964-4f4f-9002-8fcc99de863c",
  accessToken: "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIwZjJjOWExZSJ9.c2lnbmF0dXJl",
  refreshToken: "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI4Yjk3YTMwMiJ9.c2lnbmF0dXJl",
  idToken: "eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSJ9.c2lnbmF0dXJl",
  authToken: "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJkMjQ1YzZmMSJ9.c2lnbmF0dXJl",
} as const;
