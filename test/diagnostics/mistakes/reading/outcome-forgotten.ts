/**
 * Forgets a way in which a response ends.
 *
 * Why: TypeScript says first what cannot be done; the line below names `NonExhaustiveError` and the outcome that
 * is missing.
 */
import type { ResponseOutcome } from 'gated-realtime';
import { match } from 'ts-pattern';

declare const outcome: ResponseOutcome;

const said = match(outcome)
  .with({ status: 'completed' }, { status: 'incomplete' }, { status: 'cancelled' }, ({ text }) => text)
  .with({ status: 'failed' }, ({ error }) => error.message)
  .with({ status: 'lost' }, ({ cause }) => cause.message);

// wrong:
said.exhaustive();
