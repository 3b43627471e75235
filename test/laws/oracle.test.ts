/** Tests the oracle itself with handwritten bad logs, and the law that each breaks. */
import { describe, expect, it } from 'vitest';
import { judgeLog, type Constants, type Entry, type Frame } from './oracle.js';

const constants: Constants = {
  ...{ imminentMs: 400, turnMs: 60_000, transcriptMs: 1_800, createdMs: 10_000, responseMs: 60_000, confirmMs: 10_000 },
  turnEnds: 'speech-stopped',
  line: 'own',
  farewells: ['farewell'],
  allowance: null,
};

type Undated = Entry extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never;
const read = (type: string, fields: object = {}): Undated => ({ kind: 'read', frame: { type, ...fields } });
const wrote = (frame: Frame): Undated => ({ kind: 'wrote', frame });
const told = (fact: Extract<Entry, { kind: 'told' }>['fact']): Undated => ({ kind: 'told', fact });

let count = 0;
const create = (response: object = {}, metadata: object = {}): Undated => {
  const token = `token_${++count}`;
  const tags = { gated_token: token, gated_purpose: 'reply', ...metadata };
  return wrote({ type: 'response.create', event_id: `event_of_${token}`, response: { ...response, metadata: tags } });
};
const beside = (response: object = {}): Undated => create({ conversation: 'none', ...response });
const created = (id: string, response: object = {}): Undated =>
  read('response.created', { response: { id, conversation_id: 'conv_1', metadata: null, ...response } });
const done = (id: string): Undated => read('response.done', { response: { id, conversation_id: 'conv_1' } });
const update = (session: object): Undated => wrote({ type: 'session.update', event_id: 'update', session });
const echo = (session: object): Undated => read('session.updated', { session });
const started = read('input_audio_buffer.speech_started', { item_id: 'item_1' });
const stopped = read('input_audio_buffer.speech_stopped', { item_id: 'item_1' });
const startedAgain = read('input_audio_buffer.speech_started', { item_id: 'item_2' });
const fetched = update({ type: 'realtime' });
const committed = (item: string): Undated => read('input_audio_buffer.committed', { item_id: item });
const after = (ms: number): { readonly after: number } => ({ after: ms });

const confirmed = [update({ instructions: 'Be brief.' }), echo({ instructions: 'Be brief.' })];

type Log = readonly (Undated | { readonly after: number })[];

/** The laws that a log breaks. A millisecond passes between entries; after a pause the client checks its clock. */
function broken(...log: Log): readonly string[] {
  let at = 0;
  const dated = log.flatMap((entry) => {
    at += 'after' in entry ? entry.after : 1;
    return 'after' in entry ? [{ kind: 'time' as const, at }] : [{ ...entry, at }];
  });
  return judgeLog(constants, dated).map(({ law }) => law);
}

const bad: readonly (readonly [law: string, what: string, log: Log])[] = [
  ['L1', 'before any session.updated', [create()]],
  ['L1', 'at session.created alone', [update({}), read('session.created', { session: {} }), create()]],
  ['L1', 'after an echo that differs', [update({ instructions: 'A' }), echo({ instructions: 'B' }), create()]],
  ['L1', 'while an update is in flight', [...confirmed, update({ instructions: 'B' }), create()]],
  [
    'L1',
    'after a rejected update',
    [...confirmed, update({ voice: 'C' }), read('error', { error: { code: 'x', event_id: 'update' } }), create()],
  ],
  ['L1', 'beside the conversation, unconfirmed', [beside()]],
  ['L1', 'on a lost connection', [...confirmed, { kind: 'lost' }, create()]],
  [
    'L1',
    'in doubt, after an echo of neither',
    [...confirmed, update({ voice: 'B' }), fetched, echo({ instructions: 'Of another.' }), create()],
  ],
  [
    'L1',
    'in doubt, before the fetch is answered',
    [
      ...confirmed,
      update({ voice: 'B' }),
      read('error', { error: { type: 'invalid_request_error' } }),
      fetched,
      create(),
    ],
  ],
  ['L1', 'without a token', [...confirmed, wrote({ type: 'response.create' })]],
  ['L2', 'over the user', [...confirmed, started, create()]],
  ['L2', 'over the user, by their own button', [...confirmed, told('turn-begins'), create()]],
  [
    'L2',
    'over the user, beside the conversation and aloud',
    [...confirmed, started, beside({ output_modalities: ['audio'] })],
  ],
  ['L2', 'between the end of a turn and its answer', [...confirmed, started, stopped, create()]],
  [
    'L2',
    '400 ms after the end of speech, but not after the commit',
    [...confirmed, started, stopped, after(398), committed('item_1'), after(10), create()],
  ],
  [
    'L2',
    'after silence was broken off',
    [...confirmed, read('input_audio_buffer.timeout_triggered', { item_id: 'item_2' }), create()],
  ],
  [
    'L2',
    'when the answer was held up by a response',
    [...confirmed, created('resp_1'), started, stopped, after(2_000), done('resp_1'), after(398), create()],
  ],
  ['L3', 'once a hang-up is pending', [...confirmed, told('hangup'), create()]],
  ['L4', 'once closing has begun', [...confirmed, told('close'), beside()]],
  ['L5', 'while a create is outstanding', [...confirmed, create(), create()]],
  ['L5', 'while a response is open', [...confirmed, created('resp_1'), create()]],
  [
    'L5',
    'while a response is open whose created was lost',
    [...confirmed, read('response.output_text.delta', { response_id: 'resp_1' }), create()],
  ],
  [
    'L5',
    'after the end of an older response',
    [...confirmed, created('resp_1'), created('resp_2'), done('resp_1'), create()],
  ],
  [
    'L5',
    'after the end of a response beside the conversation',
    [...confirmed, created('resp_1'), created('resp_2', { conversation_id: null }), done('resp_2'), create()],
  ],
  [
    'L2',
    'when one flag has fallen, and not the other',
    [
      ...confirmed,
      started,
      told('turn-begins'),
      stopped,
      committed('item_1'),
      created('resp_1'),
      done('resp_1'),
      create(),
    ],
  ],
  ['L2', 'when an older turn has stopped', [...confirmed, started, startedAgain, stopped, create()]],
  [
    'L5',
    'when a superseded response says that it was created',
    [
      ...confirmed,
      read('response.output_text.delta', { response_id: 'resp_1' }),
      created('resp_2'),
      created('resp_1'),
      done('resp_2'),
      create(),
    ],
  ],
  [
    'L5',
    'after an error without an id that names audio',
    [
      ...confirmed,
      create(),
      read('error', { error: { type: 'invalid_request_error', param: 'audio_end_ms' } }),
      create(),
    ],
  ],
];

describe('the oracle names the law that is broken by a create', () => {
  it.each(bad)('%s: %s', (law, _what, log) => {
    expect(broken(...log)).toContain(law);
  });
});

const good: readonly (readonly [what: string, log: Log])[] = [
  ['once the session is confirmed', [...confirmed, create()]],
  [
    'once the echo of an update that was in flight has come',
    [...confirmed, update({}), echo({ instructions: 'Be brief.' }), create()],
  ],
  ['over the user, by override', [...confirmed, started, create({}, { gated_override: 'loop,user-speaking' })]],
  ['beside the conversation, silently, while the user speaks', [...confirmed, started, beside()]],
  ['when the server has not answered in time', [...confirmed, started, stopped, after(400), create()]],
  [
    'after the end of a turn that nobody answers',
    [update({}), echo({ audio: { input: { turn_detection: null } } }), started, stopped, create()],
  ],
  ['after a commit of our own', [...confirmed, committed('item_9'), create()]],
  ['when the turn has lasted for too long', [...confirmed, started, after(60_000), create()]],
  ['as the farewell of a hang-up', [...confirmed, told('hangup'), create({}, { gated_purpose: 'farewell' })]],
  ['once the call goes on', [...confirmed, told('hangup'), told('resumed'), create()]],
  [
    'after an error without an id that names nothing',
    [...confirmed, create(), read('error', { error: { type: 'invalid_request_error' } }), create()],
  ],
  [
    'in doubt, once what had been confirmed is echoed',
    [...confirmed, update({ voice: 'B' }), fetched, echo({ instructions: 'Be brief.' }), create()],
  ],
  [
    'in doubt, once what was asked for is echoed',
    [...confirmed, update({ voice: 'B' }), fetched, echo({ voice: 'B' }), create()],
  ],
  ['while somebody asks whether the server lives', [...confirmed, fetched, create()]],
  ['when the response has ended', [...confirmed, created('resp_1'), done('resp_1'), create()]],
  ['when the create before it was never answered', [...confirmed, create(), after(10_000), create()]],
  ['while others are outstanding beside the conversation', [...confirmed, beside(), beside(), create()]],
  [
    'while a response beside the conversation is open',
    [...confirmed, created('resp_1', { conversation_id: null }), create()],
  ],
];

describe('the oracle lets pass a create', () => {
  it.each(good)('%s', (_what, log) => {
    expect(broken(...log)).toEqual([]);
  });
});

describe('a conflict', () => {
  const conflict = (event: string, holder: string): Undated =>
    read('error', {
      error: { code: 'conversation_already_has_active_response', event_id: event, message: `in progress: ${holder}.` },
    });

  it('frees the create that it names, and shows who holds the slot', () => {
    const first = create();
    const event = (first as { frame: Frame }).frame['event_id'] as string;
    expect(broken(...confirmed, first, conflict(event, 'resp_1'), create())).toEqual(['L5']);
    expect(broken(...confirmed, first, conflict(event, 'resp_1'), done('resp_1'), create())).toEqual([]);
  });

  it('without a holder announces the answer of the server', () => {
    const first = create();
    const event = (first as { frame: Frame }).frame['event_id'] as string;
    expect(broken(...confirmed, first, conflict(event, 'nobody'), create())).toEqual(['L2']);
    expect(broken(...confirmed, first, conflict(event, 'nobody'), after(400), create())).toEqual([]);
  });
});

describe('with turns that end when they are transcribed', () => {
  const judge = (...log: readonly Undated[]): readonly string[] =>
    judgeLog(
      { ...constants, turnEnds: 'transcribed' },
      log.map((entry, at) => ({ ...entry, at })),
    ).map(({ law }) => law);
  const quiet = [update({}), echo({ audio: { input: { turn_detection: { create_response: false } } } })];
  const transcript = (item: string): Undated =>
    read('conversation.item.input_audio_transcription.completed', { item_id: item });

  it('silence does not end one', () => {
    expect(judge(...quiet, started, stopped, committed('item_1'), create())).toEqual(['L2']);
  });
  it('the transcript of its item does', () => {
    expect(judge(...quiet, started, stopped, committed('item_1'), transcript('item_1'), create())).toEqual([]);
  });
  it('the transcript of another does not', () => {
    expect(judge(...quiet, started, stopped, committed('item_1'), transcript('item_0'), create())).toEqual(['L2']);
  });
});
