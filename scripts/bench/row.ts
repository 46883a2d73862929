/** A figure, beside what it is compared with, and whether it is what it shall be. */
export type Row = { what: string; measured: string; beside: string; ratio?: string; target: string; isMet?: boolean };

/** At once: a later step that fails takes no figure with it. */
export function print(...table: Row[]): void {
  console.log("");
  for (const { what, measured, beside, ratio, target, isMet } of table) {
    const verdict = isMet === undefined ? "" : isMet ? "  met" : "  NOT MET";
    console.log(`  ${what}\n      ${measured}${beside && `   (${beside})`}${ratio ? `   ratio ${ratio}` : ""}`);
    if (target) console.log(`      target ${target}${verdict}`);
  }
}

export function say(what: string): void {
  console.log(`  measuring ${what}`);
}

export function compared(measured: number, beside: number, least: number): Pick<Row, "ratio" | "target" | "isMet"> {
  const ratio = measured / beside;
  return { ratio: ratio.toFixed(2), target: `>= ${least}`, isMet: ratio >= least };
}

export function mean(of: number[] = []): number {
  return of.reduce((sum, one) => sum + one, 0) / of.length;
}

/** The mean, and between what the rounds lay. */
export function spread(of: number[] = [], digits = 0): string {
  return `${mean(of).toFixed(digits)} (${Math.min(...of).toFixed(digits)} to ${Math.max(...of).toFixed(digits)})`;
}

// A refusal is answered faster than what was asked for: such figures would flatter.
export function refuseFailures(failures: Record<string, number>): void {
  if (Object.keys(failures).length > 0)
    throw new Error(`Not all calls were answered with 200: ${JSON.stringify(failures)}`);
}
