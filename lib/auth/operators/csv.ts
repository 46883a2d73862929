/**
 * Comma-separated values (RFC 4180) for people who open them in a spreadsheet. One takes a cell that begins with `=`, `+`, `-` or `@` for a
 * formula, whatever quotes stand round it, and formulas can send what is in the sheet elsewhere. Strangers choose their names, so such a
 * cell gets an apostrophe before it: spreadsheets then show it as it is written.
 */

/** Also in the full width that some of them read alike, and behind what does not show. */
const FORMULA = /^[\s\p{C}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(",")}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  return `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}
