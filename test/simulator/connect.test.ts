import { describe, expect, it } from 'vitest';
import { create, machine, update, userText } from './machine.js';

const ends = (server: ReturnType<typeof machine>) =>
  server.outputs.flatMap((output) => (output.type === 'close' ? [[output.code, output.reason]] : []));

describe('a connection that is refused', () => {
  it.each([
    ['a wrong key', { apiKeys: ['right'] }, { model: 'gpt-realtime', apiKey: 'sk-wrong' }, 'invalid_api_key', 3000],
    ['no key', { apiKeys: ['right'] }, { model: 'gpt-realtime' }, 'invalid_api_key', 3000],
    ['no model', {}, {}, 'missing_model', 4000],
    ['an unknown model', {}, { model: 'gpt-9' }, 'invalid_model', 4000],
    ['an unknown intent', {}, { model: 'gpt-realtime', intent: 'chat' }, 'invalid_intent', 4000],
    ['the beta header', {}, { model: 'gpt-realtime', beta: true }, 'beta_api_shape_disabled', 4000],
  ])('for %s gets an error, then a close that names it', (_, options, greeting, code, close) => {
    const server = machine(options, { model: undefined as never, ...greeting });
    expect(server.frames()).toMatchObject([
      { type: 'error', error: { type: 'invalid_request_error', code, event_id: null } },
    ]);
    expect(ends(server)).toEqual([[close, `invalid_request_error.${code}`]]);
    expect(server.server.session).toBeNull();
  });

  it('never shows the key', () => {
    const server = machine({ apiKeys: ['right'] }, { model: 'gpt-realtime', apiKey: 'sk-secret-value' });
    expect(JSON.stringify(server.outputs)).not.toContain('secret');
  });

  it('is let in with the right key', () => {
    expect(machine({ apiKeys: ['right'] }, { model: 'gpt-realtime', apiKey: 'right' }).types()).toEqual([
      'session.created',
    ]);
  });
});

describe('client frames that make no sense', () => {
  it.each([
    ['{', 'invalid_json', null],
    ['"text"', 'invalid_event', null],
    ['[]', 'invalid_event', null],
    ['{"event_id":"x"}', 'invalid_event', null],
    ['{"type":"conversation.item.explode"}', 'invalid_value', 'type'],
    ['{"type":"__proto__"}', 'invalid_value', 'type'],
    ['{"type":3}', 'invalid_value', 'type'],
    ['{"type":"output_audio_buffer.clear"}', 'invalid_value', 'type'],
    ['{"type":"response.create","__proto__":{}}', 'unknown_parameter', '__proto__'],
  ])('%s is answered by %s, and nothing else changes', (text, code, param) => {
    const server = machine();
    server.forget();
    server.happen({ type: 'text', connection: 'client', text });
    server.settle();
    expect(server.frames()).toMatchObject([{ type: 'error', error: { code, param } }]);
    expect(server.server.session).not.toBeNull();
  });

  it('a binary frame is answered by invalid_event', () => {
    const server = machine();
    server.happen({ type: 'binary', connection: 'client' });
    server.settle();
    expect(server.last('error').error).toMatchObject({ code: 'invalid_event' });
  });

  it('are answered in their order, with what was right between them', () => {
    const server = machine();
    server.forget();
    server.send(update({}));
    server.send({ type: 'nonsense' });
    server.send(userText('x'));
    server.settle();
    expect(server.types()).toEqual(['session.updated', 'error', 'conversation.item.added', 'conversation.item.done']);
  });
});

describe('a call', () => {
  it('greets nobody: a sideband gets no session.created, and its updates are confirmed', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.send(update({ instructions: 'x' }));
    server.settle();
    expect(server.types()).toEqual(['session.updated']);
  });

  it('shows everything to every connection, and lets every connection write', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.happen({ type: 'connect', connection: 'other', callId: 'rtc_1' });
    server.send(create(), 'other');
    server.send(userText('x'));
    server.settle();
    expect(server.types('other')).toEqual(server.types('client'));
    expect(server.types()).toContain('response.done');
  });

  it('tells only the one who erred of the error', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.happen({ type: 'connect', connection: 'other', callId: 'rtc_1' });
    server.send({ type: 'nonsense' }, 'other');
    server.settle();
    expect([server.types('client'), server.types('other')]).toEqual([[], ['error']]);
  });

  it('clears what is heard when told to, and cuts the item to it', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.reply({ items: [{ says: 'A sentence.', ms: 4000 }] });
    server.send(create());
    server.advance(1500);
    server.forget();
    server.send({ type: 'output_audio_buffer.clear' });
    server.settle();
    expect(server.types()).toEqual(['output_audio_buffer.cleared', 'conversation.item.truncated']);
  });

  it('has nothing more to say to a sideband that has left', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.happen({ type: 'connect', connection: 'other', callId: 'rtc_1' });
    server.send({ type: 'nonsense' }, 'other');
    server.send(create());
    server.happen({ type: 'disconnect', connection: 'other' });
    server.settle();
    expect(server.types('other')).toEqual([]);
    expect(server.types('client')).toContain('response.done');
  });

  it('outlives a sideband that leaves', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.send(userText('x', 'x'));
    server.happen({ type: 'disconnect', connection: 'client' });
    server.happen({ type: 'connect', connection: 'again', callId: 'rtc_1' });
    expect(server.server.session!.items).toHaveLength(1);
  });
});

describe('the end of a session', () => {
  it('comes after an hour', () => {
    const server = machine({ lifetimeMs: 3_600_000 });
    server.advance(3_600_000);
    expect(server.last('error').error).toEqual({
      type: 'invalid_request_error',
      code: 'session_expired',
      message: 'Your session hit the maximum duration of 60 minutes.',
      param: null,
      event_id: null,
    });
    expect(ends(server)).toEqual([[1001, 'Your session hit the maximum duration of 60 minutes.']]);
  });

  it('is noticed at the next event where no appointment was made', () => {
    const server = machine();
    server.advance(4_000_000);
    expect(ends(server)).toEqual([]);
    server.send(update({}));
    expect(ends(server)).toHaveLength(1);
  });

  it('takes what was pending with it, and a new connection begins empty', () => {
    const server = machine();
    server.send(userText('x', 'x'));
    server.send(create());
    server.happen({ type: 'disconnect', connection: 'client' });
    server.settle();
    expect(server.types()).not.toContain('response.done');
    server.happen({ type: 'connect', connection: 'client', model: 'gpt-realtime' });
    server.settle();
    expect(server.server.session!.items).toEqual([]);
    expect(new Set(server.all('session.created').map(({ session }) => session.id)).size).toBe(2);
  });

  it('makes no difference to what is said after it', () => {
    const server = machine();
    server.happen({ type: 'die' });
    server.send(update({}));
    server.caller({ does: 'begins' });
    server.settle();
    expect(server.types()).toEqual(['session.created']);
    expect(ends(server)).toEqual([[null, '']]);
  });
});

describe('ids', () => {
  it('have their shapes, tell the second they were made in, and are never the same twice', () => {
    const server = machine({ unixSecondsAtZero: 1_785_214_055 });
    for (let count = 0; count < 50; count += 1) {
      server.send(create());
      server.advance(2000);
    }
    const ids = server.frames().map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^event_[0-9A-Za-z]{21}$/.test(id))).toBe(true);
    expect(server.frames()[0].session.id).toMatch(/^sess_E6U11[0-9A-Za-z]{16}$/);
  });

  it('depend on the seed alone', () => {
    const idOf = (seed: number) => machine({ seed }).frames()[0].session.id;
    expect(idOf(1)).toBe(idOf(1));
    expect(idOf(1)).not.toBe(idOf(2));
  });
});
