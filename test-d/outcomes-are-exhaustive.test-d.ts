/** How it ended is data, and whoever reads it reads every end. */
import { expectType } from 'tsd';
import type { ConfirmedSession, Lapse, ResponseOutcome } from 'gated-realtime';
import { match } from 'ts-pattern';

declare const session: ConfirmedSession<'greeting', 'closed' | 'loop'>;
const outcome = await session.respond('greeting').done;

expectType<ResponseOutcome<'closed' | 'loop'>>(outcome);
expectType<'completed' | 'cancelled' | 'incomplete' | 'failed' | 'lost' | 'unsent'>(outcome.status);
if (outcome.status === 'cancelled') expectType<'user' | 'client'>(outcome.by);
if (outcome.status === 'unsent') expectType<'closed' | 'loop' | Lapse>(outcome.by);

const told = match(outcome)
  .with({ status: 'completed' }, { status: 'incomplete' }, { status: 'cancelled' }, ({ text }) => text)
  .with({ status: 'failed' }, ({ error }) => error.message ?? 'failed')
  .with({ status: 'lost' }, ({ cause }) => cause.message);
expectType<string>(told.with({ status: 'unsent' }, ({ by }) => by).exhaustive());
// @ts-expect-error: NonExhaustiveError
told.exhaustive();

// Only what was said has a text.
if (outcome.status === 'completed') expectType<string>(outcome.text);
// @ts-expect-error: Property 'text' does not exist on type 'ResponseOutcome<
outcome.text;
