import { describe, expect, it } from 'vitest';
import { machine, update } from './machine.js';

const tool = (name: string) => ({ type: 'function', name, parameters: { type: 'object', properties: {} } });

describe('session.created', () => {
  it('is the first frame, and shows the whole default session in the order of the real one', () => {
    const server = machine({}, { model: 'gpt-realtime' });
    const { session } = server.frames()[0];
    expect(server.types()).toEqual(['session.created']);
    expect(Object.keys(session)).toEqual([
      'type',
      'object',
      'id',
      'model',
      'output_modalities',
      'instructions',
      'tools',
      'tool_choice',
      'max_output_tokens',
      'tracing',
      'truncation',
      'prompt',
      'expires_at',
      'audio',
      'include',
    ]);
    expect(session.audio).toEqual({
      input: {
        format: { type: 'audio/pcm', rate: 24000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 200,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
      output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'alloy', speed: 1 },
    });
    expect(session.instructions).not.toBe('');
  });

  it('has the other silence and the other voice on a reasoning model', () => {
    const { audio } = machine().frames()[0].session;
    expect(audio.input.turn_detection.silence_duration_ms).toBe(500);
    expect(audio.output.voice).toBe('marin');
  });

  it('expires one hour after it was created', () => {
    const server = machine();
    expect(server.frames()[0].session.expires_at).toBe(server.server.options.unixSecondsAtZero + 3600);
  });
});

const hosted = (server_label: string, more = {}) => ({
  type: 'mcp',
  server_label,
  server_url: 'https://a.example/mcp',
  ...more,
});
const transcribes = (transcription: object) => ({ audio: { input: { transcription } } });

describe('session.update', () => {
  it('keeps what it leaves out, two levels deep, and echoes the whole session', () => {
    const server = machine();
    const before = server.frames()[0].session;
    server.send(update({ audio: { output: { speed: 1.2 } } }));
    server.settle();
    const { session } = server.last('session.updated');
    expect(session).toEqual({ ...before, audio: { ...before.audio, output: { ...before.audio.output, speed: 1.2 } } });
  });

  it('clears with an empty list or null, and keeps what was left out', () => {
    const server = machine();
    server.send(update({ instructions: 'x', tools: [{ type: 'function', name: 'f' }] }));
    server.send(update({ tools: [], audio: { input: { turn_detection: null } } }));
    server.settle();
    const { session } = server.last('session.updated');
    expect([session.instructions, session.tools, session.audio.input.turn_detection]).toEqual(['x', [], null]);
  });

  it('does not clear its instructions: an empty text brings back the first ones', () => {
    const server = machine();
    server.send(update({ instructions: 'x' }));
    server.send(update({ instructions: '' }));
    server.settle();
    expect(server.last('session.updated').session.instructions).toBe(server.frames()[0].session.instructions);
    expect(server.last('session.updated').session.instructions).not.toBe('');
  });

  it.each(['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar', { id: 'voice_1' }])(
    'takes the voice %j',
    (voice) => {
      const server = machine();
      server.send(update({ audio: { output: { voice } } }));
      server.settle();
      expect(server.last('session.updated').session.audio.output.voice).toEqual(voice);
    },
  );

  it.each(['anyOf', 'oneOf', 'allOf', 'enum', 'not', 'no type', 'another type', 'no schema'])(
    'refuses a function whose parameters have %s at the top, and takes it further down',
    (kind) => {
      const whole = { anyOf: [{ type: 'object' }], oneOf: [], allOf: [], enum: [{}], not: {} };
      const schema = {
        'no type': { properties: {} },
        'another type': { type: 'string' },
        'no schema': null,
      };
      const parameters =
        kind in schema
          ? schema[kind as keyof typeof schema]
          : { type: 'object', [kind]: whole[kind as keyof typeof whole] };
      const tools = [tool('fine'), { type: 'function', name: 'find', parameters }];
      const server = machine();
      expect(server.errorFor(update({ tools }))).toMatchObject({
        code: 'invalid_function_parameters',
        param: 'session.tools[1].parameters',
        message: expect.stringContaining("Invalid schema for function 'find': schema must"),
      });
      const below = { type: 'object', properties: { who: parameters ?? {} } };
      expect(
        server.errorFor(update({ tools: [{ type: 'function', name: 'find', parameters: below }] })),
      ).toBeUndefined();
    },
  );

  it('takes a choice among the tools of the same update, or of an earlier one', () => {
    const server = machine();
    const choice = (name: string) => ({ type: 'function', name });
    expect(server.errorFor(update({ tools: [tool('book')], tool_choice: choice('book') }))).toBeUndefined();
    expect(server.errorFor(update({ tool_choice: choice('book') }))).toBeUndefined();
    expect(server.errorFor(update({ tools: [tool('find')], tool_choice: choice('book') }))).toBeDefined();
    server.faults({ unknownToolChoice: 'accepted' });
    expect(server.errorFor(update({ tool_choice: choice('nowhere') }))).toBeUndefined();
  });

  it('fills in the defaults of voice detection and transcription', () => {
    const server = machine();
    server.send(
      update({ audio: { input: { turn_detection: { type: 'semantic_vad' }, transcription: { model: 'whisper-1' } } } }),
    );
    server.settle();
    const { input } = server.last('session.updated').session.audio;
    expect(input.turn_detection).toEqual({
      type: 'semantic_vad',
      eagerness: 'auto',
      create_response: true,
      interrupt_response: true,
    });
    expect(input.transcription).toEqual({ model: 'whisper-1', language: null, prompt: null });
  });

  it('does not echo the client event id, and answers in the order of the updates', () => {
    const server = machine();
    server.send({ ...update({ instructions: 'one' }), event_id: 'mine' });
    server.send(update({ instructions: 'two' }));
    server.settle();
    expect(server.all('session.updated').map(({ session }) => session.instructions)).toEqual(['one', 'two']);
    expect(JSON.stringify(server.all('session.updated'))).not.toContain('mine');
  });

  it('takes about 60 ms', () => {
    const server = machine();
    server.send(update({}));
    server.advance(59);
    expect(server.types()).not.toContain('session.updated');
    server.advance(1);
    expect(server.types()).toContain('session.updated');
  });

  it.each([
    [{ foo: 1 }, 'unknown_parameter', 'session.foo'],
    [{ audio: { input: { volume: 3 } } }, 'unknown_parameter', 'session.audio.input.volume'],
    [
      { audio: { input: { turn_detection: { threshold: 0.4 } } } },
      'missing_required_parameter',
      'session.audio.input.turn_detection.type',
    ],
    [
      { audio: { input: { turn_detection: { type: 'magic' } } } },
      'invalid_value',
      'session.audio.input.turn_detection.type',
    ],
    [{ output_modalities: ['smell'] }, 'invalid_value', 'session.output_modalities[0]'],
    [{ output_modalities: ['text', 'audio'] }, 'invalid_value', 'session.output_modalities'],
    [{ audio: { output: { speed: 9 } } }, 'invalid_value', 'session.audio.output.speed'],
    [{ instructions: 3 }, 'invalid_type', 'session.instructions'],
    [{ tools: [{ type: 'function' }] }, 'missing_required_parameter', 'session.tools[0].name'],
    [{ model: 'gpt-realtime' }, 'invalid_value', 'session.model'],
    [{ output_modalities: [] }, 'invalid_value', 'session.output_modalities'],
    [{ max_output_tokens: 0 }, 'invalid_value', 'session.max_output_tokens'],
    [{ audio: { output: { voice: 'aloy' } } }, 'invalid_value', 'session.audio.output.voice'],
    [{ audio: { output: { voice: { name: 'mine' } } } }, 'missing_required_parameter', 'session.audio.output.voice.id'],
    [{ audio: { output: { speed: 0.2 } } }, 'invalid_value', 'session.audio.output.speed'],
    [{ audio: { output: { format: { type: 'audio/mp3' } } } }, 'invalid_value', 'session.audio.output.format.type'],
    [
      { audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } } },
      'invalid_value',
      'session.audio.input.format.rate',
    ],
    [
      { audio: { input: { turn_detection: { type: 'server_vad', threshold: 1.1 } } } },
      'invalid_value',
      'session.audio.input.turn_detection.threshold',
    ],
    [
      { audio: { input: { turn_detection: { type: 'semantic_vad', threshold: 0.5 } } } },
      'unknown_parameter',
      'session.audio.input.turn_detection.threshold',
    ],
    [{ tool_choice: 'sometimes' }, 'invalid_value', 'session.tool_choice'],
    [{ tool_choice: { type: 'function' } }, 'missing_required_parameter', 'session.tool_choice.name'],
    [{ tool_choice: { type: 'function', name: 'nowhere' } }, 'invalid_value', 'session.tool_choice'],
    [{ tool_choice: { type: 'mcp', server_label: 'nowhere' } }, 'invalid_value', 'session.tool_choice'],
    [{ tools: [tool('book'), tool('find'), tool('book')] }, 'invalid_value', 'session.tools[2].name'],
    [{ max_output_tokens: 32_001 }, 'invalid_value', 'session.max_output_tokens'],
    [{ tools: [tool('look up')] }, 'invalid_value', 'session.tools[0].name'],
    [{ tools: [tool('')] }, 'invalid_value', 'session.tools[0].name'],
    [{ tools: [hosted('lab'), hosted('lab')] }, 'invalid_value', 'session.tools[1].server_label'],
    [transcribes({ model: 'whisper-9' }), 'invalid_value', 'session.audio.input.transcription.model'],
    [transcribes({ model: 'whisper-1', delay: 'low' }), 'invalid_value', 'session.audio.input.transcription.delay'],
    [
      transcribes({ model: 'whisper-1', keywords: ['x'] }),
      'invalid_value',
      'session.audio.input.transcription.keywords',
    ],
    [
      transcribes({ model: 'gpt-realtime-whisper', prompt: 'x' }),
      'invalid_value',
      'session.audio.input.transcription.prompt',
    ],
    [{ tools: [{ type: 'mcp', server_label: 'lab' }] }, 'missing_required_parameter', 'session.tools[0].server_url'],
  ])('refuses %j as %s at %s, and leaves the whole session as it was', (bad, code, param) => {
    const server = machine();
    const error = server.errorFor({ ...update({ instructions: 'changed', ...bad }), event_id: 'mine' });
    expect(error).toMatchObject({ type: 'invalid_request_error', code, param, event_id: 'mine' });
    server.send(update({}));
    server.settle();
    expect(server.last('session.updated').session).toEqual(server.frames()[0].session);
  });

  it.each([
    ['gpt-realtime-2.1', 32_000],
    ['gpt-realtime-2.1-mini', 32_000],
    ['gpt-realtime-1.5', 4096],
    ['gpt-realtime', 4096],
    ['gpt-realtime-2025-08-28', 4096],
  ])('lets %s make %i tokens at most, in a session and in a response', (model, most) => {
    const server = machine({}, { model });
    expect(server.errorFor(update({ max_output_tokens: most }))).toBeUndefined();
    expect(server.errorFor(update({ max_output_tokens: most + 1 }))).toMatchObject({
      code: 'invalid_value',
      message: `Invalid 'session.max_output_tokens': expected a value of at most ${most}, but got ${most + 1} instead.`,
    });
    expect(server.errorFor({ type: 'response.create', response: { max_output_tokens: most + 1 } })).toMatchObject({
      param: 'response.max_output_tokens',
    });
  });

  it('lets a model whose limit is not published make as many as the fault `unpublishedTokenLimit` says', () => {
    const server = machine({ faults: { unpublishedTokenLimit: 9 } }, { model: 'gpt-realtime-mini' });
    expect(server.errorFor(update({ max_output_tokens: 9 }))).toBeUndefined();
    expect(server.errorFor(update({ max_output_tokens: 10 }))).toBeDefined();
  });

  it('refuses new tools without the one that was chosen before', () => {
    const server = machine();
    const tool_choice = { type: 'function', name: 'book' };
    expect(server.errorFor(update({ tools: [tool('book')], tool_choice }))).toBeUndefined();
    expect(server.errorFor(update({ tools: [tool('find')] }))).toMatchObject({ param: 'session.tool_choice' });
    expect(server.errorFor(update({ instructions: 'x' }))).toBeUndefined();
    expect(server.errorFor(update({ tools: [tool('find')], tool_choice: 'auto' }))).toBeUndefined();
  });

  it('echoes no secret of a hosted server, and its address as a fault says', () => {
    const server = machine();
    const tools = [hosted('lab', { authorization: 'secret-1', headers: { 'x-key': 'secret-2' } })];
    server.send(update({ tools }));
    server.settle();
    expect(JSON.stringify(server.frames())).not.toContain('secret');
    expect(server.last('session.updated').session.tools).toEqual([hosted('lab')]);
    server.faults({ serverUrlEcho: 'redacted' });
    server.send(update({}));
    server.settle();
    expect(server.last('session.updated').session.tools[0].server_url).toBe('https://a.example/<redacted>');
  });

  it('takes what a fault says is taken: any name, label, or transcription model', () => {
    const server = machine({
      faults: { toolNames: 'any', duplicateLabels: 'accepted', unknownTranscription: 'accepted' },
    });
    const tools = [tool('look up'), tool('look up'), hosted('lab'), hosted('lab')];
    expect(server.errorFor(update({ tools, ...transcribes({ model: 'my-deployment' }) }))).toBeUndefined();
  });

  it.each([
    [{ model: 'gpt-realtime-whisper', delay: 'low' }],
    [{ model: 'gpt-transcribe', keywords: ['x'], languages: ['en'] }],
    [{ model: 'gpt-4o-transcribe', prompt: 'x' }],
    [{ model: 'gpt-realtime-whisper', prompt: null }],
    [{ language: 'en' }],
  ])('takes the transcription %j', (transcription) => {
    expect(machine().errorFor(update(transcribes(transcription)))).toBeUndefined();
  });

  it('refuses the update of a transcription session, as observed', () => {
    const error = machine().errorFor({ type: 'session.update', session: { type: 'transcription' } });
    expect(error).toMatchObject({
      code: 'invalid_parameter',
      message: 'Passing a transcription session update event to a realtime session is not allowed.',
      param: 'session.type',
    });
  });

  it('requires the type of the session', () => {
    expect(machine().errorFor({ type: 'session.update', session: { instructions: 'x' } })).toMatchObject({
      code: 'missing_required_parameter',
      param: 'session.type',
    });
  });

  it('rejects reasoning on a model without it, naming neither the event nor the parameter', () => {
    const server = machine({}, { model: 'gpt-realtime' });
    const error = server.errorFor({ ...update({ reasoning: { effort: 'low' } }), event_id: 'mine' });
    expect(error).toMatchObject({ type: 'invalid_request_error', param: null, event_id: null });
  });

  it('locks the voice once it has been heard, but lets the same voice pass', () => {
    const server = machine();
    server.send(update({ audio: { output: { voice: 'cedar' } } }));
    server.send({ type: 'response.create' });
    server.settle();
    expect(server.errorFor(update({ audio: { output: { voice: 'ash' } } }))).toMatchObject({
      code: 'cannot_update_voice',
    });
    expect(server.errorFor(update({ audio: { output: { voice: 'cedar' } } }))).toBeUndefined();
  });

  it('does not lock the voice for written answers', () => {
    const server = machine();
    server.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    server.settle();
    expect(server.errorFor(update({ audio: { output: { voice: 'ash' } } }))).toBeUndefined();
  });

  it('changes the speed only between turns, and tracing only once', () => {
    const server = machine();
    server.send({ type: 'response.create' });
    expect(server.errorFor(update({ audio: { output: { speed: 1.1 } } }))).toMatchObject({
      param: 'session.audio.output.speed',
    });
    server.settle();
    expect(server.errorFor(update({ tracing: 'auto', audio: { output: { speed: 1.1 } } }))).toBeUndefined();
    expect(server.errorFor(update({ tracing: null }))).toMatchObject({ param: 'session.tracing' });
  });

  it('is accepted during a response, and applies to the next', () => {
    const server = machine();
    server.send({ type: 'response.create' });
    server.advance(200);
    server.send(update({ output_modalities: ['text'] }));
    server.settle();
    server.send({ type: 'response.create' });
    server.settle();
    expect(server.all('response.done').map(({ response }) => response.output_modalities)).toEqual([
      ['audio'],
      ['text'],
    ]);
  });

  it('hands out copies: changing an echo changes nothing else', () => {
    const server = machine();
    server.send(update({ tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }] }));
    server.settle();
    server.last('session.updated').session.tools[0].parameters.type = 'broken';
    server.send(update({}));
    server.settle();
    expect(server.last('session.updated').session.tools[0].parameters.type).toBe('object');
  });
});
