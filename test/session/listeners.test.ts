import { describe, expect, it } from 'vitest';
import { delta, ServerByHand, settles } from './by-hand.js';

const pong = { type: 'rate_limits.updated', rate_limits: [] };

describe('on()', () => {
  it('hears every event by its own name, and all of them as event', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const heard: string[] = [];
    session.on('event', ({ type }) => heard.push(`event ${type}`));
    session.on('rate_limits.updated', ({ type }) => heard.push(type));
    server.says(pong, { type: 'unheard.of', detail: 7 });
    expect(heard).toEqual(['event rate_limits.updated', 'rate_limits.updated', 'event unheard.of']);
  });

  it('hears a frame as event, then by its own name, then as audio', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const heard: string[] = [];
    session.on('audio', () => heard.push('audio'));
    session.on('response.output_audio.delta', () => heard.push('own'));
    session.on('event', () => heard.push('event'));
    server.says(delta('resp_1'));
    expect(heard).toEqual(['event', 'own', 'audio']);
  });

  it('returns what takes the listener off, and takes it off once', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    let heard = 0;
    const listener = (): void => void heard++;
    const off = session.on('event', listener);
    session.on('event', listener);
    server.says(pong);
    off();
    off();
    server.says(pong);
    expect(heard).toBe(3);
  });

  it('decodes audio, which is the listener’s to keep', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const heard: [number[], string][] = [];
    session.on('audio', ({ bytes, itemId }) => heard.push([[...bytes], itemId]));
    server.says(delta('resp_1', 'item_7', [9, 8]));
    expect(heard).toEqual([[[9, 8], 'item_7']]);
  });

  it('gives the response that the event belongs to, also after its end', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const asked = session.respond('greeting');
    const responses: unknown[] = [];
    session.on('event', (_, response) => responses.push(response));
    session.on('audio', (_, response) => responses.push(response));
    server.creates('resp_1');
    server.says(delta('resp_1'));
    server.completes('resp_1');
    server.says({ type: 'response.output_text.delta', response_id: 'resp_1' }, pong);
    const handle = asked.kind === 'admit' ? asked.response : null;
    expect(responses).toEqual([handle, handle, handle, handle, handle, undefined]);
  });

  it('tells of every response, the server’s own among them', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const told: (string | null)[] = [];
    session.on('response', ({ purpose }) => told.push(purpose));
    session.respond('greeting');
    server.creates('resp_1');
    server.completes('resp_1');
    server.says({ type: 'response.created', response: { id: 'resp_2', conversation_id: 'conv_1' } });
    expect(told).toEqual(['greeting', null]);
  });

  it('tells of every verdict when it is settled', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const told: string[] = [];
    session.on('verdict', ({ purpose, verdict }) => told.push(`${purpose} ${verdict}`));
    session.respond('greeting');
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect(told).toEqual(['greeting admit', 'nudge refuse']);
  });

  it('does not take the server’s word for events of ours', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const told: string[] = [];
    for (const type of ['fault', 'verdict', 'response', 'audio'] as const) session.on(type, () => told.push(type));
    server.says({ type: 'fault' }, { type: 'verdict' }, { type: 'response' }, { type: 'audio' });
    expect(told).toEqual([]);
  });
});

describe('a listener that throws', () => {
  it.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw new Error('mine');
      },
    ],
    ['later', () => Promise.reject(new Error('mine'))],
    [
      'through a promise of another kind',
      () => ({ then: (_: unknown, no: (e: Error) => void) => no(new Error('mine')) }),
    ],
  ])('%s is a fault, and breaks nobody else', async (_, listener) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: Error[] = [];
    let heard = 0;
    session.on('event', listener);
    session.on('event', () => heard++);
    session.on('fault', (error) => faults.push(error));
    server.says(pong);
    await settles();
    server.says(pong);
    await settles();
    expect(faults.map(({ message }) => message)).toEqual(['mine', 'mine']);
    expect(heard).toBe(2);
  });

  it.each([
    ['a string', 'mine'],
    ['nothing', undefined],
    ['a symbol', Symbol('mine')],
    ['what cannot be said', Object.create(null)],
    [
      'what throws when it is looked at',
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('throws %s, and it is an Error all the same', async (_, thrown) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: unknown[] = [];
    session.on('event', () => {
      throw thrown;
    });
    session.on('fault', (error) => faults.push(error));
    server.says(pong);
    server.says(pong);
    expect(faults).toHaveLength(2);
    expect(faults[0]).toBeInstanceOf(Error);
  });

  it('of faults goes nowhere, or it would go round', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    let told = 0;
    session.on('fault', () => {
      told++;
      throw new Error('again');
    });
    session.on('fault', () => Promise.reject(new Error('again')) as never);
    server.saysText('not json');
    await settles();
    expect(told).toBe(1);
    expect(session.state.connection).toBe('open');
  });
});

describe('a call from inside a listener', () => {
  it('is decided and written at once, before the other listeners hear of the frame', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const order: string[] = [];
    session.on('event', () => order.push(session.respond('reply').kind, ...server.types()));
    session.on('event', () => order.push('second listener'));
    server.says(pong);
    expect(order).toEqual(['admit', 'response.create', 'second listener']);
  });

  it('tells what it brings about after what was told before', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const order: string[] = [];
    session.on('rate_limits.updated', () => {
      session.respond('reply');
      order.push('own');
    });
    session.on('verdict', () => order.push('verdict'));
    session.on('event', () => order.push('event'));
    server.says(pong);
    expect(order).toEqual(['event', 'own', 'verdict']);
  });

  it('finds the gate as the frame has left it: a done frees the slot before anybody hears of it', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    server.creates('resp_1');
    const verdicts: string[] = [];
    session.on('response.done', () => verdicts.push(session.respond('reply').kind));
    server.completes('resp_1');
    expect(verdicts).toEqual(['admit']);
  });

  it('holds back further frames until all is told', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const order: string[] = [];
    session.on('rate_limits.updated', () => {
      server.says({ type: 'later' });
      order.push('first, one');
    });
    session.on('rate_limits.updated', () => order.push('first, two'));
    session.on('event', ({ type }) => order.push(type));
    server.says(pong);
    expect(order).toEqual(['rate_limits.updated', 'first, one', 'first, two', 'later']);
  });
});

describe('a transport that answers before send() returns', () => {
  it('is heard only when all is written and told', async () => {
    const server = new ServerByHand({
      answers(frame, each) {
        if (frame.type === 'session.update') each.confirms();
        if (frame.type !== 'response.create') return;
        each.creates('resp_1');
        each.completes('resp_1');
      },
    });
    const session = await server.opened();
    const order: string[] = [];
    session.on('verdict', ({ verdict }) => order.push(verdict));
    session.on('event', ({ type }) => order.push(type));
    const asked = session.respond('greeting');
    expect(asked.kind).toBe('admit');
    expect(order).toEqual(['admit', 'response.created', 'response.done']);
    expect(await asked.done).toMatchObject({ status: 'completed' });
  });

  it('ends also when it is closed by somebody who hears of a fault', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.on('event', () => Promise.reject(new Error('mine')) as never);
    session.on('fault', () => void session.close());
    server.says(pong);
    expect(await session.closed).toEqual({ kind: 'closed' });
  });
});
