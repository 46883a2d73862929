export type Lifetimes = {
  /** All in ms since 1970; the lifetimes count from `stamp`. */
  stamp: number;
  linkExpiresAt: number;
  codeExpiresAt: number;
};

/** "The link works for 24 hours, until 4 March 2025 at 14:05 UTC. ...": how long, and for late readers until when. */
export function inWords({ stamp, linkExpiresAt, codeExpiresAt }: Lifetimes): string {
  const link = `The link works for ${span(linkExpiresAt - stamp)}, until ${dateInWords(linkExpiresAt)}.`;
  const code = `The code works for ${span(codeExpiresAt - stamp)}, until ${timeOf(codeExpiresAt)} UTC.`;
  return `${link} ${code} Use one of them, once.`;
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes > 48 * 60 && minutes % (24 * 60) === 0) return `${minutes / (24 * 60)} days`;
  if (minutes >= 60 && minutes % 60 === 0) return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** "4 March 2025 at 14:05 UTC". The reader's own time zone is not known. */
export const dateInWords = (time: number): string => `${dayOf(time)} at ${timeOf(time)} UTC`;

const part = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (time: number): string => format.format(time);
};

const dayOf = part({ day: "numeric", month: "long", year: "numeric" });
const timeOf = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
