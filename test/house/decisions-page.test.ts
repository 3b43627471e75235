import { expect, test } from 'vitest';
import { simulate } from 'gated-realtime/simulator';
import type { Decision } from 'gated-realtime';
import { readPage } from '../guide/programs.js';

test('the page on decisions shows a decision as it is', async () => {
  const [, shown] = /^```json\n(.*?)^```$/ms.exec(readPage('docs/decisions.md'))!;
  const { session, server } = await simulate({ purposes: ['offer'] });
  const decided = session.once('decision');
  server.caller.speaks('Do you have tulips?', { ms: 1_200 });
  await session.once('input_audio_buffer.speech_started');
  session.respond('offer', { response: { instructions: 'Offer delivery.' } });
  const decision = { ...(await decided), sessionId: 'sess_…', responseId: 'resp_…', wallTime: 1_800_000_000_080 };
  expect(JSON.parse(shown!) as Decision).toEqual(decision);
});
