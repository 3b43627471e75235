import type { ResponseSpent, Spent, TokenUsage } from '../../types/index.js';
import { addTokens, noTokens } from '../money/usage.js';

/** Totals of usage and cost, for one account or for many. */
export type Account = Spent;

export const emptyAccount: Account = { count: 0, tokens: noTokens, nanoUsd: 0, unpriced: 0 };

/** One amount to add to an account. `nanoUsd` is null when the price is unknown. */
export interface Entry {
  readonly tokens: TokenUsage;
  readonly nanoUsd: number | null;
}

export const withEntry = ({ count, tokens, nanoUsd, unpriced }: Account, entry: Entry): Account => ({
  count: count + 1,
  tokens: addTokens(tokens, entry.tokens),
  nanoUsd: nanoUsd + (entry.nanoUsd ?? 0),
  unpriced: unpriced + (entry.nanoUsd === null ? 1 : 0),
});

/** Adds an entry to the account with this name. */
export function addTo(accounts: Map<string, Account>, name: string, entry: Entry): void {
  accounts.set(name, withEntry(accounts.get(name) ?? emptyAccount, entry));
}

/** The accounts of a session. */
export interface Accounts {
  total: Account;
  automatic: Account;
  transcription: Account;
  readonly byPurpose: Map<string, Account>;
  readonly byModel: Map<string, Account>;
  /** The most recent responses, by id. */
  readonly responses: Map<string, ResponseSpent>;
  /** The most recent items whose transcription has been counted. */
  readonly transcribed: Set<string>;
}

export const firstAccounts = (): Accounts => ({
  total: emptyAccount,
  automatic: emptyAccount,
  transcription: emptyAccount,
  byPurpose: new Map(),
  byModel: new Map(),
  responses: new Map(),
  transcribed: new Set(),
});
