/** A budget is amounts of money, and what becomes of the server's own answers; what a session used can be read, and not written. */
import { expectAssignable, expectNotAssignable, expectType } from 'tsd';
import { plan, publishedPrices, sharedBudget, type Budget, type ConfirmedSession, type Ledger } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting'>;

expectAssignable<Budget>({ limit: 0.5, warnAt: 0.4, reserve: 0.05, atLimit: 'stop-answering' });
expectAssignable<Budget>({ store: sharedBudget({ limit: 20, each: 'day' }) });
// A store may live elsewhere.
expectAssignable<Budget>({ store: { lease: async ({ nanoUsd }) => nanoUsd, settle: async () => undefined } });
expectNotAssignable<Budget>({ limit: '0.50' });
expectNotAssignable<Budget>({ limit: 1, atLimit: 'explode' });

plan({ budget: { limit: 1 }, prices: publishedPrices });
// @ts-expect-error: 'limits' does not exist in type
plan({ budget: { limits: 1 } });
session.setBudget({ limit: 2 });
// @ts-expect-error: Property 'limit' is missing
session.setBudget({});

expectType<Ledger>(session.ledger);
// @ts-expect-error: read-only
session.ledger.total.nanoUsd = 0;
// A response whose price nobody knows has none, and no number stands for it.
expectType<number | null>(session.ledger.responses[0]!.nanoUsd);

const verdict = session.respond('greeting');
if (verdict.kind === 'refuse' && verdict.by === 'over-budget') expectType<'over-budget'>(verdict.by);
// No type lets a request override its budget.
// @ts-expect-error: Type '"over-budget"' is not assignable to type 'OverridableGuard'
session.respond('greeting', { override: ['over-budget'] });
