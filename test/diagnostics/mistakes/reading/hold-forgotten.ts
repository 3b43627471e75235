/**
 * Forgets the hold.
 *
 * Why: TypeScript says first what cannot be done, and what is missing in the line below: `Type
 * 'NonExhaustiveError<Hold<string>>' has no call signatures.`
 */
import type { Verdict } from 'gated-realtime';
import { match } from 'ts-pattern';

declare const verdict: Verdict;

const said = match(verdict)
  .with({ kind: 'admit' }, () => 'sent')
  .with({ kind: 'refuse' }, ({ message }) => message);

// wrong:
said.exhaustive();
