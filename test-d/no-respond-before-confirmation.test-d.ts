/** L1, at compile time: what is not confirmed has nothing to respond with. */
import { expectType } from 'tsd';
import type { BuiltInGuard, Respond } from 'gated-realtime';
import { connect } from 'gated-realtime/ws';

const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
const confirmed = await unconfirmed.configure({ purposes: ['greeting'] });

expectType<Respond<'greeting', BuiltInGuard>>(confirmed.respond);
confirmed.respond('greeting');
// @ts-expect-error: Property 'respond' does not exist on type 'UnconfirmedSession'.
unconfirmed.respond('greeting');

confirmed.send({ type: 'input_audio_buffer.commit' });
// @ts-expect-error: Property 'send' does not exist on type 'UnconfirmedSession'.
unconfirmed.send({ type: 'input_audio_buffer.commit' });

confirmed.appendAudio('AAAA');
// @ts-expect-error: Property 'appendAudio' does not exist on type 'UnconfirmedSession'.
unconfirmed.appendAudio('AAAA');

await confirmed.update({ session: { instructions: 'Be brief.' } });
// @ts-expect-error: Property 'update' does not exist on type 'UnconfirmedSession'.
await unconfirmed.update({ session: { instructions: 'Be brief.' } });

// A promise of a confirmed session is not one yet.
const later = unconfirmed.configure({ purposes: ['greeting'] });
(await later).respond('greeting');
// @ts-expect-error: Property 'respond' does not exist on type 'Promise<ConfirmedSession<"greeting"
later.respond('greeting');
