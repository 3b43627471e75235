/** A purpose is declared once; a misspelled one is not another. */
import { expectAssignable, expectType } from 'tsd';
import type { BuiltInGuard, ConfirmedSession, Verdict } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';

const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting', 'nudge'] });

expectAssignable<ConfirmedSession<'greeting' | 'nudge'>>(session);
expectType<Verdict<BuiltInGuard>>(session.respond('greeting'));
session.respond('nudge');
// @ts-expect-error: Argument of type '"greting"' is not assignable to parameter
session.respond('greting');
// @ts-expect-error: Expected 1-2 arguments, but got 0.
session.respond();

// A purpose computed at run time is not known to be one of them.
declare const computed: string;
const known = computed === 'nudge' ? computed : 'greeting';
session.respond(known);
// @ts-expect-error: Argument of type 'string' is not assignable to parameter
session.respond(computed);

// Where none are declared, any string goes.
const free = await openSession({ model: 'gpt-realtime-2.1' });
free.respond(computed);
expectType<ConfirmedSession<string, BuiltInGuard>>(free);
// @ts-expect-error: Argument of type 'number' is not assignable to parameter of type 'string'.
free.respond(1);

// A list that was widened on the way declares nothing.
const words: string[] = ['greeting'];
const widened = await openSession({ model: 'gpt-realtime-2.1', purposes: words });
widened.respond('anything');
