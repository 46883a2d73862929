/** One number a day, as bars, with the numbers themselves in a table behind. */
export function BarChart({
  title,
  hint,
  series,
}: {
  title: string;
  hint?: string;
  series: { day: number; count: number }[];
}) {
  const most = Math.max(1, ...series.map(({ count }) => count));
  const sum = series.reduce((all, { count }) => all + count, 0);
  const today = series.at(-1)?.count ?? 0;
  const said = `${title}: ${sum.toLocaleString("en")} in ${series.length} days, ${today.toLocaleString("en")} today, ${most.toLocaleString("en")} on the day with the most.`;
  return (
    <section className="chart">
      <h3>{title}</h3>
      <p>
        <b>{today.toLocaleString("en")}</b> today, {sum.toLocaleString("en")} in {series.length} days
      </p>
      <svg viewBox={`0 0 ${series.length * WIDTH} ${HEIGHT}`} role="img" aria-label={said} preserveAspectRatio="none">
        {series.map(({ day, count }, n) => {
          const height = count === 0 ? 0.5 : Math.max(1.5, (count / most) * HEIGHT);
          return <rect key={day} x={n * WIDTH + 0.75} y={HEIGHT - height} width={WIDTH - 1.5} height={height} />;
        })}
      </svg>
      {hint && <p className="hint">{hint}</p>}
      <details>
        <summary>
          The numbers<span className="unseen">: {title}</span>
        </summary>
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col">{title}</th>
            </tr>
          </thead>
          <tbody>
            {series.toReversed().map(({ day, count }) => (
              <tr key={day}>
                <th scope="row">{new Date(day).toISOString().slice(0, 10)}</th>
                <td>{count.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** Of a bar with the gap beside it, and of the highest. */
const WIDTH = 8;
const HEIGHT = 60;
