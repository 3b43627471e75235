import { describe, expect, it } from 'vitest';
import { create, machine, update } from './machine.js';

describe('the fault', () => {
  const speak = (server: ReturnType<typeof machine>) => {
    server.caller({ does: 'speaks', says: 'Hello.', ms: 500 });
    server.settle();
  };

  it('unknownTranscription: the name is taken, and every transcript fails', () => {
    const server = machine({ faults: { unknownTranscription: 'fails' } });
    server.send(update({ audio: { input: { transcription: { model: 'nowhere' } } } }));
    speak(server);
    expect(server.last('conversation.item.input_audio_transcription.failed').error.code).toBe('DeploymentNotFound');
    server.send(update({ audio: { input: { transcription: { model: 'whisper-1' } } } }));
    speak(server);
    expect(server.last('conversation.item.input_audio_transcription.completed').transcript).toBe('Hello.');
  });

  it.each([
    ['none', 'a history of text', 'audio'],
    ['after-text', 'nothing', 'audio'],
    ['after-text', 'a history of text', 'text'],
    ['all', 'nothing', 'text'],
  ] as const)('writtenAnswers: %s, after %s, is answered in %s', (writtenAnswers, history, answered) => {
    const server = machine({ faults: { writtenAnswers } });
    const content = [{ type: 'output_text', text: 'Earlier.' }];
    const told = { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content } };
    if (history !== 'nothing') server.send(told);
    server.send(create());
    server.settle();
    const { response } = server.last('response.done');
    expect(response).toMatchObject({ status: 'completed', output_modalities: ['audio'] });
    expect(response.output[0].content[0].type).toBe(`output_${answered}`);
    expect(server.all('response.output_audio.delta').length > 0).toBe(answered === 'audio');
  });

  it('noPing: pings can stop in the middle of a session, and begin again', () => {
    const server = machine({ pingEveryMs: 1000 });
    const pings = () => server.outputs.filter(({ type }) => type === 'ping').length;
    server.advance(2500);
    expect(pings()).toBe(2);
    server.faults({ noPing: true });
    server.advance(5000);
    expect(pings()).toBe(2);
    server.faults({ noPing: false });
    server.advance(1000);
    expect(pings()).toBe(3);
  });

  it('idleTimeouts: the silence after the answer to silence is noticed again, or not', () => {
    for (const [idleTimeouts, times] of [
      ['repeated', 3],
      ['once', 1],
    ] as const) {
      const server = machine({ faults: { idleTimeouts } });
      server.send(update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 6000 } } } }));
      for (let count = 0; count < 5; count += 1) server.reply({ items: [{ says: 'Hm?', ms: 1000 }] });
      server.send(create());
      server.advance(25_000);
      expect(server.all('input_audio_buffer.timeout_triggered')).toHaveLength(times);
    }
  });
});
