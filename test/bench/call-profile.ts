/** Where the time of a call centre goes: of ours, and of a bare loop. */
import { FRAMES, openCentre, WINDOW_MS, type Who } from './calls.js';
import { BARE } from './contenders.js';
import { markdown } from './measure.js';
import type { Shares } from './profile.js';
import { OURS } from './row.js';

const WARM = 20;
const WINDOWS = 30;
const whose = [OURS, BARE] as const;

export interface CallProfile {
  readonly size: number;
  /** Microseconds for one frame in and one out, by part. */
  readonly found: Readonly<Record<(typeof whose)[number], Shares>>;
}

export async function callProfile(size = 200): Promise<CallProfile> {
  const centre = await openCentre(size, whose);
  const shares = async (who: Who): Promise<Shares> => {
    for (let count = 0; count < WARM; count++) await centre.play(who);
    await centre.ask(who, 'profile');
    for (let count = 0; count < WINDOWS; count++) await centre.play(who);
    const all = await centre.ask<Shares>(who, 'shares');
    const frames = (size * FRAMES * WINDOW_MS * WINDOWS) / 1_000;
    return Object.fromEntries(Object.entries(all).map(([part, us]) => [part, us / frames]));
  };
  const found = { [OURS]: await shares(OURS), [BARE]: await shares(BARE) };
  centre.close();
  return { size, found };
}

export function callProfileTable({ size, found }: CallProfile): string {
  const [mine, theirs] = [found[OURS], found[BARE]];
  const parts = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  const us = (value: number | undefined): string => `${(value ?? 0).toFixed(2)} µs`;
  const rows = parts
    .sort((one, other) => (mine[other] ?? 0) - (mine[one] ?? 0))
    .map((part) => [part, us(mine[part]), us(theirs[part])]);
  const sum = (shares: Shares): string => us(Object.values(shares).reduce((all, each) => all + each, 0));
  return markdown([
    [`a frame in and a frame out, of ${size} calls`, OURS, BARE],
    ...rows,
    ['all', sum(mine), sum(theirs)],
  ]);
}
