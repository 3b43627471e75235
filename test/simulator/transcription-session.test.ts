import { describe, expect, it } from 'vitest';
import { create, machine, pcm, update } from './machine.js';

const listening = (faults = {}) => machine({ faults }, { intent: 'transcription' });
const settings = (input: object) => ({ type: 'session.update', session: { type: 'transcription', audio: { input } } });
const transcript = 'conversation.item.input_audio_transcription';

describe('a transcription session', () => {
  it('begins with what it has, and nothing about answers', () => {
    const { session } = listening().frames()[0];
    expect(session).toEqual({
      type: 'transcription',
      object: 'realtime.transcription_session',
      id: expect.stringMatching(/^sess_/),
      expires_at: expect.any(Number),
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24000 },
          transcription: null,
          noise_reduction: null,
          turn_detection: { type: 'server_vad', threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 200 },
        },
      },
      include: null,
    });
  });

  it('writes down what is said, turn by turn, and answers nothing, whatever is asked for', () => {
    const server = listening();
    const turn_detection = { type: 'server_vad', create_response: true, idle_timeout_ms: 5000 };
    server.send(settings({ transcription: { model: 'gpt-4o-transcribe' }, turn_detection }));
    server.advance(100);
    expect(server.last('session.updated').session.audio.input.turn_detection).not.toHaveProperty('create_response');
    server.forget();
    server.caller({ does: 'speaks', says: 'Hello.', ms: 500 });
    server.settle();
    expect(server.types()).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      `${transcript}.delta`,
      `${transcript}.delta`,
      `${transcript}.completed`,
    ]);
  });

  it.each(['gpt-realtime-whisper', 'gpt-live-transcribe'])('lets %s find no turns: the client commits', (model) => {
    const server = listening();
    expect(server.errorFor(settings({ transcription: { model } }))).toMatchObject({
      message: 'Turn detection is not supported for this transcription model.',
    });
    expect(server.errorFor(settings({ transcription: { model }, turn_detection: null }))).toBeUndefined();
    expect(server.errorFor(settings({ turn_detection: { type: 'server_vad' } }))).toBeDefined();
    server.send({ type: 'input_audio_buffer.append', audio: pcm(500) });
    server.send({ type: 'input_audio_buffer.commit' });
    server.settle();
    expect(server.types()).toContain(`${transcript}.completed`);
  });

  it('tells who has spoken where its model can', () => {
    const server = listening();
    server.send(settings({ transcription: { model: 'gpt-4o-transcribe-diarize' } }));
    server.caller({ does: 'speaks', says: 'Hello.', ms: 500 });
    server.settle();
    expect(server.last(`${transcript}.segment`)).toMatchObject({ speaker: 'A', text: 'Hello.', start: 0, end: 0.5 });
  });

  it('takes no event that asks for an answer, and no update of a conversation', () => {
    const server = listening();
    for (const event of [create(), { type: 'response.cancel' }]) {
      const error = server.errorFor(event);
      expect(error).toMatchObject({ code: 'invalid_value', param: 'type' });
      expect(error.message).not.toContain("'response.create', ");
    }
    expect(server.errorFor(update({}))).toMatchObject({
      code: 'invalid_parameter',
      message: 'Passing a realtime session update event to a transcription session is not allowed.',
    });
  });

  it('is still a conversation if the address names a model, and takes no transcription model', () => {
    const both = machine({}, { intent: 'transcription', model: 'gpt-realtime' });
    expect(both.frames()[0].session.type).toBe('realtime');
    const wrong = machine({}, { intent: 'transcription', model: 'gpt-4o-transcribe' });
    expect(wrong.last('error').error).toMatchObject({ code: 'invalid_model' });
  });

  it('is refused as an intent where the fault says so', () => {
    expect(listening({ transcriptionSessions: 'refused' }).last('error').error.code).toBe('invalid_intent');
    const brought = { session: { type: 'transcription' } };
    expect(machine({ faults: { transcriptionSessions: 'refused' } }, brought).last('error').error.code).toBe(
      'invalid_intent',
    );
  });
});
