/** Whoever reads a verdict reads all of it: three kinds, and every guard, the session's own among them. */
import { expectType } from 'tsd';
import type { Admit, BuiltInGuard, Hold, Lapse, Merge, Refuse } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
import { match } from 'ts-pattern';

const session = await openSession({
  model: 'gpt-realtime-2.1',
  purposes: ['greeting'],
  guards: { 'after-hours': { shut: () => false, kind: 'terminal' }, takeover: (each) => each.id === 'taken' },
});
type Guard = BuiltInGuard | 'after-hours' | 'takeover';

const verdict = session.respond('greeting');
if (verdict.kind === 'admit') expectType<Admit<Guard>>(verdict);
if (verdict.kind === 'hold') expectType<readonly Guard[]>(verdict.by);
if (verdict.kind === 'hold') expectType<Admit<Guard> | Merge<Guard> | Refuse<Guard>>(await verdict.settled);
if (verdict.kind === 'refuse') expectType<Guard | Lapse>(verdict.by);

expectType<string>(
  match(verdict)
    .with({ kind: 'admit' }, () => 'spoken')
    .with({ kind: 'hold' }, ({ by }: Hold<Guard>) => by.join())
    .with({ kind: 'refuse' }, ({ message }) => message)
    .exhaustive(),
);
const withoutHold = match(verdict)
  .with({ kind: 'admit' }, () => 'spoken')
  .with({ kind: 'refuse' }, ({ message }) => message);
// @ts-expect-error: NonExhaustiveError
withoutHold.exhaustive();

// A merge is how a hold settles; no call is ever answered with one.
// @ts-expect-error: have no overlap
if (verdict.kind === 'merge') throw new Error();
if (verdict.kind === 'refuse' && verdict.by === 'after-hours') throw new Error();
// @ts-expect-error: have no overlap
if (verdict.kind === 'refuse' && verdict.by === 'after-midnight') throw new Error();
