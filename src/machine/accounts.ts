import type { ResponseSpent, Spent, TokenUsage } from '../../types/index.js';
import { type Entries, type Members, noEntries, noMembers, put } from '../collections.js';
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

export type ByName = Entries<string, Account>;

/** The accounts with an entry more in the one with this name. */
export const addTo = (accounts: ByName, name: string, entry: Entry): ByName =>
  put(accounts, name, withEntry(accounts.get(name) ?? emptyAccount, entry));

/** The accounts of a session. */
export interface Accounts {
  total: Account;
  automatic: Account;
  transcription: Account;
  byPurpose: ByName;
  byModel: ByName;
  /** The most recent responses, by id. */
  responses: Entries<string, ResponseSpent>;
  /** The most recent items whose transcription has been counted. */
  transcribed: Members<string>;
}

export const firstAccounts = (): Accounts => ({
  total: emptyAccount,
  automatic: emptyAccount,
  transcription: emptyAccount,
  byPurpose: noEntries,
  byModel: noEntries,
  responses: noEntries,
  transcribed: noMembers,
});
