import { finishGoogleLogInHere } from "#lib/pages/google-redirects.ts";

/** Where the provider sends the browser back to. */
export const GET = finishGoogleLogInHere;
