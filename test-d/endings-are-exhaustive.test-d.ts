/** How a session ended is data; whoever reads it reads every end, and whether the carrier's leg was ended. */
import { expectType } from 'tsd';
import { type AnySession, type Ending, type HangUpReason, plan, type ResponseHandle } from 'gated-realtime';
import { match } from 'ts-pattern';

declare const session: AnySession;
declare const handle: ResponseHandle;

const ending = await session.closed;
expectType<Ending>(ending);
if (ending.kind === 'hung-up') expectType<'failed' | 'unanswered' | undefined>(ending.leg);
// @ts-expect-error: Property 'leg' does not exist on type
ending.leg;

const told = match(ending)
  .with({ kind: 'closed' }, { kind: 'expired' }, { kind: 'caller-hung-up' }, ({ kind }) => kind)
  .with({ kind: 'hung-up' }, ({ farewell }) => farewell);
expectType<string>(told.with({ kind: 'lost' }, ({ reason }) => reason).exhaustive());
// @ts-expect-error: NonExhaustiveError
told.exhaustive();

plan({
  hangUp: (why) => {
    expectType<HangUpReason>(why);
    return Promise.resolve();
  },
});
expectType<'asked' | 'failure' | 'budget' | 'lost' | 'expired'>({} as HangUpReason);

expectType<'heard' | 'cut' | 'none'>(await handle.heard);
expectType<string | null>(handle.requestId);
const outcome = await handle.done;
if (outcome.status === 'completed') expectType<number | null>(outcome.audioMs);
// @ts-expect-error: Property 'audioMs' does not exist on type
outcome.audioMs;
