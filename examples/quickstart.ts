/**
 * A short telephone conversation: a greeting, a caller who interrupts it, a request that waits and is answered together
 * with the caller, one that is refused, and a goodbye that is heard to its end. It runs on the built-in simulated
 * server; with OPENAI_API_KEY set, the same conversation runs against the real one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigureError, ConnectError, userMessage } from 'gated-realtime';
import { listen } from 'gated-realtime/simulator';
import { openSession } from 'gated-realtime/ws';
import { microphone, recordedSpeech, spokenByOpenAI } from './quickstart/caller.js';
import { timeline } from './quickstart/timeline.js';
import { fail } from './shared/terminal.js';

const MODEL = 'gpt-realtime-2.1';
const apiKey = process.env['OPENAI_API_KEY'];

const server = apiKey ? null : await listen({ seed: 7 });
server?.says('Good morning, this is the flower shop on Market Street. Today we have roses, lilies and …', {
  ms: 9_000,
});
server?.says('Yes, we have tulips: red ones, and they came in fresh this morning.', { ms: 2_200 });
server?.says('Thank you for calling. Goodbye!', { ms: 1_200 });

const show = timeline();
try {
  await call();
} catch (error) {
  // Their messages say what to do, for example about a wrong key.
  fail(error instanceof ConnectError || error instanceof ConfigureError ? error.message : error);
} finally {
  await server?.close();
}

async function call(): Promise<void> {
  await using session = await openSession({
    model: MODEL,
    ...(server ? { url: server.url, apiKey: 'simulated' } : {}),
    session: {
      instructions: 'You answer the telephone of a flower shop. Be brief.',
      audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 300 } } },
    },
    purposes: ['greeting', 'stock', 'offer'],
  });
  show.follow(session);
  const caller = microphone(session);
  const say = apiKey ? spokenByOpenAI(apiKey) : recordedSpeech;

  // The greeting is asked for, admitted, and heard – until the caller speaks.
  const question = await say('Sorry, do you have any tulips?');
  const greeting = show.asked(
    'greeting',
    session.respond('greeting', {
      whenBlocked: 'hold-this-turn',
      response: { instructions: 'Greet the caller, and then read out, at length, all that the shop has today.' },
    }),
  );
  await session.once('audio');
  await sleep(300);
  const spoken = caller.says(question);
  await session.once('input_audio_buffer.speech_started');

  // Meanwhile the stock is looked up. The message is for the model. The request that follows must wait for the caller;
  // the server's own answer to the caller, which has seen the message by then, answers it too.
  session.send(userMessage('(Stock list: 40 red tulips, delivered this morning.)'));
  const stock = show.asked('stock', session.respond('stock'));
  await Promise.all([spoken, greeting.done]);

  // The model is speaking, and this offer is not worth waiting for, so it is refused.
  if (stock.kind === 'hold') await stock.settled;
  void session.respond('offer', { whenBlocked: 'refuse' });
  await stock.done;

  // From here on everything else is refused; the goodbye is heard to its end, and then the call ends.
  await session.hangup({ farewell: { instructions: 'Thank the caller and say goodbye, briefly.' } });
  await session.closed;
  void session.respond('offer');
  caller.hangsUp();
  show.sum(session);
}
