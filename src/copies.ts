/** Stands for this copy of the package: every other copy, of whatever version, has its own. */
const thisCopy = {};

const COPIES = Symbol.for('gated-realtime.copies');
type Shared = { [COPIES]?: Set<object> };

/** Notes that this copy of the package is in use. */
export function noteThisCopy(): void {
  ((globalThis as Shared)[COPIES] ??= new Set()).add(thisCopy);
}

/** What to add where an option is not known: it may be one of another version's. Empty where only one copy is in use. */
export function adviceOnCopies(): string {
  noteThisCopy();
  const count = (globalThis as Shared)[COPIES]?.size ?? 1;
  if (count < 2) return '';
  return ` There are ${count} copies of gated-realtime in this program, and they may be of different versions: \`npm ls gated-realtime\` shows them, \`npm dedupe\` leaves one.`;
}
