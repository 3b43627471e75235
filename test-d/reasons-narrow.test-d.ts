/** `by` says why, and narrows wherever it is matched: in a verdict, in its record, in an outcome. */
import { expectType } from 'tsd';
import type { BuiltInGuard, ConfirmedSession, Lapse, VerdictRecord } from 'gated-realtime';
import { match, P } from 'ts-pattern';

type Guard = BuiltInGuard | 'after-hours';
declare const session: ConfirmedSession<'greeting', Guard>;
declare const record: VerdictRecord;

const verdict = session.respond('greeting');
expectType<'admit' | 'hold' | Guard | Lapse>(
  match(verdict)
    .with({ kind: P.union('admit', 'hold') }, ({ kind }) => kind)
    .with({ kind: 'refuse', by: P.union('closed', 'closing') }, ({ by }) => {
      expectType<'closed' | 'closing'>(by);
      return by;
    })
    // What has been matched is left out of what is still to come: of what is nested, once `narrow()` says so.
    .narrow()
    .with({ kind: 'refuse', by: P.not('loop') }, ({ by }) => {
      expectType<Exclude<Guard | Lapse, 'closed' | 'closing' | 'loop'>>(by);
      return by;
    })
    .with({ kind: 'refuse' }, ({ by }) => by)
    .exhaustive(),
);

if (record.verdict === 'refuse') expectType<'unsent'>(record.outcome);
else expectType<null>(record.by);
match(record)
  .with({ verdict: 'refuse', by: 'user-speaking' }, ({ by }) => expectType<'user-speaking'>(by))
  .with({ verdict: 'refuse' }, ({ by, outcome }) => [by.toUpperCase(), outcome])
  .with({ verdict: P.union('admit', 'merge') }, ({ by }) => expectType<null>(by))
  .exhaustive();
// @ts-expect-error: have no overlap
if (record.verdict === 'hold') throw new Error();

match(await verdict.done)
  .with({ status: 'unsent', by: 'after-hours' }, ({ by }) => expectType<'after-hours'>(by))
  .with({ status: 'cancelled', by: 'user' }, ({ by }) => expectType<'user'>(by))
  .otherwise(() => undefined);
