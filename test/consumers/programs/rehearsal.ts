/** A test of an agent on the simulated server, in memory. */
import { plan } from 'gated-realtime';
import { simulate } from 'gated-realtime/simulator';

export async function rehearsal(): Promise<void> {
  const { session, server } = await simulate(plan({ purposes: ['greeting'] }));
  server.caller.speaks('Hello? Is anyone there?', { ms: 1_200 });
  await session.once('input_audio_buffer.speech_started');
  const verdict = session.respond('greeting', { whenBlocked: 'hold-this-turn' });
  const by = verdict.kind === 'hold' ? verdict.by.join() : verdict.kind;
  await session.close();
  if (by !== 'user-speaking') throw new Error(by);
}
