/** Identifies this copy of the package; every other loaded copy, of any version, has its own object. */
const thisCopy = {};

const COPIES = Symbol.for('gated-realtime.copies');
type Shared = { [COPIES]?: Set<object> };

/** Registers this copy of the package as loaded. */
export function noteThisCopy(): void {
  ((globalThis as Shared)[COPIES] ??= new Set()).add(thisCopy);
}

/** Advice for an unknown option, which may belong to another version. Empty while only one copy is loaded. */
export function adviceOnCopies(): string {
  noteThisCopy();
  const count = (globalThis as Shared)[COPIES]?.size ?? 1;
  if (count < 2) return '';
  return ` There are ${count} copies of gated-realtime in this program, and they may be of different versions: \`npm ls gated-realtime\` shows them, \`npm dedupe\` leaves one.`;
}
