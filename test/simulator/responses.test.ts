import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { create, machine, runs, update, userText } from './machine.js';

const text = { output_modalities: ['text'] };
const errorOf = (server: ReturnType<typeof machine>) => server.last('error').error;

describe('the canonical order', () => {
  it('of a spoken answer', () => {
    const server = machine();
    server.forget();
    server.reply({ items: [{ says: 'Hi', ms: 500 }] });
    server.send(create());
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta x2',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
  });

  it('of a written answer', () => {
    const server = machine();
    server.forget();
    server.reply({ items: [{ says: 'Hello there.' }] });
    server.send(create(text));
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_text.delta x3',
      'response.output_text.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(server.last('response.output_text.done').text).toBe('Hello there.');
  });

  it('of a function call, which has no content part', () => {
    const server = machine();
    server.forget();
    server.reply({ items: [{ calls: 'weather', args: '{"city":"Oslo"}' }] });
    server.send(create());
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta x9',
      'response.function_call_arguments.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(server.last('response.output_item.added').item).toMatchObject({ name: 'weather', arguments: '' });
    expect(server.last('response.function_call_arguments.done')).toMatchObject({
      name: 'weather',
      arguments: '{"city":"Oslo"}',
    });
  });

  it('of a remark and two calls in one response: the next opens before the first has closed', () => {
    const server = machine();
    server.forget();
    server.reply({
      items: [
        { says: 'A moment.', phase: 'commentary' },
        { calls: 'a', args: '{}' },
        { calls: 'b', args: '{}' },
      ],
    });
    server.send(create(text));
    server.settle();
    const marks = server
      .frames()
      .filter(({ type }) => /output_item|output_text.done|arguments.done/.test(type))
      .map(({ type, output_index }) => `${type.replace('response.', '')} ${output_index}`);
    expect(marks).toEqual([
      'output_item.added 0',
      'output_item.added 1',
      'output_item.added 2',
      'output_text.done 0',
      'output_item.done 0',
      'function_call_arguments.done 1',
      'output_item.done 1',
      'function_call_arguments.done 2',
      'output_item.done 2',
    ]);
    expect(server.last('response.done').response.output).toMatchObject([
      { phase: 'commentary' },
      { name: 'a' },
      { name: 'b' },
    ]);
  });

  it('with the quirk of the real one: behind the very first item, done does not say where it is', () => {
    const server = machine();
    server.send(userText('x', 'first'));
    for (let count = 0; count < 2; count += 1) {
      server.send(create(text));
      server.settle();
    }
    const places = (type: string) =>
      server
        .all(type)
        .slice(1)
        .map((event) => event.previous_item_id);
    const [answer] = server.all('response.output_item.done').map(({ item }) => item.id);
    expect(places('conversation.item.added')).toEqual(['first', answer]);
    expect(places('conversation.item.done')).toEqual([null, answer]);
  });

  it('of a spoken answer on a call: no audio in it, but the state of the ear', () => {
    const server = machine({ media: 'webrtc' });
    server.forget();
    server.reply({ items: [{ says: 'Hi', ms: 2000 }] });
    server.send(create());
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'output_audio_buffer.started',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
      'output_audio_buffer.stopped',
    ]);
    expect(server.last('output_audio_buffer.stopped').event_id).toMatch(/^event_[0-9a-f]{16}$/);
  });
});

describe('the response object', () => {
  it('sends what is not known as null, and echoes metadata in created and done', () => {
    const server = machine();
    const metadata = { purpose: 'greeting' };
    server.send(create({ metadata, max_output_tokens: 900 }, 'my-event'));
    server.settle();
    const { response } = server.last('response.created');
    expect(response).toEqual({
      object: 'realtime.response',
      id: expect.stringMatching(/^resp_[0-9A-Za-z]{21}$/),
      status: 'in_progress',
      status_details: null,
      output: [],
      conversation_id: server.server.session!.conversationId,
      output_modalities: ['audio'],
      max_output_tokens: 900,
      audio: { output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' } },
      usage: null,
      metadata,
    });
    expect(server.last('response.done').response).toMatchObject({
      status: 'completed',
      status_details: null,
      metadata,
    });
    expect(JSON.stringify(server.frames())).not.toContain('my-event');
  });

  it.each([
    [Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])), 'object_above_max_properties'],
    [{ ['k'.repeat(65)]: 'v' }, 'string_above_max_length'],
    [{ k: 'v'.repeat(513) }, 'string_above_max_length'],
    [{ k: 1 }, 'invalid_type'],
  ])('limits metadata (case %#)', (metadata, code) => {
    expect(machine().errorFor(create({ metadata }))).toMatchObject({ code });
  });

  it('can take the widest metadata that is allowed', () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`${index}`.padStart(64), 'v'.repeat(512)]),
    );
    expect(machine().errorFor(create({ metadata }))).toBeUndefined();
  });

  it('counts ten tokens a second heard and twenty a second spoken, and what is cached in steps of 64', () => {
    const server = machine();
    server.send(update({ instructions: 'x'.repeat(400) }));
    server.advance(60);
    server.caller({ does: 'speaks', says: '', ms: 3000 });
    server.reply({ items: [{ says: 'Hi', ms: 2000 }] });
    server.settle();
    const [first] = server.all('response.done').map(({ response }) => response.usage);
    expect(first.input_token_details).toMatchObject({ text_tokens: 110, audio_tokens: 30, cached_tokens: 0 });
    expect(first.output_token_details).toMatchObject({ audio_tokens: 40 });
    server.send(create());
    server.settle();
    const { usage } = server.last('response.done').response;
    expect(usage.input_token_details.cached_tokens).toBe(128);
    const { text_tokens, audio_tokens } = usage.input_token_details.cached_tokens_details;
    expect(Number(text_tokens) + Number(audio_tokens)).toBe(128);
  });

  it('counts as cached, of each kind, no more than there is of it', () => {
    const milliseconds = fc.integer({ min: 300, max: 30_000 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), fc.array(milliseconds, { maxLength: 8 }), (length, turns) => {
        const server = machine({ audio: 'tiny' });
        server.send(update({ instructions: 'x'.repeat(length) }));
        for (const ms of turns) {
          server.caller({ does: 'speaks', says: 'Tulips, please.', ms });
          server.settle();
        }
        for (const { response } of server.all('response.done')) {
          const { cached_tokens, cached_tokens_details: cached, ...input } = response.usage.input_token_details;
          expect(cached.text_tokens).toBeLessThanOrEqual(input.text_tokens);
          expect(cached.audio_tokens).toBeLessThanOrEqual(input.audio_tokens);
          expect(cached_tokens).toBe(Number(cached.text_tokens) + Number(cached.audio_tokens));
          expect([cached.text_tokens % 64, cached.audio_tokens % 64]).toEqual([0, 0]);
        }
      }),
    );
  });

  it('refuses for one response what it refuses for a session', () => {
    const tool = (name: string) => ({ type: 'function', name, parameters: { type: 'object' } });
    const server = machine();
    const refused = (response: object) => server.errorFor(create(response))?.param;
    expect(refused({ tools: [tool('a'), tool('a')] })).toBe('response.tools[1].name');
    expect(refused({ tools: [{ ...tool('a'), parameters: { anyOf: [] } }] })).toBe('response.tools[0].parameters');
    expect(refused({ audio: { output: { voice: 'aloy' } } })).toBe('response.audio.output.voice');
    expect(refused({ output_modalities: [] })).toBe('response.output_modalities');
    const choice = (name: string) => ({ type: 'function', name });
    expect(refused({ tools: [tool('a')], tool_choice: choice('b') })).toBe('response.tool_choice');
    server.send(update({ tools: [tool('b')] }));
    expect(refused({ tools: [tool('a')], tool_choice: choice('b') })).toBe('response.tool_choice');
    expect(refused({ tool_choice: choice('b') })).toBeUndefined();
  });

  it('refuses what response.create does not know', () => {
    expect(machine().errorFor(create({ temperature: 1 }))).toMatchObject({
      code: 'unknown_parameter',
      param: 'response.temperature',
    });
  });
});

describe('the slot', () => {
  it('is taken the moment a create is accepted, before anybody is told', () => {
    const server = machine();
    server.send(create());
    server.send(create({}, 'second'));
    const id = server.server.session!.slot!;
    server.advance(60);
    expect(server.types()).not.toContain('response.created');
    expect(errorOf(server)).toEqual({
      type: 'invalid_request_error',
      code: 'conversation_already_has_active_response',
      message: `Conversation already has an active response in progress: ${id}. Wait until the response is finished before creating a new one.`,
      param: null,
      event_id: 'second',
    });
    server.settle();
    expect(server.all('response.done')).toHaveLength(1);
  });

  it('is taken by the server at the end of a turn', () => {
    const server = machine({ latency: { automatic: 50 } });
    server.caller({ does: 'speaks', says: 'Hi', ms: 300 });
    server.advance(300);
    expect(server.errorFor(create())).toMatchObject({ code: 'conversation_already_has_active_response' });
  });

  it('is still taken after the last item, and free with response.done, before rate_limits.updated', () => {
    const server = machine();
    server.reply({ items: [{ calls: 'f', args: '{}' }] });
    server.send(create());
    while (!server.types().includes('response.output_item.done')) server.advance(1);
    server.send(create());
    expect(server.all('response.created')).toHaveLength(1);
    while (!server.types().includes('response.done')) server.advance(1);
    expect(server.types()).not.toContain('rate_limits.updated');
    server.send(create());
    server.settle();
    expect(server.all('error').map(({ error }) => error.code)).toEqual(['conversation_already_has_active_response']);
    expect(server.all('response.created')).toHaveLength(2);
  });

  it('gives every created response exactly one done, and a refused one neither', () => {
    const server = machine();
    for (let count = 0; count < 30; count += 1) {
      server.send(create());
      server.advance(137);
      if (count % 3 === 0) server.send({ type: 'response.cancel' });
      if (count % 7 === 0) server.caller({ does: 'speaks', says: 'Hm', ms: 200 });
    }
    server.settle();
    const ids = (type: string) => server.all(type).map(({ response }) => response.id);
    expect(ids('response.done').toSorted()).toEqual(ids('response.created').toSorted());
    expect(new Set(ids('response.done')).size).toBe(ids('response.done').length);
  });
});

describe('response.cancel', () => {
  const generating = () => {
    const server = machine();
    server.reply({ items: [{ says: 'A sentence that takes its time.', ms: 4000 }] });
    server.send(create());
    server.advance(700);
    server.forget();
    return server;
  };

  it.each(['bare', 'by id'])(
    '%s stops the response, closes what is open, and ends it as cancelled by the client',
    (how) => {
      const server = generating();
      const { slot } = server.server.session!;
      server.send({ type: 'response.cancel', ...(how === 'by id' && { response_id: slot }) });
      expect(server.types()).toEqual([
        'response.output_audio.done',
        'response.output_audio_transcript.done',
        'response.content_part.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
      ]);
      expect(server.last('response.done').response).toMatchObject({
        id: slot,
        status: 'cancelled',
        status_details: { type: 'cancelled', reason: 'client_cancelled' },
        output: [{ status: 'incomplete' }],
      });
      server.advance(100);
      expect(server.types().at(-1)).toBe('response.done');
    },
  );

  it('leaves the slot free at once', () => {
    const server = generating();
    server.send({ type: 'response.cancel' });
    server.send(create());
    server.settle();
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it.each([
    ['there is none', () => machine()],
    [
      'it has ended',
      () => {
        const server = generating();
        server.settle();
        return server;
      },
    ],
    [
      'it is not created yet',
      () => {
        const server = machine();
        server.send(create());
        return server;
      },
    ],
  ])('is refused as not active when %s', (_, given) => {
    expect(given().errorFor({ type: 'response.cancel', event_id: 'e' })).toEqual({
      type: 'invalid_request_error',
      code: 'response_cancel_not_active',
      message: 'Cancellation failed: no active response found',
      param: null,
      event_id: 'e',
    });
  });

  it('sent before created stops nothing', () => {
    const server = machine();
    server.send(create());
    server.send({ type: 'response.cancel' });
    server.settle();
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it('by an id that is not active is refused, whoever holds the slot', () => {
    const server = generating();
    expect(server.errorFor({ type: 'response.cancel', response_id: 'resp_other' })).toMatchObject({
      code: 'response_cancel_not_active',
    });
    server.settle();
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it('closes a call that is half said, arguments and all', () => {
    const server = machine();
    server.reply({ items: [{ calls: 'f', args: '{"a": "a rather long argument, to be cut in the middle of it"}' }] });
    server.send(create());
    server.advance(470);
    server.send({ type: 'response.cancel' });
    const done = server.last('response.function_call_arguments.done');
    expect(done.arguments.length).toBeGreaterThan(0);
    expect(() => JSON.parse(done.arguments)).toThrow();
    expect(server.last('response.output_item.done').item.status).toBe('incomplete');
  });
});

describe('out of band', () => {
  const beside = { conversation: 'none', ...text };

  it('runs beside the default response, and others of its kind, and touches neither slot nor conversation', () => {
    const server = machine();
    server.send(create());
    server.send(create(beside));
    server.send(create({ ...beside, metadata: { n: '2' } }));
    server.settle();
    expect(server.all('error')).toEqual([]);
    expect(
      server
        .all('response.done')
        .map(({ response }) => response.conversation_id)
        .filter((id) => id === null),
    ).toHaveLength(2);
    expect(server.all('conversation.item.added')).toHaveLength(1);
    expect(server.server.session!.items).toHaveLength(1);
  });

  it('is not what a bare cancel means', () => {
    const server = machine();
    server.send(create(beside));
    server.advance(200);
    expect(server.errorFor({ type: 'response.cancel' })).toMatchObject({ code: 'response_cancel_not_active' });
    server.send({ type: 'response.cancel', response_id: server.last('response.created').response.id });
    server.settle();
    expect(server.last('response.done').response).toMatchObject({ conversation_id: null, status: 'cancelled' });
  });

  it('takes items and references to items, and refuses references to none', () => {
    const server = machine();
    server.send(userText('x', 'x'));
    const input = [{ type: 'item_reference', id: 'x' }, userText('y').item];
    expect(server.errorFor(create({ ...beside, input }))).toBeUndefined();
    expect(server.errorFor(create({ ...beside, input: [{ type: 'item_reference', id: 'nobody' }] }))).toMatchObject({
      param: 'response.input[0].id',
    });
  });

  it('answers from its own script', () => {
    const server = machine();
    server.reply({ items: [{ says: 'For the ear.' }] });
    server.reply({ items: [{ says: 'For the file.' }], lane: 'out-of-band' });
    server.send(create(beside));
    server.settle();
    expect(server.last('response.output_text.done').text).toBe('For the file.');
  });
});

describe('how it ends', () => {
  it('fails by a code, with words that say when to try again', () => {
    const server = machine();
    server.reply({ items: [], status: 'failed', code: 'rate_limit_exceeded' });
    server.send(create());
    server.settle();
    expect(server.types().slice(1)).toEqual(['response.created', 'response.done']);
    const { response } = server.last('response.done');
    expect(response).toMatchObject({
      status: 'failed',
      status_details: { type: 'failed', error: { code: 'rate_limit_exceeded' } },
    });
    expect(response.status_details.error.message).toContain('try again in 2s');
    expect(server.server.session!.slot).toBeNull();
  });

  it.each(['max_output_tokens', 'content_filter'] as const)('is incomplete because of %s', (reason) => {
    const server = machine();
    server.reply({ items: [{ says: 'I was going to' }], status: 'incomplete', reason });
    server.send(create());
    server.settle();
    expect(server.last('response.done').response).toMatchObject({
      status: 'incomplete',
      status_details: { type: 'incomplete', reason },
      output: [{ status: 'incomplete' }],
    });
  });

  it('says no more than max_output_tokens allows', () => {
    const server = machine();
    server.reply({ items: [{ says: 'One two three four five six seven eight.' }] });
    server.send(create({ ...text, max_output_tokens: 28 }));
    server.settle();
    const { response } = server.last('response.done');
    expect(response).toMatchObject({ status: 'incomplete', status_details: { reason: 'max_output_tokens' } });
    expect(response.usage.output_tokens).toBeLessThanOrEqual(28);
    expect(response.output[0].content[0].text).toBe('One two three four');
  });

  it('is improvised from what was said where nothing is scripted', () => {
    const server = machine();
    server.send(create(text));
    server.settle();
    server.send(userText('Good morning.'));
    server.send(create(text));
    server.settle();
    expect(server.all('response.output_text.done').map((event) => event.text)).toEqual([
      'Hello! How can I help you?',
      'You said: Good morning.',
    ]);
  });
});

describe('an answer that is not what was asked for', () => {
  it('can be written although audio was asked for', () => {
    const server = machine();
    server.reply({ items: [{ says: 'Hello.', modality: 'text' }] });
    server.send(create());
    server.settle();
    expect(server.types()).toContain('response.output_text.delta');
    expect(server.types().filter((type) => type.includes('audio'))).toEqual([]);
    expect(server.last('response.done').response).toMatchObject({
      status: 'completed',
      output_modalities: ['audio'],
      output: [{ content: [{ type: 'output_text', text: 'Hello.' }] }],
      usage: { output_token_details: { audio_tokens: 0 } },
    });
  });

  it('can be written in one item and spoken in the next', () => {
    const server = machine();
    server.reply({ items: [{ says: 'Hm.', modality: 'text' }, { says: 'Hello.' }] });
    server.send(create());
    server.settle();
    const { output } = server.last('response.done').response;
    expect(output.map((item: any) => item.content[0].type)).toEqual(['output_text', 'output_audio']);
  });

  it('can be audio without a transcript', () => {
    const server = machine();
    server.reply({ items: [{ says: '', ms: 600 }], reasoningTokens: 0 });
    server.send(create());
    server.settle();
    expect(server.all('response.output_audio.delta')).toHaveLength(3);
    expect(server.all('response.output_audio_transcript.delta')).toEqual([]);
    expect(server.last('response.output_audio_transcript.done').transcript).toBe('');
    expect(server.last('response.done').response).toMatchObject({
      output: [{ content: [{ type: 'output_audio', transcript: '' }] }],
      usage: { output_token_details: { text_tokens: 0, audio_tokens: 12 } },
    });
  });
});

describe('cadence', () => {
  it('sends audio in quarters of a second, several times faster than it is heard', () => {
    const server = machine();
    server.reply({ items: [{ says: 'A sentence of some length.', ms: 3100 }] });
    server.send(create());
    server.advance(90 + 330 + 3100 / 8 + 15);
    const deltas = server.all('response.output_audio.delta').map(({ delta }) => Buffer.from(delta, 'base64').length);
    expect(deltas).toEqual([...Array.from({ length: 12 }, () => 12_000), 4_800]);
    expect(server.types().at(-1)).toBe('response.done');
  });

  it.each([
    ['audio/pcmu', 2000],
    ['audio/pcma', 2000],
    ['audio/pcm', 12_000],
  ])('speaks %s: %i bytes a delta', (type, bytes) => {
    const server = machine();
    server.send(update({ audio: { output: { format: { type } } } }));
    server.reply({ items: [{ says: 'Hi', ms: 250 }] });
    server.send(create());
    server.settle();
    expect(Buffer.from(server.last('response.output_audio.delta').delta, 'base64')).toHaveLength(bytes);
  });

  it('pads text deltas, and not audio', () => {
    const server = machine();
    server.send(create());
    server.settle();
    expect(server.last('response.output_audio_transcript.delta').obfuscation).toMatch(/^[0-9A-Za-z]+$/);
    expect(server.last('response.output_audio.delta')).not.toHaveProperty('obfuscation');
  });
});
