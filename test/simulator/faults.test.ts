import { describe, expect, it } from 'vitest';
import type { Faults, ServerOptionsGiven } from '../../src/simulator/server/index.js';
import { noFaults } from '../../src/simulator/server/index.js';
import { create, machine, update, userText } from './machine.js';

const withFaults = (faults: Partial<Faults>, given: ServerOptionsGiven = {}) => machine({ ...given, faults });
const talkative = { items: [{ says: 'A sentence that takes its time.', ms: 4000 }] };
const closes = (server: ReturnType<typeof machine>) =>
  server.outputs.flatMap((output) => (output.type === 'close' ? [[output.code, output.reason]] : []));
const sentence = 'Your session hit the maximum duration of 60 minutes.';

describe('the fault', () => {
  it('conflictErrorBeforeCreated: the conflict is read before the automatic response it names', () => {
    for (const [conflictErrorBeforeCreated, order] of [
      [true, ['error', 'response.created']],
      [false, ['response.created', 'error']],
    ] as const) {
      const server = withFaults({ conflictErrorBeforeCreated });
      server.caller({ does: 'speaks', says: 'Hi', ms: 300 });
      server.advance(300);
      server.send(create());
      server.settle();
      expect(server.types().filter((type) => type === 'error' || type === 'response.created')).toEqual(order);
      const named = server.last('response.created').response.id;
      expect(server.last('error').error.message).toContain(named);
    }
  });

  it('lateDone: a response.done is read after the response.created that follows it', () => {
    const server = withFaults({ lateDone: 400 });
    server.reply(talkative);
    server.send(create());
    server.advance(700);
    server.send({ type: 'response.cancel' });
    server.send(create());
    server.settle();
    const marks = server
      .frames()
      .filter(({ type }) => /response\.(created|done)$/.test(type))
      .map(({ type, response }) => `${type} ${response.id}`);
    const [first, second] = server.all('response.created').map(({ response }) => response.id);
    expect(marks).toEqual([
      `response.created ${first}`,
      `response.created ${second}`,
      `response.done ${first}`,
      `response.done ${second}`,
    ]);
  });

  it('lateDone: everything of a cancelled response still comes before its own end', () => {
    const server = withFaults({ lateDone: 400, stragglersAfterCancel: 3 });
    server.reply(talkative);
    server.send(create());
    server.advance(700);
    server.forget();
    server.send({ type: 'response.cancel' });
    server.settle();
    expect(
      server
        .types()
        .slice(0, 3)
        .every((type) => type.endsWith('.delta')),
    ).toBe(true);
    expect(server.types().at(-1)).toBe('response.done');
  });

  it('dropCreated: a response without its created, and with everything else', () => {
    const server = withFaults({ dropCreated: true });
    server.send(create());
    server.settle();
    expect(server.types()).not.toContain('response.created');
    expect(server.types()).toContain('response.output_item.added');
    expect(server.types()).toContain('response.done');
  });

  it('stragglersAfterCancel: so many deltas more, then the end', () => {
    for (const stragglersAfterCancel of [0, 2, 5]) {
      const server = withFaults({ stragglersAfterCancel });
      server.reply(talkative);
      server.send(create());
      server.advance(700);
      server.forget();
      server.send({ type: 'response.cancel' });
      expect(server.types().filter((type) => type.endsWith('.delta'))).toHaveLength(stragglersAfterCancel);
      expect(server.types().at(-1)).toBe('response.done');
    }
  });

  it('cancelHitsNext: a bare cancel that comes too late ends the next response at its creation', () => {
    const server = withFaults({ cancelHitsNext: true });
    server.send({ type: 'response.cancel' });
    server.caller({ does: 'speaks', says: 'Hi', ms: 300 });
    server.settle();
    expect(server.all('error')).toEqual([]);
    expect(server.last('response.done').response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'client_cancelled' },
      output: [],
    });
    server.send(create());
    server.settle();
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it('cancelHitsNext: a cancel by id never does', () => {
    const server = withFaults({ cancelHitsNext: true });
    expect(server.errorFor({ type: 'response.cancel', response_id: 'resp_gone' })).toMatchObject({
      code: 'response_cancel_not_active',
    });
  });

  it('errorWithoutEventId: errors name nobody', () => {
    const server = withFaults({ errorWithoutEventId: true });
    expect(server.errorFor({ type: 'response.cancel', event_id: 'mine' })).toMatchObject({ event_id: null });
  });

  it('rateLimits: after the end, before the first output, or never', () => {
    const place = (rateLimits: Faults['rateLimits']) => {
      const server = withFaults({ rateLimits });
      server.send(create());
      server.settle();
      const types = server.types();
      return ['response.output_item.added', 'response.done'].map((type) =>
        Math.sign(types.indexOf('rate_limits.updated') - types.indexOf(type)),
      );
    };
    expect(place('after')).toEqual([1, 1]);
    expect(place('before')).toEqual([-1, -1]);
    const never = withFaults({ rateLimits: 'never' });
    never.send(create());
    never.settle();
    expect(never.types()).not.toContain('rate_limits.updated');
  });

  it('vadWhileActive: a turn that ends during a response is skipped, or answered after it', () => {
    for (const [vadWhileActive, count] of [
      ['skip', 1],
      ['queue', 2],
    ] as const) {
      const server = withFaults({ vadWhileActive });
      server.send(update({ audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } } }));
      server.reply(talkative);
      server.send(create());
      server.advance(500);
      server.caller({ does: 'speaks', says: 'Hm', ms: 200 });
      server.settle();
      expect(server.all('response.done').map(({ response }) => response.status)).toEqual(
        Array.from({ length: count }, () => 'completed'),
      );
    }
  });

  it('transcriptionDelay: the transcript takes so long', () => {
    const server = withFaults({ transcriptionDelay: 3000 });
    server.send(update({ audio: { input: { transcription: { model: 'whisper-1' } } } }));
    server.caller({ does: 'speaks', says: 'Hi', ms: 300 });
    server.advance(3299);
    expect(server.types()).not.toContain('conversation.item.input_audio_transcription.completed');
    server.advance(1);
    expect(server.types()).toContain('conversation.item.input_audio_transcription.completed');
  });

  it('transcriptionReorder: the transcripts of two items arrive in the other order, and none is lost', () => {
    const server = withFaults({ transcriptionReorder: true });
    server.send(update({ audio: { input: { transcription: { model: 'whisper-1' } } } }));
    server.caller({ does: 'speaks', says: 'One', ms: 300 });
    server.caller({ does: 'speaks', says: 'Two', ms: 300 });
    server.caller({ does: 'speaks', says: 'Three', ms: 300 });
    server.settle();
    const said = server
      .all('conversation.item.input_audio_transcription.completed')
      .map(({ transcript }) => transcript);
    expect(said).toEqual(['Two', 'One', 'Three']);
  });

  it('transcriptionReorder: what is held back is held for ten seconds at most, each by itself', () => {
    const server = withFaults({ transcriptionReorder: true, transcriptionDelay: 0 });
    server.send(update({ audio: { input: { transcription: { model: 'whisper-1' } } } }));
    for (const says of ['One', 'Two', 'Three']) server.caller({ does: 'speaks', says, ms: 2000 });
    const count = () => server.all('conversation.item.input_audio_transcription.completed').length;
    server.advance(6400);
    expect(count()).toBe(2);
    server.advance(9999);
    expect(count()).toBe(2);
    server.advance(1);
    expect(count()).toBe(3);
  });

  it('multiItem: a remark comes before the answer, in the same response', () => {
    const server = withFaults({ multiItem: true });
    server.reply({ items: [{ calls: 'f', args: '{}' }] });
    server.send(create());
    server.settle();
    expect(server.last('response.done').response.output).toMatchObject([
      { type: 'message', phase: 'commentary' },
      { type: 'function_call' },
    ]);
  });

  it('audioBurstFactor: a whole answer in a moment', () => {
    const took = (audioBurstFactor: number) => {
      const server = withFaults({ audioBurstFactor });
      server.reply(talkative);
      server.send(create());
      let ms = 0;
      while (!server.types().includes('response.output_item.done')) {
        server.advance(1);
        ms += 1;
      }
      return ms;
    };
    expect(took(1)).toBe(90 + 330 + 500);
    expect(took(1000)).toBeLessThan(90 + 3);
  });

  it.each(['server_error', 'rate_limit_exceeded', 'insufficient_quota'])(
    'failCode: every response fails with %s',
    (failCode) => {
      const server = withFaults({ failCode });
      server.send(create());
      server.settle();
      server.send(create());
      server.settle();
      const errors = server.all('response.done').map(({ response }) => response.status_details.error);
      expect(errors).toMatchObject([{ code: failCode }, { code: failCode }]);
      expect(errors[0].message).not.toBe('');
    },
  );

  it.each([
    ['errorFirst', 'websocket', 1, [[1001, sentence]]],
    ['errorFirst', 'webrtc', 1, [[null, '']]],
    ['closeFirst', 'websocket', 0, [[1001, sentence]]],
    ['closeOnly', 'websocket', 0, [[1001, '']]],
  ] as const)('expiry: %s on %s', (expiry, media, errors, close) => {
    const server = withFaults({ expiry }, { media });
    server.happen({ type: 'expire' });
    expect(server.all('error')).toHaveLength(errors);
    expect(closes(server)).toEqual(close);
    expect(server.server.session).toBeNull();
  });

  it.each([
    [1000, 1000],
    ['noCloseFrame', null],
  ] as const)('hangup: %s closes every sideband with %s, and what was pending is lost', (hangup, code) => {
    const server = machine({ media: 'webrtc', faults: { hangup } }, { callId: 'rtc_1' });
    server.happen({ type: 'connect', connection: 'other', callId: 'rtc_1' });
    server.send(create());
    server.happen({ type: 'hang-up' });
    server.settle();
    expect(closes(server)).toEqual([
      [code, ''],
      [code, ''],
    ]);
    expect(server.types()).toEqual([]);
  });

  it.each([
    [3000, 3000, 'invalid_api_key'],
    [4000, 4000, 'invalid_model'],
    ['insufficient_permissions', 3000, 'insufficient_permissions'],
    ['invalid_intent', 4000, 'invalid_intent'],
  ] as const)('refusal: %s closes %i after the error', (refusal, close, code) => {
    const server = withFaults({ refusal });
    expect(server.last('error').error.code).toBe(code);
    expect(closes(server)).toEqual([[close, `invalid_request_error.${code}`]]);
  });

  it.each([401, 403, 429, 500, 503])('refusal: http%i ends it at the upgrade, without a frame', (status) => {
    const server = withFaults({ refusal: `http${status}` as Faults['refusal'] });
    expect(server.outputs).toMatchObject([{ type: 'refuse', status }]);
  });

  it('semanticBurst: several beginnings, of which only the last is committed', () => {
    const server = withFaults({ semanticBurst: 3 });
    server.send(update({ audio: { input: { turn_detection: { type: 'semantic_vad' } } } }));
    server.caller({ does: 'speaks', says: 'Hm', ms: 300 });
    server.settle();
    const begun = server.all('input_audio_buffer.speech_started').map(({ item_id }) => item_id);
    expect(new Set(begun).size).toBe(3);
    expect(server.all('input_audio_buffer.committed').map(({ item_id }) => item_id)).toEqual(begun.slice(-1));
  });

  it('semanticBurst: not under the other detection', () => {
    const server = withFaults({ semanticBurst: 3 });
    server.caller({ does: 'begins' });
    expect(server.all('input_audio_buffer.speech_started')).toHaveLength(1);
  });

  it('noPing: a socket without pings', () => {
    const pings = (faults: Partial<Faults>) => {
      const server = withFaults(faults, { pingEveryMs: 20_300 });
      server.advance(61_000);
      return server.outputs.filter(({ type }) => type === 'ping').length;
    };
    expect([pings({}), pings({ noPing: true })]).toEqual([3, 0]);
  });

  it('die1006: the socket dies without a close frame', () => {
    const server = withFaults({ die1006: 500 });
    server.advance(479);
    expect(closes(server)).toEqual([]);
    server.advance(1);
    expect(closes(server)).toEqual([[null, '']]);
    expect(server.server.session).toBeNull();
  });

  it.each([
    ['createdThenDone', ['response.created', 'response.done'], 'cancelled'],
    ['swallow', [], undefined],
    ['runs', ['response.created', 'response.done'], 'completed'],
  ] as const)('preCreated: %s', (preCreated, order, status) => {
    const server = withFaults({ preCreated });
    server.send(create());
    server.advance(10);
    server.caller({ does: 'begins' });
    server.settle();
    expect(server.types().filter((type) => /response\.(created|done)/.test(type))).toEqual(order);
    expect(server.last('response.done')?.response.status).toBe(status);
    expect(server.server.session!.slot).toBeNull();
  });

  it('preCreated: nothing is made, and nothing is to pay, for what was cut before its creation', () => {
    const server = withFaults({ preCreated: 'createdThenDone' });
    server.send(create());
    server.caller({ does: 'begins' });
    expect(server.last('response.done').response).toMatchObject({ output: [], usage: { total_tokens: 0 } });
    server.settle();
    expect(server.all('response.created')).toHaveLength(1);
  });

  it.each([
    ['claim', 'Early.'],
    ['created', 'Late.'],
  ] as const)('contextAt: at the %s, an automatic response has seen "%s"', (contextAt, seen) => {
    const server = withFaults({ contextAt, conflictErrorBeforeCreated: true });
    server.send(update({ output_modalities: ['text'] }));
    server.advance(60);
    server.caller({ does: 'speaks', says: 'Early.', ms: 300 });
    server.advance(310);
    server.send(userText('Late.', 'late'));
    server.advance(90);
    const [response] = server.server.session!.responses;
    expect(response!.sees.includes('late')).toBe(seen === 'Late.');
    server.settle();
    expect(server.last('response.output_text.done').text).toBe(`You said: ${seen}`);
  });
});

describe('the open question', () => {
  const cancelled = (faults: Partial<Faults>, afterMs = 700) => {
    const server = withFaults(faults);
    server.reply(talkative);
    server.send(create());
    server.advance(afterMs);
    server.forget();
    server.send({ type: 'response.cancel' });
    server.advance(100);
    return server;
  };

  it.each([
    ['error', 1],
    ['silent', 0],
  ] as const)('cancelBeforeCreated: %s', (cancelBeforeCreated, errors) => {
    const server = cancelled({ cancelBeforeCreated }, 10);
    expect(server.all('error')).toHaveLength(errors);
    server.settle();
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it('cancelTail: the end at once, and still an incomplete item', () => {
    const server = cancelled({ cancelTail: 'doneOnly' });
    expect(server.types()).toEqual(['response.done']);
    expect(server.last('response.done').response.output).toMatchObject([{ status: 'incomplete' }]);
  });

  it('itemDoneWhenCut: without conversation.item.done', () => {
    const server = cancelled({ itemDoneWhenCut: 'omitted' });
    expect(server.types()).not.toContain('conversation.item.done');
    expect(server.types()).toContain('response.output_item.done');
  });

  it('outOfBandItems: announced like the others', () => {
    const server = withFaults({ outOfBandItems: 'announced' });
    server.send(create({ conversation: 'none' }));
    server.settle();
    expect(server.types()).toContain('conversation.item.added');
    expect(server.types()).toContain('conversation.item.done');
    expect(server.server.session!.items).toEqual([]);
  });

  it('cancelledUsage: what was read is paid for', () => {
    expect(cancelled({ cancelledUsage: 'zero' }, 200).last('response.done').response.usage.input_tokens).toBe(0);
    expect(
      cancelled({ cancelledUsage: 'input' }, 200).last('response.done').response.usage.input_tokens,
    ).toBeGreaterThan(0);
  });

  it('maxOutOfBand: no more than so many at once', () => {
    const server = withFaults({ maxOutOfBand: 1 });
    expect(server.errorFor(create({ conversation: 'none' }))).toBeUndefined();
    expect(server.errorFor(create({ conversation: 'none' }))).toMatchObject({ code: 'rate_limit_exceeded' });
  });

  it('quotaCloseCode: how a connection without quota ends', () => {
    expect(closes(withFaults({ refusal: 'insufficient_quota', quotaCloseCode: 1008 }))).toEqual([
      [1008, 'insufficient_quota.insufficient_quota'],
    ]);
  });

  it('idleCloseMs: a socket on which the client says nothing is closed', () => {
    const server = withFaults({ idleCloseMs: 1000 });
    server.advance(900);
    server.send(update({}));
    server.advance(900);
    expect(closes(server)).toEqual([]);
    server.advance(100);
    expect(closes(server)).toEqual([[1000, '']]);
  });
});

it('every fault is off, or as observed, unless it is named', () => {
  expect(machine().server.faults).toEqual(noFaults);
});

it('a fault can be switched on in the middle of a session', () => {
  const server = machine();
  server.faults({ failCode: 'server_error' });
  server.send(create());
  server.settle();
  expect(server.last('response.done').response.status).toBe('failed');
});
