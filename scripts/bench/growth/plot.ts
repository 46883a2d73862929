import type { Figures } from "./growth.ts";
import { WORK } from "./work.ts";

/** One picture of both engines: each line a kind of work, by how often it takes what it took with the fewest accounts. */

const WIDTH = 880;
const HEIGHT = 400;
const PANEL = { width: 330, height: 260, top: 60 };
const MOST = 2.5;
// Told apart by those who see no red from green, too, on white and on black.
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c8c8c"];
const NAMES: Record<string, string> = { sqlite: "SQLite", postgres: "PostgreSQL" };

export function plot(found: Record<string, Figures[]>): string {
  const panels = Object.entries(found).map(([engine, figures], n) =>
    panel(engine, figures, 70 + n * (PANEL.width + 80)),
  );
  const legend = WORK.map((what, n) => {
    const [x, y] = [70 + (n % 4) * 200, PANEL.top + PANEL.height + 50 + Math.floor(n / 4) * 22];
    return `<g transform="translate(${x} ${y})"><path d="M0 0h22" stroke="${COLOURS[n]}" stroke-width="3"/><text x="30" y="5">${what}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#767676">
<title>How long work takes as accounts grow, as a multiple of what it takes with the fewest</title>
${panels.join("\n")}
${legend.join("\n")}
</svg>
`;
}

function panel(engine: string, figures: Figures[], left: number): string {
  const { width, height, top } = PANEL;
  const [least, most] = [Math.log10(figures[0]?.size ?? 1), Math.log10(figures.at(-1)?.size ?? 10)];
  const x = (size: number) => left + ((Math.log10(size) - least) / (most - least)) * width;
  const y = (ratio: number) => top + height - (Math.min(ratio, MOST) / MOST) * height;
  const grid = [0, 0.5, 1, 1.5, 2, 2.5].map(
    (ratio) =>
      `<path d="M${left} ${y(ratio)}h${width}" stroke="#767676" stroke-width="${ratio === 1.5 ? 1.5 : 0.5}"${ratio === 1.5 ? ' stroke-dasharray="6 4"' : ""}/><text x="${left - 8}" y="${y(ratio) + 4}" text-anchor="end">${ratio}×</text>`,
  );
  const sizes = figures.map(
    ({ size }) =>
      `<text x="${x(size)}" y="${top + height + 20}" text-anchor="middle">10${powers(Math.log10(size))}</text>`,
  );
  const lines = WORK.map((what, n) => {
    const first = figures[0]?.times[what] ?? 1;
    const points = figures.map(
      ({ size, times }) => `${x(size).toFixed(1)},${y((times[what] ?? 0) / first).toFixed(1)}`,
    );
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${COLOURS[n]}" stroke-width="3"/>`;
  });
  return `<text x="${left}" y="${top - 20}" font-size="16">${NAMES[engine]}</text>
${[...grid, ...sizes, ...lines].join("\n")}`;
}

const powers = (power: number): string => `<tspan dy="-5" font-size="10">${Math.round(power)}</tspan>`;
