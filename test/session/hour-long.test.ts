import { expect, it } from 'vitest';
import { jsonSchema, openSession, tool } from '../../src/index.js';
import { createSimulator } from '../../src/simulator/index.js';

const HOUR = 3_600_000;
const DROPS = 10;
/** In the sixth round no connection is lost, and the session moves before its own has ended. */
const ROUNDS = DROPS + 1;
const MOVES = 6;

it('an hour with ten lost connections and one that ends for its age: nothing is said twice, no tool runs twice, nothing that was heard is forgotten', async () => {
  const simulator = createSimulator({ lifetimeMs: HOUR / 5 });
  const waits = (ms: number): Promise<void> => new Promise((resolve) => void simulator.clock.after(ms, resolve));
  const runs: number[] = [];
  const book = tool({
    name: 'book',
    description: 'books',
    parameters: jsonSchema({ type: 'object' }),
    timeoutMs: 60_000,
    run: async (args) => {
      const { n } = args as { readonly n: number };
      runs.push(n);
      await waits(5_000);
      return `booked ${n}`;
    },
  });
  const session = await openSession({
    transport: simulator.transport,
    clock: simulator.clock,
    tools: [book],
    reconnect: { rotate: { beforeMs: HOUR / 15 } },
    session: {
      audio: { input: { transcription: { model: 'gpt-4o-transcribe' }, turn_detection: null } },
    },
  });
  const faults: string[] = [];
  session.on('fault', ({ message }) => faults.push(message));
  /** What the caller has heard whole, and what was said by whom in the conversation of the server that is there now. */
  const heard: string[] = [];
  const inMind = (): readonly string[] => simulator.server.session?.items.map(({ said }) => said) ?? [];

  /** Asks, and has heard the whole of the answer. */
  const speaks = async (purpose: string, words: string): Promise<void> => {
    simulator.says(words);
    const { done } = session.respond(purpose);
    const outcome = await done;
    expect(outcome).toMatchObject({ status: 'completed', text: words });
    heard.push(words);
    await waits(10_000);
  };
  const asks = (words: string): void => {
    const content = [{ type: 'input_text' as const, text: words }];
    session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    heard.push(words);
  };

  await speaks('greeting', 'Good morning, this is the hotel.');
  for (let n = 1; n <= ROUNDS; n++) {
    asks(`I would like room ${n}.`);
    simulator.calls('book', { n });
    const called = session.once('response.output_item.done');
    session.respond('answer');
    await called;
    // The tool runs while the connection is lost, on even rounds until after another is there.
    simulator.says(`Room ${n} is yours.`);
    if (n % 2 === 0) await waits(4_900);
    if (n !== MOVES) simulator.drop();
    const round = await session.once('tools');
    expect(round).toMatchObject({ followUp: 'asked', calls: [{ result: 'answered' }] });
    const followUp = await session.once('response');
    expect((await followUp.done).status).toBe('completed');
    heard.push(`Room ${n} is yours.`);
    if (n === MOVES) await Promise.all([session.once('rotated'), waits(HOUR / ROUNDS)]);
    await waits(HOUR / ROUNDS - 30_000);
  }
  expect(simulator.clock.now()).toBeGreaterThan(0.9 * HOUR);
  expect([session.state.epoch, runs]).toEqual([ROUNDS + 1, Array.from({ length: ROUNDS }, (_, index) => index + 1)]);
  const said = inMind();
  for (const words of heard) expect(said.filter((each) => each === words)).toEqual([words]);
  expect(said.filter((each) => each === '"booked 3"' || each === 'booked 3')).toHaveLength(1);
  expect(said.filter((each) => each.startsWith('This is the same call'))).toHaveLength(1);
  const creates = simulator.received.filter(({ type }) => type === 'response.create');
  expect(creates).toHaveLength(1 + 2 * ROUNDS);
  expect(faults).toEqual([]);
  await session.close();
});
