/** A tool gets a voice without a choice of purpose, and the session without a voice. */
import { expectType } from 'tsd';
import { type AnySession, type RespondAs, tool, type Verdict } from 'gated-realtime';
import { z } from 'zod';

tool({
  name: 'end_call',
  description: 'Say goodbye and hang up.',
  parameters: z.object({}),
  run(_, call) {
    expectType<'end_call'>(call.name);
    expectType<AbortSignal>(call.signal);
    expectType<RespondAs>(call.respond);
    expectType<AnySession>(call.session);
    expectType<Verdict>(call.respond());
    call.respond({ response: { instructions: 'Say: one moment.' } });
    // @ts-expect-error: has no properties in common with type 'RespondOptions'
    call.respond('tool:save_lead');
    // @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
    call.session.respond('greeting');
    return call.session.hangup();
  },
});
