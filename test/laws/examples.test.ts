/** Each law in plain examples: a whole session facing the simulated server. */
import { describe, expect, it } from 'vitest';
import { ConfigureError, jsonSchema, MisuseError, tool } from '../../src/index.js';
import { simulate, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';
import type { AnySession, SessionEvents, SessionPlan, VerdictRecord } from '../../types/index.js';
import { play } from './play.js';
import { quiet } from './plots.js';

const open = (plan: SessionPlan = {}, options: SimulatorOptions = {}) => simulate(plan, { audio: 'tiny', ...options });

const next = <Type extends keyof SessionEvents>(session: AnySession, type: Type): Promise<SessionEvents[Type]> =>
  new Promise((resolve) => {
    const off = session.on(type, (event) => {
      off();
      resolve(event);
    });
  });

const creates = (server: Simulator) => server.received.filter(({ type }) => type === 'response.create');
const purposes = (server: Simulator): unknown[] =>
  creates(server).map(
    (event) => (event as { response: { metadata: Record<string, string> } }).response.metadata['gated_purpose'],
  );
const inFlight = { toServerMs: () => 10, toClientMs: () => 10 };

async function whileSpeaking() {
  const sim = await open();
  sim.server.caller.begins();
  await next(sim.session, 'input_audio_buffer.speech_started');
  return sim;
}

describe('L1: nothing leaves before the matching session.updated', () => {
  it('holds what is asked while an update is in flight, and sends it once confirmed', async () => {
    const { session, server } = await open({}, inFlight);
    const updating = session.update({ session: { instructions: 'Be brief.' } });
    const verdict = session.respond('greeting');
    expect(verdict).toMatchObject({ kind: 'hold', by: ['unconfirmed'] });
    expect(creates(server)).toHaveLength(0);
    await updating;
    expect(await verdict.done).toMatchObject({ status: 'completed' });
  });
  it('stays shut after a rejected update until the server has said what stands', async () => {
    const { session } = await open({}, inFlight);
    const rejected = session.update({ session: { nonsense: true } as never }).catch((error: unknown) => error);
    const verdict = session.respond('greeting');
    expect(await rejected).toBeInstanceOf(ConfigureError);
    expect(session.state.shut).toContain('unconfirmed');
    expect(await verdict.done).toMatchObject({ status: 'completed' });
  });
});

describe('L2: nothing audible leaves over the user or into an answer that is due', () => {
  it('holds a reply while the user is speaking', async () => {
    const { session, server } = await whileSpeaking();
    expect(session.respond('reply')).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
    expect(creates(server)).toHaveLength(0);
  });
  it('sends it when an override names the guard', async () => {
    const { session } = await whileSpeaking();
    expect(session.respond('reply', { override: ['user-speaking'] }).kind).toBe('admit');
  });
  it('holds a reply between the end of the turn and the answer of the server', async () => {
    const { session, server } = await open({}, { latency: { automatic: 200 } });
    server.caller.speaks('Hello?', { ms: 300 });
    await next(session, 'input_audio_buffer.speech_stopped');
    expect(session.respond('reply')).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
  });
  it('lets pass beside the conversation what nobody hears', async () => {
    const { session } = await whileSpeaking();
    expect(session.respond('summary', { response: { conversation: 'none' } }).kind).toBe('admit');
    const aloud = session.respond('whisper', { response: { conversation: 'none', output_modalities: ['audio'] } });
    expect(aloud.kind).toBe('hold');
  });
});

describe('L3: once a hang-up is pending, only its farewell leaves', () => {
  it('refuses what is asked meanwhile', async () => {
    const { session, server } = await open();
    const ending = session.hangup({ farewell: { instructions: 'Say goodbye.' } });
    expect(session.respond('reply')).toMatchObject({ kind: 'refuse', by: 'hangup-pending' });
    expect(await ending).toMatchObject({ kind: 'hung-up', farewell: 'heard' });
    expect(purposes(server)).toEqual(['farewell']);
  });
  it('refuses what was waiting', async () => {
    const { session } = await whileSpeaking();
    const verdict = session.respond('reply');
    void session.hangup({ farewell: { instructions: 'Say goodbye.' }, onBargeIn: 'hang-up' });
    expect(await verdict.done).toMatchObject({ status: 'unsent', by: 'hangup-pending' });
  });
});

describe('L4: nothing leaves once closing has begun', () => {
  it('refuses by closing, and then by closed', async () => {
    const { session, server } = await open();
    const closing = session.close();
    expect(session.respond('reply')).toMatchObject({ kind: 'refuse', by: 'closing' });
    await closing;
    expect(session.respond('reply')).toMatchObject({ kind: 'refuse', by: 'closed' });
    expect(creates(server)).toHaveLength(0);
  });
});

describe('L5: one create at a time, and none while the slot is taken', () => {
  it('sends the second when the first has ended', async () => {
    const { session, server } = await open();
    const first = session.respond('first');
    const second = session.respond('second', { response: { instructions: 'Go on.' } });
    expect(second).toMatchObject({ kind: 'hold', by: ['response-active'] });
    expect(purposes(server)).toEqual(['first']);
    await first.done;
    await second.done;
    expect(purposes(server)).toEqual(['first', 'second']);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  });
});

describe('L6: everything that was promised is kept', () => {
  it('a lost socket settles what is in flight and what waits', async () => {
    const { session, server } = await open();
    const [sent, held] = [session.respond('first'), session.respond('second')];
    server.drop();
    expect(await sent.done).toMatchObject({ status: 'lost' });
    expect(await held.done).toMatchObject({ status: 'unsent', by: 'closed' });
  });
  it('a server that never answers is not waited for', async () => {
    const { session, server } = await open();
    server.misbehaves({ preCreated: 'swallow' });
    const verdict = session.respond('reply');
    server.caller.speaks('Wait!', { ms: 300 });
    const outcome = await verdict.done;
    expect(outcome).toMatchObject({ status: 'unsent', by: 'unanswered' });
  });
  it('an update that nobody awaits may fail', async () => {
    const { session } = await open();
    void session.update({ session: { nonsense: true } as never });
    expect(await session.respond('reply').done).toMatchObject({ status: 'completed' });
  });
});

describe('L7: one output for every call, one follow-up for every round', () => {
  const parameters = jsonSchema({ type: 'object' });
  const tools = [
    tool({ name: 'finds', description: 'Finds.', parameters, run: () => 'found' }),
    tool({ name: 'fails', description: 'Fails.', parameters, run: () => Promise.reject(new Error('a secret')) }),
  ];
  const outputs = (server: Simulator) =>
    server.received.flatMap((event) =>
      event.type === 'conversation.item.create' && event.item.type === 'function_call_output'
        ? [event.item.output]
        : [],
    );

  it('sends what the tools return, and what has failed, and asks once', async () => {
    const { session, server } = await open({ tools });
    server.replies({ items: ['finds', 'fails', 'no_such'].map((calls) => ({ calls, args: '{}' })) });
    session.respond('ask');
    await next(session, 'tools');
    const followUp = await next(session, 'response');
    await followUp.done;
    expect(outputs(server)).toHaveLength(3);
    expect(outputs(server)).toContain('found');
    expect(outputs(server).join()).not.toContain('a secret');
    expect(purposes(server)).toEqual(['ask', expect.stringMatching(/^tool:/)]);
  });
});

describe('L9: what is refused or misused leaves no trace', () => {
  it.each(['response.create', 'response.cancel', 'session.update'])('a %s sent by hand', async (type) => {
    const { session, server } = await open();
    const before = JSON.stringify([session.state, server.passages.length]);
    expect(() => session.send({ type } as never)).toThrow(MisuseError);
    expect(() => session.send({ toJSON: () => ({ type }) } as never)).toThrow(MisuseError);
    expect(JSON.stringify([session.state, server.passages.length])).toBe(before);
  });
  it('a request that is refused', async () => {
    const { session, server } = await whileSpeaking();
    const before = JSON.stringify([session.state, server.passages.length]);
    expect(session.respond('reply', { whenBlocked: 'refuse' }).kind).toBe('refuse');
    expect(JSON.stringify([session.state, server.passages.length])).toBe(before);
  });
});

describe('L10: nothing but a matching session.updated opens the gate, and nothing crashes it', () => {
  it('an echo of something else does not confirm', async () => {
    const { session, server } = await open({}, inFlight);
    const updating = session.update({ session: { instructions: 'Be brief.' } }).catch((error: unknown) => error);
    server.injects({ type: 'session.updated', session: { instructions: 'Be long.' } });
    expect(await updating).toBeInstanceOf(ConfigureError);
    expect(session.state.shut).toContain('unconfirmed');
  });
  it.each([
    { type: 'response.created' },
    { type: 'response.done', response: null },
    { type: 'session.updated', session: [] },
    { type: 'error', error: 7 },
    { type: 'input_audio_buffer.committed', item_id: {} },
    { type: '__proto__' },
  ])('survives $type out of nowhere', async (event) => {
    const { session, server } = await open();
    server.injects(event);
    expect(await session.respond('reply').done).toMatchObject({ status: 'completed' });
  });
});

describe('L11: one record for every request', () => {
  it('at its settlement, whatever that was', async () => {
    const { session } = await open();
    const records: VerdictRecord[] = [];
    session.on('verdict', (record) => void records.push(record));
    const admitted = session.respond('admitted');
    const held = session.respond('held', { response: { instructions: 'Go on.' } });
    session.respond('refused', { whenBlocked: 'refuse' });
    const withdrawn = session.respond('withdrawn');
    if (withdrawn.kind === 'hold') withdrawn.withdraw();
    await Promise.all([admitted.done, held.done]);
    expect(records.map(({ purpose, verdict, by }) => [purpose, verdict, by])).toEqual([
      ['admitted', 'admit', null],
      ['refused', 'refuse', 'response-active'],
      ['withdrawn', 'refuse', 'withdrawn'],
      ['held', 'admit', null],
    ]);
    expect(records.at(-1)).toMatchObject({ heldBy: ['response-active'], epoch: 1 });
  });
});

describe('L12: what is beside the conversation neither holds its slot nor frees it', () => {
  const beside = { response: { conversation: 'none' } } as const;

  it('goes out while the slot is taken, and its end does not free it', async () => {
    const { session, server } = await open();
    server.says('A long story, told at length.', { ms: 30_000 });
    const story = session.respond('story').done;
    expect(session.respond('summary', beside).kind).toBe('admit');
    await session.respond('another', beside).done;
    expect(session.state.shut).toContain('response-active');
    await story;
    expect(session.state.shut).not.toContain('response-active');
  });
  it('leaves the slot to others', async () => {
    const { session } = await open();
    session.respond('summary', beside);
    expect(session.respond('reply').kind).toBe('admit');
  });
});

describe('L13: the same inputs give the same effects', () => {
  it('a call with a tool, a barge-in and a farewell, given to another machine', () => {
    const wrong = play({
      scene: { ...quiet, recovery: 'gentle', leg: { end: 'ends', ms: 50, line: 'closes' } },
      acts: [
        ['wait', 500],
        ['mood', 'throws'],
        ['respond', { what: 'plain' }],
        ['mood', 'open'],
        ['calls', ['at_once', 'fails']],
        ['speaks', 300],
        ['wait', 2_000],
        ['caller', 'begins'],
        ['wait', 300],
        ['caller', 'ends'],
        ['wait', 5_000],
        ['hangup', { farewell: { instructions: 'Say goodbye.' } }],
        ['wait', 20_000],
      ],
      ending: 'silence',
    }).wrong;
    expect(wrong).toEqual([]);
  });
});

describe('L14: nobody is left in silence without a word', () => {
  const faultsOf = async (act: (sim: Awaited<ReturnType<typeof open>>) => Promise<unknown>, plan: SessionPlan = {}) => {
    const sim = await open(plan);
    const faults: string[] = [];
    sim.session.on('fault', ({ message }) => void faults.push(message));
    await act(sim);
    return faults.join('\n');
  };
  it('a turn that the server does not answer is a fault', async () => {
    const faults = await faultsOf(async ({ session, server }) => {
      server.injects({ type: 'input_audio_buffer.speech_stopped', item_id: 'item_nobody_commits' });
      await next(session, 'fault');
    });
    expect(faults).toContain('did not answer the turn');
  });
  it('an answer without sound is a fault, or is made good', async () => {
    const nothing = { items: [] };
    const silent = await faultsOf(async ({ session, server }) => {
      server.replies(nothing);
      expect(await session.respond('reply').done).toMatchObject({ status: 'completed', audioMs: 0 });
    });
    expect(silent).toContain('silent');
    const made = await open({ recovery: {} });
    made.server.replies(nothing);
    made.session.respond('reply');
    await next(made.session, 'response');
    const retry = await next(made.session, 'response');
    expect(await retry.done).toMatchObject({ status: 'completed' });
    expect(purposes(made.server)).toEqual(['reply', 'silent-retry']);
  });
  it('an answer in words where words were asked for is none', async () => {
    const faults = await faultsOf(({ session }) => session.respond('reply').done, {
      session: { output_modalities: ['text'] },
    });
    expect(faults).toBe('');
  });
  it('a request that is put back and then not sent is reported, although nobody awaits it', () => {
    const { wrong } = play({
      scene: { ...quiet, toServerMs: [250] },
      acts: [
        ['speaks', 10],
        ['calls', ['at_once']],
        ['lose', 'created', 2],
        ['wait', 500],
        ['reply', 'long'],
        ['speaks', 10],
        ['wait', 399],
        ['speaks', 10],
      ],
      ending: 'silence',
    });
    expect(wrong).toEqual([]);
  });
  it('an answer that comes late, and fails, is not lost with the hang-up that it takes back', () => {
    const { wrong } = play({
      scene: {
        ...quiet,
        limits: 'tight',
        latency: 'brisk',
        toServerMs: [10],
        toClientMs: [250, 0],
        recovery: 'strict',
      },
      acts: [
        ['faults', { lateDone: 20, dropCreated: true, failCode: 'server_error' }],
        ['respond', { what: 'plain' }],
        ['wait', 20_000],
        ['calls', ['at_once']],
      ],
      ending: 'gone',
    });
    expect(wrong).toEqual([]);
  });
  it('audio whose format changes while it plays is heard to its end', () => {
    const acts = [
      ['update', 'telephone'],
      ['speaks', 10],
      ['wait', 20_000],
      ['speaks', 10],
    ] as const;
    expect(play({ scene: { ...quiet, toServerMs: [250] }, acts, ending: 'gone' }).wrong).toEqual([]);
  });
  it('marks that stop coming are not waited for, however much is said meanwhile', () => {
    const acts = [
      ['update', 'idle'],
      ['respond', { what: 'plain' }],
      ['wait', 20_000],
      ['heard', 0],
      ['wait', 60_000],
    ] as const;
    expect(play({ scene: quiet, acts, ending: 'peace' }).wrong).toEqual([]);
  });
});
