import { describe, expect, it } from 'vitest';
import { faultsOf, ServerByHand } from './by-hand.js';

describe('a line on which nothing arrives', () => {
  it('is asked for a sign of life after 45 seconds, where it can be', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    server.clock.advance(44_900);
    expect(server.pinged).toBe(0);
    server.clock.advance(200);
    expect([server.pinged, session.state.line]).toEqual([1, 'heard']);
  });

  it('that answers lives on: it is asked again after another 45 seconds, and nothing is told', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults = faultsOf(session);
    server.clock.advance(300_000);
    expect([server.pinged, server.written, faults]).toEqual([6, [], []]);
    expect(session.state).toMatchObject({ connection: 'open', shut: [] });
  });

  it('that does not answer within ten seconds is lost, and the operator is told', async () => {
    const server = new ServerByHand({ pings: 'unanswered' });
    const session = await server.opened();
    const faults = faultsOf(session);
    const verdict = session.respond('greeting');
    server.creates('resp_1');
    server.clock.advance(54_900);
    expect(session.state.connection).toBe('open');
    server.clock.advance(500);
    expect(await session.closed).toMatchObject({
      kind: 'lost',
      code: null,
      reason: expect.stringMatching(/silent/) as string,
    });
    expect(await verdict.done).toMatchObject({ status: 'lost' });
    expect(faults).toEqual([expect.stringMatching(/has been silent for 55\d\d\d ms/)]);
  });

  it.each<[string, (server: ServerByHand) => void]>([
    ['a frame', (server) => server.says({ type: 'note' })],
    ['a sign of life', (server) => server.lives()],
  ])('is not asked while there is now and then %s', async (_, happens) => {
    const server = new ServerByHand({ pings: 'unanswered' });
    await server.opened();
    for (let count = 0; count < 10; count++) {
      server.clock.advance(40_000);
      happens(server);
    }
    expect(server.pinged).toBe(0);
  });

  it('that cannot ping is asked by an update that changes nothing, and shuts nothing', async () => {
    const server = new ServerByHand({ pings: 'impossible' });
    const session = await server.opened();
    server.clock.advance(45_100);
    expect(server.written).toMatchObject([{ type: 'session.update', session: { type: 'realtime' } }]);
    expect(session.state).toMatchObject({ line: 'asked', configuration: 'confirmed', shut: [] });
    expect(session.respond('greeting').kind).toBe('admit');
    server.confirms();
    expect(session.state.line).toBe('heard');
  });

  it('that cannot ping and does not answer that either is lost', async () => {
    const server = new ServerByHand({ pings: 'impossible' });
    const session = await server.opened();
    faultsOf(session);
    server.clock.advance(55_500);
    expect(await session.closed).toMatchObject({ kind: 'lost' });
  });

  it('is watched by the plan’s own limits', async () => {
    const server = new ServerByHand({ pings: 'unanswered' });
    const session = await server.opened({ limits: { silentMs: 2_000, aliveMs: 500 } });
    faultsOf(session);
    server.clock.advance(2_100);
    expect(server.pinged).toBe(1);
    server.clock.advance(600);
    expect(await session.closed).toMatchObject({ kind: 'lost' });
  });

  it('is closed when it is given up, and what it says later is not heard', async () => {
    const server = new ServerByHand({ pings: 'unanswered', closes: 'never' });
    const session = await server.opened();
    faultsOf(session);
    const seen: unknown[] = [];
    session.on('event', (event) => seen.push(event));
    server.clock.advance(56_000);
    server.says({ type: 'late' });
    expect(seen).toEqual([]);
    expect(server.clock.pending).toBe(0);
  });
});
