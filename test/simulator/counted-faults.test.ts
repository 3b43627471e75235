import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/index.js';
import { createSimulator } from '../../src/simulator/index.js';
import type { Faults, ServerOptionsGiven } from '../../src/simulator/server/index.js';
import { create, machine, update, userText } from './machine.js';

const withFaults = (faults: Partial<Faults>, given: ServerOptionsGiven = {}) => machine({ ...given, faults });
type Machine = ReturnType<typeof machine>;

/** What becomes of connections that are opened one after the other: the code of the refusal, or `open`. */
function dialled(server: Machine, ...ids: readonly string[]) {
  return ids.map((connection) => {
    const outputs = server.happen({ type: 'connect', connection, model: 'gpt-realtime-2.1' });
    const refused = outputs.find(({ type }) => type === 'refuse' || type === 'close');
    if (refused?.type === 'refuse') return refused.status;
    return refused?.type === 'close' && refused.connection === connection ? refused.code : 'open';
  });
}
const closes = (server: Machine) =>
  server.outputs.flatMap((output) => (output.type === 'close' ? [[output.connection, output.code]] : []));

describe('the fault refusal, counted', () => {
  it('refuses so many connections, and then no more', () => {
    const server = machine();
    server.faults({ refusal: { next: 2, by: 'http503' } });
    expect(dialled(server, 'b', 'c', 'd')).toEqual([503, 503, 'open']);
    expect(server.server.faults.refusal).toBeNull();
  });

  it('refuses by a close code, too, after the error', () => {
    const server = machine();
    server.faults({ refusal: { next: 1, by: 'insufficient_quota' } });
    expect(dialled(server, 'b', 'c')).toEqual([3000, 'open']);
    expect(server.types('b')).toEqual(['error']);
  });

  it.each([0, 400])('lets a client wait %i ms for the refusal', async (afterMs) => {
    const simulator = createSimulator({ faults: { refusal: { next: 1, by: 'http429', afterMs } } });
    const { transport, clock } = simulator;
    await expect(openSession({ transport, clock })).rejects.toMatchObject({ failure: { status: 429 } });
    expect(clock.now()).toBe(afterMs);
  });

  it('lets a client give up meanwhile', async () => {
    const simulator = createSimulator({ faults: { refusal: { next: 1, by: 'http429', afterMs: 60_000 } } });
    const { transport, clock } = simulator;
    const opening = openSession({ transport, clock, timeoutMs: 500 });
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'timeout' } });
  });
});

describe('the fault maxConnections', () => {
  it('refuses with 429 beyond so many, until one is closed', () => {
    const server = withFaults({ maxConnections: 1 });
    expect(dialled(server, 'b')).toEqual([429]);
    server.happen({ type: 'disconnect', connection: 'client' });
    expect(dialled(server, 'c')).toEqual(['open']);
  });
});

describe('the fault dieAtFrame', () => {
  it('kills the connection in place of that frame, once', () => {
    const server = machine();
    server.faults({ dieAtFrame: 2 });
    server.send(userText('Hi'));
    server.send(create());
    server.settle();
    expect(server.types()).toEqual(['session.created', 'conversation.item.added']);
    expect(closes(server)).toEqual([['client', null]]);
    expect([server.server.session, server.server.faults.dieAtFrame]).toEqual([null, null]);
  });

  it('counts the frames of whichever connection', () => {
    const server = machine({ media: 'webrtc' }, { callId: 'rtc_1' });
    server.happen({ type: 'connect', connection: 'other', callId: 'rtc_1' });
    server.faults({ dieAtFrame: 4 });
    server.send(userText('Hi'));
    server.settle();
    expect([server.types(), server.types('other')]).toEqual([
      ['conversation.item.added', 'conversation.item.done'],
      ['conversation.item.added'],
    ]);
    expect(closes(server)).toEqual([['other', null]]);
    expect(server.server.session).not.toBeNull();
  });
});

describe('the fault badUpdate', () => {
  const three = (badUpdate: Faults['badUpdate']) => {
    const server = withFaults({ badUpdate });
    for (const instructions of ['One.', 'Two.', 'Three.']) {
      server.send(update({ instructions }));
      server.advance(100);
    }
    return server.all('session.updated').map(({ session }) => session.instructions.slice(0, 6));
  };

  it('leaves the nth update unanswered, and nothing of it stands', () => {
    expect(three({ nth: 2, is: 'unanswered' })).toEqual(['One.', 'Three.']);
    const server = withFaults({ badUpdate: { nth: 1, is: 'unanswered' } });
    server.send(update({ instructions: 'One.' }));
    server.send(update({}));
    server.settle();
    expect(server.last('session.updated').session.instructions).not.toBe('One.');
  });

  it('answers the nth update as if nobody had configured the session', () => {
    expect(three({ nth: 3, is: 'misconfirmed' })).toEqual(['One.', 'Two.', 'You ar']);
  });

  it('does not count what is refused', () => {
    const server = withFaults({ badUpdate: { nth: 1, is: 'unanswered' } });
    expect(server.errorFor(update({ nothing: 1 }))).toBeDefined();
    expect(server.server.faults.badUpdate).not.toBeNull();
  });
});

describe('the fault refusedItems', () => {
  const call = { type: 'conversation.item.create', item: { type: 'function_call', name: 'f', arguments: '{}' } };

  it.each([
    [userText('Hi'), 'user', 'function_call'],
    [call, 'function_call', 'user'],
  ])('refuses items of that kind, and no others', (item, kind, other) => {
    const of = (refused: string) =>
      withFaults({ refusedItems: { kind: refused as 'user' } }).errorFor({ ...item, event_id: 'mine' });
    expect(of(kind)).toMatchObject({ code: 'invalid_value', param: 'item.type', event_id: 'mine' });
    expect(of(other)).toBeUndefined();
  });

  it('does not name the event where it shall not', () => {
    const server = withFaults({ refusedItems: { kind: 'user', error: 'unnamed' } });
    expect(server.errorFor({ ...userText('Hi'), event_id: 'mine' })).toMatchObject({ event_id: null });
    expect(server.server.session!.items).toEqual([]);
  });
});

describe('a call', () => {
  const onCall = () => machine({ media: 'webrtc' }, { callId: 'rtc_1' });
  const join = (server: Machine, callId = 'rtc_1') => {
    const outputs = server.happen({ type: 'connect', connection: 'again', callId });
    return outputs.find(({ type }) => type === 'refuse') ?? null;
  };

  it('goes on without its control line, and is joined again', () => {
    const server = onCall();
    server.send(userText('Hi'));
    server.happen({ type: 'die' });
    expect(closes(server)).toEqual([['client', null]]);
    expect(join(server)).toBeNull();
    expect(server.server.session!.items).toHaveLength(1);
  });

  it('is joined again once it is refused no longer', () => {
    const server = onCall();
    server.happen({ type: 'die' });
    server.faults({ refusal: { next: 1, by: 'http404' } });
    expect(join(server)).toMatchObject({ status: 404, code: 'call_id_not_found' });
    expect(join(server)).toBeNull();
  });

  it.each(['hang-up', 'expire'])('is joined no more after %s; another one is', (type) => {
    const server = onCall();
    server.happen({ type });
    expect(join(server)).toMatchObject({ status: 404 });
    expect(join(server, 'rtc_2')).toBeNull();
  });
});
