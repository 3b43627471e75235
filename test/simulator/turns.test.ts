import { describe, expect, it } from 'vitest';
import { create, machine, pcm, update, userText } from './machine.js';

const detection = (given: object) => update({ audio: { input: { turn_detection: given } } });
const turn = [
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.committed',
  'conversation.item.added',
  'conversation.item.done',
];

describe('a turn of the caller', () => {
  it('runs in the exact order, its last five in one instant, under one item id', () => {
    const server = machine();
    server.forget();
    server.caller({ does: 'speaks', says: 'Hi.', ms: 1500 });
    server.advance(1499);
    expect(server.types()).toEqual(['input_audio_buffer.speech_started']);
    server.advance(1);
    expect(server.types().slice(1)).toEqual([...turn, 'response.created']);
    const ids = server
      .frames()
      .slice(0, 5)
      .map((event) => event.item_id ?? event.item.id);
    expect(new Set(ids).size).toBe(1);
  });

  it('counts its start with the padding, so that it may lie before the end of the turn before', () => {
    const server = machine();
    server.send(detection({ type: 'server_vad', interrupt_response: false }));
    server.advance(980);
    server.caller({ does: 'speaks', says: 'One.', ms: 500 });
    server.caller({ does: 'speaks', says: 'Two.', ms: 500 });
    server.settle();
    const [first, second] = server.all('input_audio_buffer.speech_started');
    const [end] = server.all('input_audio_buffer.speech_stopped');
    expect(first.audio_start_ms).toBe(700);
    expect(end.audio_end_ms).toBe(1500);
    expect(second.audio_start_ms).toBeLessThan(end.audio_end_ms);
  });

  it('brings events and no response where responses are not wanted', () => {
    const server = machine();
    server.send(detection({ type: 'server_vad', create_response: false }));
    server.settle();
    server.forget();
    server.caller({ does: 'speaks', says: 'Hi.', ms: 500 });
    server.settle();
    expect(server.types()).toEqual(['input_audio_buffer.speech_started', ...turn]);
  });

  it('goes unnoticed without voice detection', () => {
    const server = machine();
    server.send(update({ audio: { input: { turn_detection: null } } }));
    server.settle();
    server.forget();
    server.caller({ does: 'begins' });
    server.caller({ does: 'ends' });
    server.settle();
    expect(server.types()).toEqual([]);
  });

  it('begins once, however often they begin', () => {
    const server = machine();
    server.caller({ does: 'begins' });
    server.caller({ does: 'begins' });
    server.caller({ does: 'ends' });
    server.caller({ does: 'ends' });
    expect(server.all('input_audio_buffer.speech_started')).toHaveLength(1);
    expect(server.all('input_audio_buffer.committed')).toHaveLength(1);
  });

  it('is forgotten when voice detection is switched off in its middle', () => {
    const server = machine();
    server.caller({ does: 'begins' });
    server.send(update({ audio: { input: { turn_detection: null } } }));
    server.caller({ does: 'ends' });
    server.settle();
    expect(server.types()).not.toContain('input_audio_buffer.speech_stopped');
  });

  it('can be committed by the client in its middle, with its item id and without a response', () => {
    const server = machine();
    server.caller({ does: 'begins' });
    server.advance(500);
    server.send({ type: 'input_audio_buffer.commit' });
    server.settle();
    server.caller({ does: 'ends' });
    server.settle();
    expect(server.last('input_audio_buffer.committed').item_id).toBe(
      server.last('input_audio_buffer.speech_started').item_id,
    );
    expect(server.types()).not.toContain('response.created');
    expect(server.types()).not.toContain('input_audio_buffer.speech_stopped');
  });

  it('leaves nothing for the client to commit after it', () => {
    const server = machine();
    server.caller({ does: 'speaks', says: 'Hi.', ms: 500 });
    server.advance(500);
    expect(server.errorFor({ type: 'input_audio_buffer.commit' })).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
    });
  });

  it('does not cut what was created after it began, and is then not answered by itself', () => {
    const server = machine();
    server.caller({ does: 'begins' });
    server.send(create());
    server.advance(500);
    server.caller({ does: 'ends' });
    server.settle();
    expect(server.all('response.created')).toHaveLength(1);
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it('lets keys be pressed, in the one event without an id', () => {
    const server = machine();
    server.caller({ does: 'presses', key: '5' });
    const event = server.last('input_audio_buffer.dtmf_event_received');
    expect(event).toEqual({ type: event.type, event: '5', received_at: 1_790_000_000 });
  });
});

describe('transcription', () => {
  const transcribing = (model = 'whisper-1') => {
    const server = machine();
    server.send(update({ audio: { input: { transcription: { model } } } }));
    server.settle();
    server.forget();
    return server;
  };

  it('comes late, in between whatever else is said, paid by the second or by the token', () => {
    for (const [model, usage] of [
      ['gpt-realtime-whisper', { type: 'duration', seconds: 2 }],
      ['gpt-4o-mini-transcribe', { type: 'tokens', total_tokens: 25, input_tokens: 20, output_tokens: 5 }],
    ] as const) {
      const server = transcribing(model);
      server.caller({ does: 'speaks', says: 'Hello there.', ms: 2000 });
      server.advance(2000);
      expect(server.types()).not.toContain('conversation.item.input_audio_transcription.completed');
      server.settle();
      const completed = server.last('conversation.item.input_audio_transcription.completed');
      expect(completed).toMatchObject({ transcript: 'Hello there.', usage });
      const deltas = server.all('conversation.item.input_audio_transcription.delta');
      expect(deltas.map(({ delta }) => delta).join('')).toBe('Hello there.');
      const types = server.types();
      expect(types.indexOf(completed.type)).toBeGreaterThan(types.indexOf('response.created'));
    }
  });

  it('may begin before the commit and end after the response, where the script says so', () => {
    const server = transcribing();
    server.reply({ items: [{ says: 'Yes.', ms: 250 }] });
    server.caller({
      does: 'speaks',
      says: 'Hm',
      ms: 1000,
      transcript: { deltas: [{ at: 300, text: 'Hm' }], doneAt: 9000 },
    });
    server.settle();
    const types = server.types();
    expect(types.indexOf('conversation.item.input_audio_transcription.delta')).toBe(1);
    expect(types.at(-1)).toBe('conversation.item.input_audio_transcription.completed');
  });

  it('may fail', () => {
    const server = transcribing();
    server.caller({ does: 'speaks', says: 'Hm', ms: 1000, transcriptionFails: 'DeploymentNotFound' });
    server.settle();
    expect(server.last('conversation.item.input_audio_transcription.failed')).toMatchObject({
      content_index: 0,
      error: { code: 'DeploymentNotFound' },
    });
  });

  it('does not happen where nobody asked for it', () => {
    const server = machine();
    server.caller({ does: 'speaks', says: 'Hello.', ms: 500 });
    server.settle();
    expect(server.types().filter((type) => type.includes('transcription'))).toEqual([]);
  });
});

describe('the idle timeout', () => {
  const idle = [
    'input_audio_buffer.timeout_triggered',
    'conversation.item.added',
    'conversation.item.done',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'response.created',
  ];
  const silent = () => {
    const server = machine();
    server.send(detection({ type: 'server_vad', idle_timeout_ms: 6000 }));
    server.reply({ items: [{ says: 'Hello?', ms: 2000 }] });
    server.send(create());
    server.advance(900);
    expect(server.last('response.done').response.status).toBe('completed');
    return server;
  };

  it('pretends a turn after the answer was heard and the time is over, in the order of the real one', () => {
    const server = silent();
    server.forget();
    const firstAudioAt = 90 + 330 + 250 / 8;
    const dueAt = 20 + firstAudioAt + 2000 + 6000;
    server.advance(dueAt - server.now - 1);
    expect(server.types()).toEqual([]);
    server.advance(2);
    expect(server.types()).toEqual(idle);
    const [triggered, hidden, , committed, empty] = server.frames();
    expect(hidden.item.role).toBe('system');
    expect(empty.item).toMatchObject({ role: 'user', content: [{ type: 'input_audio', transcript: null }] });
    expect([triggered.item_id, committed.item_id]).toEqual([empty.item.id, empty.item.id]);
    expect(triggered.audio_end_ms - triggered.audio_start_ms).toBe(6016);
  });

  it('counts the audio that was appended, in whole frames, and asks for a transcript of the silence', () => {
    const server = machine();
    server.send(
      update({
        audio: {
          input: {
            turn_detection: { type: 'server_vad', idle_timeout_ms: 5000 },
            transcription: { model: 'gpt-4o-transcribe' },
          },
        },
      }),
    );
    server.send({ type: 'input_audio_buffer.append', audio: pcm(5800) });
    server.reply({ items: [{ says: 'Hello?', ms: 1000 }] });
    server.send(create());
    server.advance(9000);
    const [triggered] = server.all('input_audio_buffer.timeout_triggered');
    expect([triggered.audio_start_ms, triggered.audio_end_ms]).toEqual([672, 5792]);
    const written = server.last('conversation.item.input_audio_transcription.completed');
    expect(written).toMatchObject({ item_id: triggered.item_id, transcript: '' });
    expect(written.usage.input_token_details.audio_tokens).toBeGreaterThan(0);
    expect(server.last('response.done').response.usage.input_token_details.audio_tokens).toBeGreaterThan(0);
  });

  it('is called off by speech', () => {
    const server = silent();
    server.caller({ does: 'begins' });
    server.advance(20_000);
    expect(server.types()).not.toContain('input_audio_buffer.timeout_triggered');
  });

  it('is called off by a turn that nobody answers', () => {
    const server = silent();
    server.send(detection({ type: 'server_vad', idle_timeout_ms: 6000, create_response: false }));
    server.caller({ does: 'speaks', says: 'Hm.', ms: 300 });
    server.advance(20_000);
    expect(server.types()).not.toContain('input_audio_buffer.timeout_triggered');
  });

  it('has nothing to do with what is said beside the conversation', () => {
    const server = machine();
    server.send(detection({ type: 'server_vad', idle_timeout_ms: 6000 }));
    server.send(create({ conversation: 'none' }));
    server.advance(20_000);
    expect(server.types()).not.toContain('input_audio_buffer.timeout_triggered');
    const waiting = silent();
    waiting.advance(5000);
    waiting.send(create({ conversation: 'none' }));
    waiting.advance(4000);
    expect(waiting.types()).toContain('input_audio_buffer.timeout_triggered');
  });

  it('is not there unless asked for', () => {
    const server = machine();
    server.send(create());
    server.settle();
    expect(server.types()).not.toContain('input_audio_buffer.timeout_triggered');
  });
});

describe('barge-in', () => {
  const done = (server: ReturnType<typeof machine>) => server.last('response.done').response;
  const talking = (media: 'websocket' | 'webrtc', untilMs: number) => {
    const server = machine({ media });
    server.reply({ items: [{ says: 'A sentence that takes its time.', ms: 4000 }] });
    server.send(create());
    server.advance(90);
    server.advance(untilMs);
    server.forget();
    server.caller({ does: 'begins' });
    return server;
  };
  const cut = [
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'conversation.item.done',
    'response.output_item.done',
    'response.done',
  ];

  it('A. before anything was made: cancelled, nothing said, nothing to pay', () => {
    const server = talking('websocket', 100);
    expect(server.types()).toEqual(['input_audio_buffer.speech_started', 'response.done']);
    expect(done(server)).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [],
      usage: { total_tokens: 0, input_tokens: 0, output_tokens: 0 },
    });
  });

  it('B. while it is being made: everything open is closed as incomplete, and is paid for', () => {
    const server = talking('websocket', 600);
    expect(server.types()).toEqual(['input_audio_buffer.speech_started', ...cut]);
    expect(done(server)).toMatchObject({ status: 'cancelled', output: [{ status: 'incomplete' }] });
    expect(done(server).usage.output_tokens).toBeGreaterThan(0);
  });

  it('B. on a call: what is heard is cleared first and cut last', () => {
    const server = talking('webrtc', 600);
    expect(server.types()).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      ...cut,
      'conversation.item.truncated',
    ]);
    expect(server.last('conversation.item.truncated').audio_end_ms % 20).toBe(0);
  });

  it('C. between its last item and its end: cancelled, although its item is completed', () => {
    for (const media of ['websocket', 'webrtc'] as const) {
      const server = talking(media, 330 + 500 + 1);
      const types = server.types().filter((type) => type.startsWith('response.'));
      expect(types).toEqual(['response.done']);
      expect(done(server)).toMatchObject({ status: 'cancelled', output: [{ status: 'completed' }] });
    }
  });

  it('D. while it is only still heard: a call cuts it, a WebSocket knows nothing of it', () => {
    const heard = talking('webrtc', 1500);
    expect(heard.types()).toEqual([
      'input_audio_buffer.speech_started',
      'output_audio_buffer.cleared',
      'conversation.item.truncated',
    ]);
    expect(heard.last('conversation.item.truncated').audio_end_ms).toBe(1120);
    expect(talking('websocket', 1500).types()).toEqual(['input_audio_buffer.speech_started']);
  });

  it('does not happen where interruption is off', () => {
    const server = machine();
    server.send(detection({ type: 'server_vad', interrupt_response: false }));
    server.reply({ items: [{ says: 'A story.', ms: 9000 }] });
    server.send(create());
    server.advance(600);
    server.caller({ does: 'speaks', says: 'Wait.', ms: 400 });
    server.settle();
    expect(done(server).status).toBe('completed');
    expect(server.all('response.created')).toHaveLength(1);
  });

  it('leaves responses beside the conversation alone', () => {
    const server = machine();
    server.send(create({ conversation: 'none', output_modalities: ['text'] }));
    server.advance(200);
    server.caller({ does: 'begins' });
    server.settle();
    expect(done(server)).toMatchObject({ status: 'completed', conversation_id: null });
  });

  it('survives a caller who starts again in the very second each answer is created', () => {
    const server = machine();
    for (let count = 0; count < 5; count += 1) {
      server.caller({ does: 'speaks', says: 'No', ms: 300 });
      server.advance(305);
    }
    server.settle();
    const statuses = server.all('response.done').map(({ response }) => response.status);
    expect(statuses).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled', 'completed']);
    expect(server.all('response.created')).toHaveLength(5);
  });

  it('lets the next answer see the turn that interrupted', () => {
    const server = machine();
    server.send(userText('Tell me a story.'));
    server.caller({ does: 'speaks', says: 'Stop.', ms: 300 });
    server.settle();
    expect(server.last('response.output_audio_transcript.done').transcript).toContain('Stop.');
  });
});
