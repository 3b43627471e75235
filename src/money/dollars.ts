/** A dollar in nanodollars. */
const NANO = 1_000_000_000;

/** US dollars as whole nanodollars. */
export const nanoOf = (dollars: number): number => Math.round(dollars * NANO);

/** Nanodollars as people read them: `$0.0123`. */
export const inDollars = (nanoUsd: number): string => `$${(nanoUsd / NANO).toFixed(4)}`;
