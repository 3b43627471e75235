/**
 * Reads two hints out of the server's prose. Neither decides anything alone: later frames correct a wrong id, and a
 * wrong wait only delays a retry.
 */

/**
 * Reads the id of the response that holds the slot out of a conflict's message: "… in progress: resp_X. Wait until …".
 */
export const holderIn = (message: string): string | null => /\bresp_\w+/.exec(message)?.[0] ?? null;

const WAIT = /\btry again in ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/gi;
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
type Unit = keyof typeof UNITS;

/** Reads the wait in milliseconds out of a rate limit's message: "Please try again in 1m26.4s". Null: not given. */
export function waitIn(message: string | undefined): number | null {
  const said = message?.match(WAIT)?.[1];
  if (said === undefined) return null;
  let ms = 0;
  for (const [, amount, unit] of said.matchAll(PART)) ms += Number(amount) * UNITS[String(unit).toLowerCase() as Unit];
  return Math.ceil(ms);
}
