import type { CodeOf, Contract, Endpoints, Served } from "#lib/contracts/endpoint.ts";
import { describeApi } from "#lib/contracts/openapi/describe.ts";
import type { Description } from "#lib/contracts/openapi/document.ts";
import { POST as flatAuthConfirm } from "./(flat)/auth_confirm/route.ts";
import { POST as flatConfirmCodeForgotPassword } from "./(flat)/confirm_code_forgot_password/route.ts";
import type { flatContract } from "./(flat)/contract.ts";
import { POST as flatForgotPassword } from "./(flat)/forgot_password/route.ts";
import { POST as flatLoginGoogle } from "./(flat)/login_google/route.ts";
import { POST as flatRefreshToken } from "./(flat)/refresh_token/route.ts";
import { POST as flatResendConfirmCode } from "./(flat)/resend_confirmcode/route.ts";
import { POST as flatReferenceEmail } from "./(flat)/send-mail/reference-email/route.ts";
import { GET as flatTemplateInviteMail } from "./(flat)/template-invite-mail/route.ts";
import { POST as flatUserLogin } from "./(flat)/user_login/route.ts";
import { POST as flatUserSignup } from "./(flat)/user_signup/route.ts";
import type { authContract } from "./auth/contract.ts";
import { POST as authLogin } from "./auth/login/route.ts";
import { POST as authLogout } from "./auth/logout/route.ts";
import { GET as authMe } from "./auth/me/route.ts";
import { POST as authForget } from "./auth/password/forget/route.ts";
import { POST as authReset } from "./auth/password/reset/route.ts";
import { POST as authRefresh } from "./auth/refresh/route.ts";
import { POST as authSignup } from "./auth/signup/route.ts";
import { POST as authVerify } from "./auth/verify/route.ts";
import type { usersContract } from "./users/contract.ts";
import { POST as usersLogin } from "./users/login/route.ts";
import { POST as usersLogout } from "./users/logout/route.ts";
import { POST as usersResetPassword } from "./users/resetPassword/route.ts";
import { POST as usersSignUp } from "./users/signUp/route.ts";
import { POST as usersUpdatePassword } from "./users/updatePassword/route.ts";
import { POST as usersVerifyAccessToken } from "./users/verifyAccessToken/route.ts";
import { POST as usersVerifyAuthorizationCode } from "./users/verifyAuthorizationCode/route.ts";

/**
 * Every endpoint of the contracts, in the order the API description tells them. A route that is missing here fails a test
 * (e2e/core/api-description.spec.ts).
 */
export const ENDPOINTS = {
  "/api/auth/signup": authSignup,
  "/api/auth/verify": authVerify,
  "/api/auth/login": authLogin,
  "/api/auth/refresh": authRefresh,
  "/api/auth/me": authMe,
  "/api/auth/logout": authLogout,
  "/api/auth/password/forget": authForget,
  "/api/auth/password/reset": authReset,

  "/api/users/signUp": usersSignUp,
  "/api/users/verifyAuthorizationCode": usersVerifyAuthorizationCode,
  "/api/users/login": usersLogin,
  "/api/users/verifyAccessToken": usersVerifyAccessToken,
  "/api/users/logout": usersLogout,
  "/api/users/resetPassword": usersResetPassword,
  "/api/users/updatePassword": usersUpdatePassword,

  "/api/user_signup": flatUserSignup,
  "/api/auth_confirm": flatAuthConfirm,
  "/api/resend_confirmcode": flatResendConfirmCode,
  "/api/user_login": flatUserLogin,
  "/api/login_google": flatLoginGoogle,
  "/api/refresh_token": flatRefreshToken,
  "/api/forgot_password": flatForgotPassword,
  "/api/confirm_code_forgot_password": flatConfirmCodeForgotPassword,
  "/api/send-mail/reference-email": flatReferenceEmail,
  "/api/template-invite-mail": flatTemplateInviteMail,
} satisfies Endpoints;

type Path = keyof typeof ENDPOINTS;
type AuthPath = Extract<Path, `/api/auth/${string}`>;
type UsersPath = Extract<Path, `/api/users/${string}`>;
/** The codes that these endpoints name, and the sentences of their contract that none of them can say. */
type Named<P extends Path> = P extends Path ? ((typeof ENDPOINTS)[P] extends Served<infer Code> ? Code : never) : never;
type Unheard<C extends Contract, P extends Path> = Exclude<CodeOf<C>, Named<P> | "busy">;
type Nothing<T extends never> = T;
/** A sentence that nobody can hear does not compile here; its code is in the complaint. */
export type NoneUnheard = [
  Nothing<Unheard<typeof authContract, AuthPath>>,
  Nothing<Unheard<typeof usersContract, UsersPath>>,
  Nothing<Unheard<typeof flatContract, Exclude<Path, AuthPath | UsersPath>>>,
];

let made: Description | undefined;

/** The description of this server's API (OpenAPI 3.1), made once. */
export function apiDescription(): Description {
  made ??= describeApi(ENDPOINTS);
  return made;
}
