import OpenAI from 'openai';
import { print } from '../../shared/terminal.js';
import { createApp } from '../app.js';
import { simulatedOpenAI } from './openai.js';

// Plays one call from the ringing to the hang-up. Needs no key.
const webhookSecret = `whsec_${Buffer.from('a secret of this example').toString('base64')}`;
const openai = await simulatedOpenAI({ webhookSecret, onRequest: (request) => print(`calls API: ${request}`) });
const { model } = openai;

const over = new Promise<void>((resolve) => {
  const client = new OpenAI({ apiKey: 'sk-simulated', baseURL: openai.baseURL, webhookSecret, maxRetries: 0 });
  const app = createApp({
    client,
    model: 'gpt-realtime-2.1',
    logLevel: 'silent',
    sideband: (callId) => ({ callId, url: model.url, apiKey: 'sk-simulated' }),
    onSession(callId, session) {
      print(`the control line of ${callId} is open`);
      session.on('response.output_audio_transcript.done', ({ transcript }) => print(`agent:  “${transcript}”`));
      session.on('output_audio_buffer.stopped', () => print('   and it has been heard'));
      const stop = session.on('output_audio_buffer.stopped', () => {
        stop();
        model.caller.speaks('Then I will come at eight. Thank you!', { ms: 1_500 });
      });
      session.on('input_audio_buffer.speech_started', () => print('the caller speaks'));
      void session.closed.then((ending) => {
        print(`over: ${JSON.stringify(ending)}`);
        void app.close().then(resolve);
      });
    },
  });
  model.says('Elm Road Cinema, good evening. Tonight we show one film, at eight.');
  model.calls('end_call');
  model.says('Enjoy the film, goodbye!');
  void app.listen({ host: '127.0.0.1', port: 0 }).then(async (address) => {
    print('webhook: realtime.call.incoming, rtc_1, signed');
    print(`webhook: answered with ${await openai.ring(`${address}/openai-webhook`, 'rtc_1')}`);
  });
});
await over;
await openai.close();
