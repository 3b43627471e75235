import { describe, expect, it } from 'vitest';
import { ConnectError, MisuseError, jsonSchema, openSession, tool } from '../../src/index.js';
import { createSimulator, type SimulatorOptions } from '../../src/simulator/index.js';
import type { Ears, Line, SessionPlan, Transport } from '../../types/index.js';

type Way = (ears: Ears, signal: AbortSignal, open: Transport['open']) => Promise<Line>;

/** A session that outlives its connection; the connections after the first are made as `ways` says. */
async function lasting(plan: SessionPlan = {}, options: SimulatorOptions = {}, ways: readonly Way[] = []) {
  const simulator = createSimulator(options);
  let opened = 0;
  const transport: Transport = {
    open(ears, signal) {
      const way = ways[opened++ - 1];
      const open = simulator.transport.open.bind(simulator.transport);
      return way ? way(ears, signal, open) : open(ears, signal);
    },
  };
  const session = await openSession({ transport, clock: simulator.clock, reconnect: {}, ...plan });
  const faults: string[] = [];
  session.on('fault', ({ message }) => faults.push(message));
  return { simulator, session, faults };
}

const said = (simulator: ReturnType<typeof createSimulator>): readonly unknown[] =>
  simulator.server.session?.items.map(({ wire }) => wire['role'] ?? wire['type']) ?? [];

describe('a session that outlives its connection', () => {
  it('tells when it is away and when it is back, and goes on where it was', async () => {
    const { session, simulator, faults } = await lasting();
    simulator.says('Hello, what can I do for you?');
    await session.respond('greeting').done;
    await new Promise<void>((resolve) => void simulator.clock.after(3_000, resolve));
    const told: unknown[] = [];
    session.on('away', (event) => told.push(event));
    session.on('back', ({ epoch }) => told.push(epoch));
    const before = session.id;
    simulator.drop();
    const asked = session.respond('question');
    simulator.says('Are you there?');
    const outcome = await asked.done;
    expect(told).toEqual([{ code: null, reason: '' }, 2]);
    expect([outcome.status, session.state.epoch, session.id === before]).toEqual(['completed', 2, false]);
    expect(said(simulator)).toEqual(['assistant', 'system', 'assistant']);
    expect(faults).toEqual([]);
    await session.close();
  });

  it('runs a tool on, and gives the next connection its call, its output and one follow-up', async () => {
    let runs = 0;
    const find = tool({
      name: 'find',
      description: 'finds',
      parameters: jsonSchema({ type: 'object' }),
      run: () => new Promise((resolve) => void simulator.clock.after(3_000, () => resolve(++runs))),
    });
    const { session, simulator } = await lasting({ tools: [find] });
    simulator.calls('find');
    simulator.says('It is found.');
    session.respond('look');
    await session.once('response.output_item.done');
    simulator.drop();
    const round = await session.once('tools');
    await session.once('response.done');
    expect([runs, round.followUp]).toEqual([1, 'asked']);
    expect(said(simulator)).toEqual(['function_call', 'function_call_output', 'assistant']);
    await session.close();
  });

  it('keeps items while it is away, and drops what could only be sent', async () => {
    const { session, simulator } = await lasting();
    await new Promise<void>((resolve) => void simulator.clock.after(0, resolve));
    simulator.drop();
    session.send({ type: 'conversation.item.delete', item_id: 'item_1' });
    const content = [{ type: 'input_text' as const, text: 'Well?' }];
    session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    expect(session.state.dropped).toBe(1);
    await session.once('back');
    expect(said(simulator)).toEqual(['system', 'user']);
    await session.close();
  });

  it('sends audio to the next connection, and hears the caller there', async () => {
    const { session, simulator } = await lasting();
    simulator.drop();
    await session.once('back');
    simulator.says('I hear you.');
    simulator.caller.speaks('Hello?', { ms: 800 });
    const response = await session.once('response');
    expect((await response.done).status).toBe('completed');
    await session.close();
  });

  it('asks once more for what the loss has broken off, where the plan says so', async () => {
    const { session, simulator } = await lasting({ recovery: { lost: 'resume' } });
    session.respond('greeting', { response: { instructions: 'Greet.' } });
    simulator.drop();
    simulator.says('Hello.');
    const response = await session.once('response');
    expect([response.purpose, (await response.done).status]).toEqual(['lost-resume', 'completed']);
    await session.close();
  });

  it('takes no other word for what becomes of it', async () => {
    const opening = lasting({ recovery: { lost: 'retry' } as unknown as SessionPlan['recovery'] });
    await expect(opening).rejects.toThrow("recovery: lost is 'resume' or 'go-on'.");
  });

  it('brings what the caller is to hear meanwhile, as it was given', async () => {
    const music = Buffer.from('music');
    const { session, simulator } = await lasting({ reconnect: { meanwhile: music, firstMs: 8_000 } });
    music.fill(0);
    simulator.drop();
    const { bytes, base64 } = await session.once('meanwhile');
    bytes.fill(1);
    expect([base64, session.state.connection]).toEqual([Buffer.from('music').toString('base64'), 'away']);
    await session.once('back');
    await session.close();
  });

  it('is closed while it is away, and leaves no connection open', async () => {
    const { session, simulator } = await lasting();
    simulator.drop();
    await session.close();
    expect(await session.closed).toEqual({ kind: 'closed' });
    expect(simulator.server.connections).toEqual([]);
  });

  it('is closed while a connection is being made, which is closed as soon as it is there', async () => {
    const closed: string[] = [];
    const line: Line = { send: () => undefined, close: () => void closed.push('closed') };
    let answer = (_: Line): void => undefined;
    const never: Way = () => new Promise((resolve) => (answer = resolve));
    const { session, simulator } = await lasting({}, {}, [never]);
    simulator.drop();
    await new Promise<void>((resolve) => void simulator.clock.after(400, resolve));
    await session.close();
    answer(line);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(closed).toEqual(['closed']);
  });

  it.each(['no route', 'No route.'])(
    'ends once its attempts have come to nothing, for the first reason: %s',
    async (why) => {
      const refuse: Way = () => Promise.reject(new Error(why));
      const { session, simulator, faults } = await lasting({ reconnect: { attempts: 2 } }, {}, [refuse, refuse]);
      simulator.drop();
      expect(await session.closed).toEqual({ kind: 'lost', code: null, reason: '' });
      expect(faults).toEqual([`The connection was lost, and could not be made again: ${why.replace('.', '')}.`]);
    },
  );

  it('ends at once where it is told not to come again, and quotes no credential', async () => {
    const key = 'sk-a-very-secret-key';
    const forbid: Way = () =>
      Promise.reject(new ConnectError({ kind: 'refused', code: null, status: 403, message: `${key} is not welcome` }));
    const secret: Way = async (ears, signal, open) => {
      const opened = await open(ears, signal);
      return { send: (text) => opened.send(text), close: () => opened.close(1000, ''), secrets: [key] };
    };
    const { session, simulator, faults } = await lasting({}, {}, [secret, forbid]);
    simulator.drop();
    await session.once('back');
    simulator.drop();
    expect(await session.closed).toMatchObject({ kind: 'lost' });
    expect(faults.join()).not.toContain(key);
  });

  it('reads what comes before a connection is said to be open', async () => {
    const early: Way = async (ears, signal, open) => {
      const opened = await open(ears, signal);
      await new Promise<void>((resolve) => void setTimeout(resolve, 5));
      ears.alive?.();
      return opened;
    };
    const { session, simulator } = await lasting({}, {}, [early]);
    simulator.drop();
    expect((await session.once('back')).epoch).toBe(2);
    await session.close();
  });

  it('comes back after each of the server’s hours', async () => {
    const { session, simulator } = await lasting();
    for (let hour = 1; hour <= 3; hour++) {
      simulator.expire();
      expect((await session.once('back')).epoch).toBe(hour + 1);
    }
    await session.close();
  });

  it('gives up a peer that has fallen silent, and comes back', async () => {
    const { session, simulator } = await lasting();
    simulator.stall();
    expect((await session.once('back')).epoch).toBe(2);
    await session.close();
  });
});

describe('reconnect', () => {
  it('left out, or false, ends the session with its connection', async () => {
    for (const reconnect of [undefined, false] as const) {
      const { session, simulator } = await lasting({ reconnect });
      simulator.drop();
      expect(await session.closed).toMatchObject({ kind: 'lost' });
    }
  });

  it.each<[unknown, string]>([
    [{ tries: 3 }, "reconnect has no option 'tries'"],
    [{ attempts: 0 }, 'reconnect: attempts is a whole number, at least 1.'],
    [{ budgetTokens: 1.5 }, 'reconnect: budgetTokens is a whole number, at least 1.'],
    [{ meanwhile: 'music' }, 'reconnect: meanwhile is a Uint8Array with audio, or null.'],
    [{ meanwhile: new Uint8Array() }, 'reconnect: meanwhile is a Uint8Array with audio, or null.'],
    [{ withinMs: -1 }, 'reconnect: withinMs is a positive number of milliseconds.'],
    [true, 'reconnect takes an object.'],
  ])('%j is refused before anything is sent', async (reconnect, words) => {
    const simulator = createSimulator();
    const opening = openSession({
      transport: simulator.transport,
      clock: simulator.clock,
      reconnect: reconnect as SessionPlan['reconnect'],
    });
    await expect(opening).rejects.toThrow(MisuseError);
    await expect(opening).rejects.toThrow(words);
    expect(simulator.received).toEqual([]);
  });
});
