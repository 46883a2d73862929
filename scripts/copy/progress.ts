/** A bar on a terminal, and nothing where nobody watches: a log has no use for it. */
export function progress(total: number) {
  let done = 0;
  let shownAt = 0;
  const show = (isLast = false) => {
    if (!process.stderr.isTTY || (!isLast && performance.now() - shownAt < 100)) return;
    shownAt = performance.now();
    const part = total === 0 ? 1 : Math.min(1, done / total);
    const bar = "#".repeat(Math.round(part * 30)).padEnd(30, ".");
    process.stderr.write(`\r  [${bar}] ${Math.floor(part * 100)} %  ${done.toLocaleString("en")} rows read`);
  };
  return {
    went(rows: number): void {
      done += rows;
      show();
    },
    end(): void {
      show(true);
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
