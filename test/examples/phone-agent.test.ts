import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../examples/phone-agent/simulated/audit.js';
import type { CallLog } from '../../examples/phone-agent/simulated/log.js';
import { scripts } from '../../examples/phone-agent/simulated/scripts.js';
import type { Stage } from '../../examples/phone-agent/simulated/stage.js';
import { rowsOf } from '../../examples/phone-agent/simulated/timeline.js';
import { startWorld, type World } from '../../examples/phone-agent/simulated/world.js';

// Twelve calls to a real server over real sockets, all at once; each test looks at what one of them has left behind.

let world: World;
let played: ReadonlyMap<string, readonly Stage[]>;

beforeAll(async () => {
  world = await startWorld();
  const stages = await Promise.all(scripts.map(async (script) => [script.title, await script.play(world)] as const));
  played = new Map(stages);
});

afterAll(() => world.close());

const stagesOf = (title: string): readonly Stage[] => {
  const found = [...played].find(([each]) => each.startsWith(title));
  if (!found) throw new Error(`No call is called '${title}'.`);
  return found[1];
};

const callOf = (title: string): Stage => {
  const [stage] = stagesOf(title);
  if (!stage) throw new Error(`Nobody called in '${title}'.`);
  return stage;
};

const leftBy = ({ callSid }: Stage) => rowsOf(callSid, world.database);
const endingOf = async (stage: Stage) => (await leftBy(stage)).call?.ending;

/** Why each response was made, in order; null: the server answered a turn. */
const purposes = ({ frames }: CallLog) =>
  frames.flatMap(({ event: { type, response } }) =>
    type === 'response.created' ? [response?.metadata?.gated_purpose ?? null] : [],
  );

const sent = ({ frames }: CallLog, type: string) =>
  frames.flatMap(({ direction, event }) => (direction === 'to the model' && event.type === type ? [event] : []));

const spoken = ({ frames }: CallLog) =>
  frames.flatMap(({ event: { type, transcript } }) =>
    type === 'response.output_audio_transcript.done' ? [transcript] : [],
  );

test('in no call is anything lost, said to the model too late, or complained of by its server', async () => {
  const stages = [...played.values()].flat();
  const audits = await Promise.all(stages.map((stage) => audit(stage, world.database)));

  expect(stages).toHaveLength(13);
  expect(audits.flatMap(({ losses }) => losses)).toEqual([]);
  expect(stages.flatMap(({ log }) => log.frames.filter(({ event }) => event.type === 'error'))).toEqual([]);
});

test('books: what was said to be booked is in the book, once', async () => {
  const stage = callOf('books');

  expect(await leftBy(stage)).toMatchObject({
    call: { ending: 'the agent hung up, farewell heard' },
    leads: [],
    appointments: [{ name: 'Ada Byron', at: '2026-11-24 10:00' }],
  });
  expect(purposes(stage.log)).toEqual([
    'greeting',
    null,
    'tool:check_availability',
    'tool:schedule_appointment',
    null,
    'farewell',
  ]);
});

test('interrupts: the model is told how little was heard, and the answer to the interruption is given', async () => {
  const { log } = callOf('interrupts');
  const [cut] = sent(log, 'conversation.item.truncate');

  expect(sent(log, 'conversation.item.truncate')).toHaveLength(1);
  expect(cut?.audio_end_ms).toBeGreaterThanOrEqual(1_000);
  expect(cut?.audio_end_ms).toBeLessThan(5_000);
  expect(spoken(log).at(-1)).toBe('Of course. No more about whitening.');
});

test('double-books: of two callers at once one is booked, and the other is told what is free', async () => {
  const stages = stagesOf('double-books');
  const booked = await Promise.all(stages.map(async (stage) => (await leftBy(stage)).appointments));
  const lastWords = stages.map(({ log }) => spoken(log).at(-1));

  expect(booked.flat()).toMatchObject([{ at: '2026-11-24 11:00' }]);
  expect(lastWords.toSorted()).toEqual(['I am sorry, eleven has just gone.', 'You are booked for eleven.']);
  for (const [index, words] of lastWords.entries()) {
    expect(booked[index]).toHaveLength(words === 'You are booked for eleven.' ? 1 : 0);
  }
});

test('hangs up in mid-tool: what the caller did not live to hear is not booked', async () => {
  const stage = callOf('hangs up in mid-tool');

  expect(await leftBy(stage)).toMatchObject({ call: { ending: 'the caller hung up' }, appointments: [] });
  expect(stage.log.rounds.flatMap(({ calls }) => calls.map(({ result }) => result))).toEqual(['unsent']);
  expect(spoken(stage.log).at(-1)).toBe('One moment, please.');
});

test('speaks over the goodbye: the call goes on, and ends by the second goodbye', async () => {
  const stage = callOf('speaks over the goodbye');

  expect(purposes(stage.log)).toEqual(['greeting', null, 'farewell', null, null, 'farewell']);
  expect(sent(stage.log, 'conversation.item.truncate')).toHaveLength(1);
  expect(await endingOf(stage)).toBe('the agent hung up, farewell heard');
});

test('two tools at once: two outputs, and one follow-up', async () => {
  const stage = callOf('two tools at once');
  const [round] = stage.log.rounds;

  expect(round?.calls.map(({ result }) => result)).toEqual(['answered', 'answered']);
  expect(purposes(stage.log).filter((purpose) => purpose?.startsWith('tool:'))).toHaveLength(1);
  expect((await leftBy(stage)).leads).toEqual([{ name: 'Emmy Noether', phone: '5550199', wish: 'a check-up' }]);
});

test('server error: one retry, an apology that is heard to its end, and the agent hangs up', async () => {
  const stage = callOf('server error');

  expect(purposes(stage.log)).toEqual(['greeting', null, 'server-error-retry', 'server-error-apology']);
  expect(await endingOf(stage)).toBe('the agent hung up, farewell heard');
});

test('silence: the agent asks twice, and says goodbye', async () => {
  const stage = callOf('silence');

  expect(purposes(stage.log)).toEqual(['greeting', 'nudge', 'nudge', 'farewell']);
  expect(await endingOf(stage)).toBe('the agent hung up, farewell heard');
});

test('DTMF: what was typed reaches the model as one, and is answered once', async () => {
  const stage = callOf('DTMF');

  expect(purposes(stage.log).filter((purpose) => purpose === 'keypad')).toHaveLength(1);
  expect((await leftBy(stage)).leads).toEqual([{ name: 'Mary Jackson', phone: '5550142', wish: 'a call back' }]);
});

test('carrier drops: the session is closed, and the book says how the call ended', async () => {
  const stage = callOf('carrier drops');

  expect(stage.log.ending).toEqual({ kind: 'closed' });
  expect(await endingOf(stage)).toBe('the connection to the caller was lost');
});

test('operator takes over: what is being said is cut, turns go unanswered, and the agent comes back', async () => {
  const { log } = callOf('operator takes over');

  expect(purposes(log)).toEqual(['greeting', null, 'operator-has-left', null, 'farewell']);
  expect(sent(log, 'conversation.item.truncate')).toHaveLength(1);
});

test('budget of turns reached: the last turn is still answered, and then it is goodbye', async () => {
  const stage = callOf('budget of turns reached');

  expect(purposes(stage.log)).toEqual(['greeting', null, null, null, null, 'farewell']);
  expect(spoken(stage.log).slice(-2)).toEqual([
    'Chess, of course.',
    'I must end the call here, a colleague will call you back. Goodbye!',
  ]);
  expect(await endingOf(stage)).toBe('the agent hung up, farewell heard');
});

test('a call that has spent its budget is ended by a goodbye that is heard to its end', async () => {
  const greeting = 'Oak Street Dental, good morning.';
  const stage = await world.dial({ limits: { budgetUsd: 0.101 }, prepare: (model) => model.says(greeting) });
  stage.model.says('I must end the call here, a colleague will call you back. Goodbye!');
  await stage.over();

  expect(purposes(stage.log)).toEqual(['greeting', 'farewell']);
  expect(stage.log.ending).toEqual({ kind: 'hung-up', farewell: 'heard' });
});
