import { describe, expect, it } from 'vitest';
import { MisuseError, openSession, type SessionPlan } from '../../src/index.js';
import { createSimulator, simulate, type SimulatorOptions } from '../../src/simulator/index.js';

const MINUTE = 60_000;

/** A session whose connections live for twenty minutes, and which moves ten minutes before, at the earliest. */
async function rotating(plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  const made = await simulate({ reconnect: {}, ...plan }, { lifetimeMs: 20 * MINUTE, ...options });
  const { session, server } = made;
  const told: string[] = [];
  for (const name of ['away', 'back', 'rotated', 'expiring'] as const) session.on(name, () => void told.push(name));
  session.on('fault', ({ message }) => void told.push(message));
  const waits = (ms: number): Promise<void> => new Promise((resolve) => void server.clock.after(ms, resolve));
  return { session, server, told, waits };
}

const idsOf = (server: ReturnType<typeof createSimulator>): readonly string[] =>
  server.server.connections.map(({ id }) => id);

describe('a session whose connection will end for its age', () => {
  it('moves to another one before, which knows the conversation, and goes on', async () => {
    const { session, server, told, waits } = await rotating();
    server.says('Hello, what can I do for you?');
    await session.respond('greeting').done;
    const before = session.id;
    await waits(15 * MINUTE);
    expect([told, session.state.epoch, session.state.connection]).toEqual([['rotated'], 2, 'open']);
    expect(session.id).not.toBe(before);
    expect(session.effective.expires_at).toBe(server.server.session?.config['expires_at']);
    expect([idsOf(server), server.server.session?.items.map(({ wire }) => wire['role'])]).toEqual([
      ['connection-2'],
      ['assistant', 'system'],
    ]);
    server.says('Are you there?');
    expect((await session.respond('question').done).status).toBe('completed');
    await session.close();
  });

  it('moves again and again, and is never away', async () => {
    const { session, told, waits } = await rotating();
    await waits(3 * 60 * MINUTE);
    expect(new Set(told)).toEqual(new Set(['rotated']));
    expect(session.state.epoch).toBe(told.length + 1);
    await session.close();
  });

  it('shows that the next one stands ready, beside the present one, while somebody speaks', async () => {
    const { session, server, told, waits } = await rotating({ limits: { turnMs: 20 * MINUTE } });
    session.userTurn('begins');
    await waits(15 * MINUTE);
    expect([session.state.restore, session.state.connection, idsOf(server), told]).toEqual([
      'ready',
      'open',
      ['connection-1'],
      [],
    ]);
    session.userTurn('ends');
    await waits(3_000);
    expect([session.state.restore, told]).toEqual(['none', ['rotated']]);
    await session.close();
  });

  it('is closed with both of its connections', async () => {
    const { session, server, waits } = await rotating({ limits: { turnMs: 20 * MINUTE } });
    session.userTurn('begins');
    await waits(15 * MINUTE);
    await session.close();
    await new Promise((resolve) => void setImmediate(resolve));
    server.clock.advance(0);
    expect(idsOf(server)).toEqual([]);
  });

  it('has the one that is ready take over at once, where its own is lost', async () => {
    const { session, server, told, waits } = await rotating({ limits: { turnMs: 20 * MINUTE } });
    session.userTurn('begins');
    await waits(15 * MINUTE);
    server.expire();
    const { awayMs } = await session.once('back');
    expect([awayMs, told]).toEqual([0, ['away', 'back']]);
    await session.close();
  });

  it('takes the end from this machine’s clock, where its own says nothing of the time', async () => {
    const { transport, clock } = createSimulator({ unixSecondsAtZero: Math.floor(Date.now() / 1_000) });
    const plain = { now: () => clock.now(), after: clock.after.bind(clock) };
    const session = await openSession({ transport, clock: plain, reconnect: {} });
    await new Promise<void>((resolve) => void clock.after(58 * MINUTE, resolve));
    expect(session.state.epoch).toBe(2);
    await session.close();
    clock.stop();
  });
});

describe('a session that does not move', () => {
  it.each<[string, SessionPlan, SimulatorOptions]>([
    ['without reconnect', { reconnect: undefined }, {}],
    ['with rotate: false', { reconnect: { rotate: false } }, {}],
    ['on a SIP call', {}, { media: 'webrtc', greeting: { callId: 'rtc_1' } }],
  ])('is told in time that its connection will end: %s', async (_, plan, options) => {
    const { session, told, waits } = await rotating(plan, options);
    const leftMs: number[] = [];
    session.on('expiring', ({ inMs }) => void leftMs.push(inMs));
    await waits(17.9 * MINUTE);
    expect(told).toEqual([]);
    await waits(0.2 * MINUTE);
    expect([told, leftMs]).toEqual([['expiring'], [expect.closeTo(2 * MINUTE, -3)]]);
    await session.close();
  });

  it('is told when its plan says so', async () => {
    const { session, told, waits } = await rotating({ reconnect: false, limits: { expiringMs: 5 * MINUTE } });
    await waits(15.1 * MINUTE);
    expect(told).toEqual(['expiring']);
    await session.close();
  });
});

describe('rotate', () => {
  it.each<[unknown, string]>([
    [{ early: 3 }, "reconnect.rotate has no option 'early'"],
    [{ beforeMs: 0 }, 'reconnect.rotate: beforeMs is a positive number of milliseconds.'],
    [{ latestMs: -1 }, 'reconnect.rotate: latestMs is a positive number of milliseconds.'],
    [{ beforeMs: 50_000 }, 'reconnect.rotate: latestMs is less than beforeMs.'],
    [true, 'reconnect.rotate takes an object.'],
  ])('%j is refused before anything is sent', async (rotate, words) => {
    const simulator = createSimulator();
    const opening = openSession({
      transport: simulator.transport,
      clock: simulator.clock,
      reconnect: { rotate } as SessionPlan['reconnect'],
    });
    await expect(opening).rejects.toThrow(MisuseError);
    await expect(opening).rejects.toThrow(words);
    expect(simulator.received).toEqual([]);
  });
});
