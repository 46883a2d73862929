import type * as z from "zod/mini";
import type { FormState } from "./form-state.ts";

/** Fields whose value may go back into a page. A password never does, so this is a list of what may, not of what may not. */
const GIVEN_BACK = ["email", "code", "firstName", "lastName", "chosenUsername", "phoneNumber", "why", "until", "role"];

/** The posted fields judged by `schema`: what they mean, or the page to show instead. */
export function readForm<Values>(
  schema: z.ZodMiniType<Values>,
  form: FormData,
): { values: Values; refusal?: undefined } | { values?: undefined; refusal: FormState } {
  const result = schema.safeParse(Object.fromEntries(form));
  if (result.success) return { values: result.data };
  const errors: Record<string, string> = {};
  for (const issue of result.error.issues) errors[String(issue.path[0])] ??= issue.message;
  return { refusal: { errors, values: typedValues(form) } };
}

/** What was typed and may be shown again. */
export function typedValues(form: { get(name: string): unknown }): Record<string, string> {
  return Object.fromEntries(
    GIVEN_BACK.flatMap((name) => {
      const value = form.get(name);
      return typeof value === "string" ? [[name, value.slice(0, 400)]] : [];
    }),
  );
}
