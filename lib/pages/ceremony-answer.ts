import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

/** What an action of a passkey's ceremony answers to the page's script. */

/** It does not go on. */
export type CeremonyProblem = {
  problem: string;
  /** The passkey is nobody's: the device may stop offering it. */
  isUnknown?: boolean;
};

/** What the browser is to ask its person with. */
export type Asked<Options> = { options: Options } | CeremonyProblem;
export type ToShow = PublicKeyCredentialRequestOptionsJSON;
export type ToMake = PublicKeyCredentialCreationOptionsJSON;
