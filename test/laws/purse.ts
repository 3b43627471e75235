/** What a client can know of its money, computed independently from the usage that it has read and from its limits. */
import { field, isObject, text, type Entry, type Frame } from './wire-log.js';

/** Amounts in nanodollars. */
export interface Allowance {
  readonly limit: number | null;
  readonly reserve: number;
  /** The minimum estimate for a response in flight. */
  readonly perResponse: number;
  readonly shared: 'yes' | 'no';
}

export interface Purse {
  readonly allowance: Allowance;
  limit: number | null;
  leased: number;
  spent: number;
  readonly counted: string[];
}

export const firstPurse = (allowance: Allowance): Purse => ({
  allowance,
  limit: allowance.limit,
  leased: 0,
  spent: 0,
  counted: [],
});

/** Takes the usage in a frame, or a limit from the user. */
export function notePurse(purse: Purse, entry: Entry): void {
  if (entry.kind === 'allowed') purse.limit = entry.limit;
  if (entry.kind === 'leased') purse.leased += entry.nanoUsd;
  if (entry.kind === 'read' && entry.frame.type === 'response.done') noteUsage(purse, entry.frame);
}

function noteUsage(purse: Purse, frame: Frame): void {
  const id = text(frame, 'response.id');
  const usage = field(frame, 'response.usage');
  if (id === null || !isObject(usage) || purse.counted.includes(id)) return;
  purse.counted.push(id);
  purse.spent += costOf(usage);
}

const tokens = (usage: unknown, path: string): number => Number(field(usage, path) ?? 0);

/** The cost by the prices of gpt-realtime-2.1, written out. */
function costOf(usage: unknown): number {
  const cached = (kind: string): number =>
    Math.min(tokens(usage, `input_token_details.cached_tokens_details.${kind}_tokens`), input(kind));
  const input = (kind: string): number => tokens(usage, `input_token_details.${kind}_tokens`);
  const output = (kind: string): number => tokens(usage, `output_token_details.${kind}_tokens`);
  const words = (input('text') - cached('text')) * 4_000 + cached('text') * 400 + output('text') * 24_000;
  const audio = (input('audio') - cached('audio')) * 32_000 + cached('audio') * 400 + output('audio') * 64_000;
  const image = (input('image') - cached('image')) * 5_000 + cached('image') * 500;
  return words + audio + image;
}

/** Whether one more response would not fit, with this many in flight. */
export function isEmpty({ allowance, limit, leased, spent }: Purse, inFlight: number, purpose: string): boolean {
  const means = Math.min(limit ?? Infinity, allowance.shared === 'yes' ? leased : Infinity);
  const isGoodbye = purpose === 'farewell' || purpose.endsWith('-apology');
  const needed = allowance.reserve + (isGoodbye ? 0 : allowance.perResponse);
  return spent + inFlight * allowance.perResponse + needed > means;
}
