/** A dollar in nanodollars. */
const NANO = 1_000_000_000;

/** Converts US dollars to whole nanodollars. */
export const nanoOf = (dollars: number): number => Math.round(dollars * NANO);

/** Formats nanodollars for people: `$0.0123`. */
export const inDollars = (nanoUsd: number): string => `$${(nanoUsd / NANO).toFixed(4)}`;
