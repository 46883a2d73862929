import { z } from "zod";
import type { AuthErrorCode } from "#lib/auth/errors.ts";
import { log } from "#lib/log.ts";
import type { BodyProblem } from "./body.ts";
import type { Contract, Endpoint, FieldError, Refusal } from "./endpoint.ts";

/** What every endpoint can be refused with, whatever it does; endpoint.ts answers with these, openapi/ describes them. */

export const BODY_REFUSALS: Record<BodyProblem, Refusal> = {
  malformed: { status: 400, message: "The body is not valid JSON" },
  too_large: { status: 413, message: "The body is larger than 16 KiB" },
  unsupported_type: { status: 415, message: "Send the body as application/json" },
};

/** The same in every contract, with the status it has for wrong credentials. */
export const SECOND_FACTOR_SENTENCES = {
  needed: "A second factor is needed",
  wrong: "The code of the second factor is wrong or was used already",
};

/** Where a caller gives the code of the second factor; a refusal that has it says that one is wanted. */
export const OTP_HEADER = "x-latchkey-otp";
export const isOfSecondFactor = (code: AuthErrorCode): boolean =>
  code === "second_factor_needed" || code === "second_factor_wrong";

export const OUR_FAULT = "Something went wrong on our side";

export const wrongMethod = (method: Endpoint["method"]): Refusal => ({
  status: 405,
  message: `Use ${method} for this path`,
});

export const allowedMethods = (method: Endpoint["method"]): string =>
  method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";

/** The body that says what is wrong with the values sent, field by field. Its status is 400. */
export function invalidBody(contract: Contract, error: z.ZodError): unknown {
  const found = error.issues.map((issue): FieldError => ({ field: issue.path.join("."), message: issue.message }));
  // What is wrong first is what is told: an empty list is "not a string", and not "missing" as well.
  const errors = found.filter(({ field }, n) => found.findIndex((one) => one.field === field) === n);
  const message = errors.map((one) => (one.field ? `${one.field} ${one.message}` : one.message)).join("; ");
  return contract.refusalBody(message, { errors });
}

/** For a code that an endpoint did not name: a fault of ours, and still a refusal. */
const UNFORESEEN: Refusal = { status: 403, message: "This request was refused" };

/** What a code is answered with here: the endpoint's own sentence, or its contract's. `email` is the address it may name. */
export function refusalTo(
  code: AuthErrorCode,
  { contract, refusals }: Pick<Endpoint, "contract" | "refusals">,
  email: string,
): Refusal {
  const refusal = refusals?.[code] ?? contract.refusals[code];
  if (!refusal) {
    log.error("refusal_without_words", { code, contract: contract.name });
    return UNFORESEEN;
  }
  return typeof refusal === "function" ? refusal({ email }) : refusal;
}

/** What any refusal may carry beside its sentence. */
export const refusalExtras = {
  errors: z
    .array(
      z.object({
        field: z.string().describe("The field's name; empty when the body as a whole is meant"),
        message: z.string().describe("What is wrong with it; reads on from its name"),
      }),
    )
    .optional()
    .describe("Only when values are missing or wrong: each of them"),
  requestId: z.string().optional().describe("Only with status 500: name it when you ask about it"),
};

/** The refusal of the contracts whose refusals are one sentence. */
export const messageRefusal = z.object({ message: z.string(), ...refusalExtras }).meta({ id: "Refusal" });

export const messageRefusalBody: Contract["refusalBody"] = (message, { errors, requestId }) => ({
  message,
  ...(errors && { errors }),
  ...(requestId && { requestId }),
});
