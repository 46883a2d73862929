import { extractInfoFromServerReferenceId } from "next/dist/shared/lib/server-reference-info.js";

/**
 * What a form of ours looks like when it is posted to a server action. React decodes far more than that (promises, maps,
 * references from one part into another), fails with a 500 where it cannot, and its decoder has let strangers run code
 * before (CVE-2025-55182). So only forms get that far.
 *
 * An action takes nothing, the form, or what it answered last and then the form.
 */

const ID = "([0-9a-f]{42})";

/** Posted by the browser itself: the action stands among the fields. */
export function isPlainForm(form: FormData): boolean {
  if (!isTextOnly(form)) return false;
  const [first = "", ...others] = [...form.keys()].filter((name) => name.startsWith("$ACTION_"));
  const unbound = new RegExp(`^\\$ACTION_ID_${ID}$`).exec(first)?.[1];
  if (unbound) return others.length === 0 && isTakenAs(1, unbound);
  const number = /^\$ACTION_REF_(\d{1,3})$/.exec(first)?.[1];
  const [action, before] = [`$ACTION_${number}:0`, `$ACTION_${number}:1`];
  if (number === undefined || others.join() !== `${action},${before},$ACTION_KEY`) return false;
  const bound = new RegExp(`^\\{"id":"${ID}","bound":"\\$@1"\\}$`).exec(text(form, action))?.[1];
  const state = parsed(text(form, before));
  return bound !== undefined && isTakenAs(2, bound) && isList(state) && state.length === 1 && isPlainValue(state);
}

/** Posted by our script: the header names the action, the part "0" its arguments, and the form's fields stand beside. */
export function isFetchedForm(action: string, parts: FormData): boolean {
  const args = parsed(text(parts, "0"));
  if (!new RegExp(`^${ID}$`).test(action) || !isTextOnly(parts) || !isList(args)) return false;
  const last = args.at(-1);
  const form = typeof last === "string" ? /^\$K([0-9a-f]{1,4})$/.exec(last)?.[1] : undefined;
  const fields = [...parts.keys()].filter((name) => name !== "0");
  // Every form has at least one field: the one that names its action.
  const isOneForm = fields.every((name) => name.startsWith(`_${form}_`)) && fields.length > 0 === (form !== undefined);
  if (!isOneForm || parts.getAll("0").length !== 1) return false;
  const before = form === undefined ? args : args.slice(0, -1);
  return before.length <= 1 && isPlainValue(before) && isTakenAs(form === undefined ? 0 : args.length, action);
}

/** Whether the action takes its form at this place among its arguments (0: there is no form), or takes nothing. */
function isTakenAs(place: number, id: string): boolean {
  // Next writes into an action's id which arguments it takes.
  const takes = extractInfoFromServerReferenceId(id).usedArgs.lastIndexOf(true) + 1;
  return takes === 0 || takes === place;
}

const MOST_DEPTH = 5;

/** Only values that React reads as JSON does. React marks all others with a dollar sign, and a real dollar sign with two. */
function isPlainValue(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return !value.startsWith("$") || value.startsWith("$$") || value === "$undefined";
  if (typeof value !== "object" || value === null) return true;
  return depth < MOST_DEPTH && Object.values(value).every((one) => isPlainValue(one, depth + 1));
}

const MOST_FIELDS = 100;

/** No files, no more fields than a form of ours has, and no names that two parsers might read differently. */
const isTextOnly = (form: FormData): boolean =>
  [...form].length <= MOST_FIELDS &&
  [...form].every(([name, value]) => typeof value === "string" && !/[\0-\x1f\x7f]/.test(name));
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const text = (form: FormData, name: string): string => String(form.get(name));

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
