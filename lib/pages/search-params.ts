/** What Next hands a page of its query string. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A parameter meant to be given once; of several, the first. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
