/** Random scripts of every act, weighted so that a call makes progress before it goes wrong. */
import fc from 'fast-check';
import type { HangUpOptions, OverridableGuard } from '../../types/index.js';
import type { Faults } from '../../src/simulator/server/index.js';
import {
  toolNames,
  type Act,
  type Answering,
  type Asking,
  type CallPlay,
  type Dial,
  type Change,
  type Hosted,
  type Injected,
  type Leg,
  type Loss,
  type MachineScene,
  type Misuse,
  type Play,
  type Reaction,
  type Refusing,
  type Scene,
} from './script.js';

const oneOf = <const Each>(...each: readonly Each[]): fc.Arbitrary<Each> => fc.constantFrom(...each);
const act = <const Name extends string, Rest extends readonly fc.Arbitrary<unknown>[]>(name: Name, ...rest: Rest) =>
  fc.tuple(fc.constant(name), ...rest) as unknown as fc.Arbitrary<Act>;
const weighed = (weight: number, arbitrary: fc.Arbitrary<Act>): fc.WeightedArbitrary<Act> => ({ weight, arbitrary });
const place = fc.nat({ max: 5 });

const asking: fc.Arbitrary<Asking> = fc.record(
  {
    what: oneOf('plain', 'plain', 'plain', 'with parameters', 'beside', 'beside, aloud'),
    whenBlocked: oneOf('hold-this-turn', 'refuse'),
    override: fc.subarray<OverridableGuard>(['user-speaking', 'playback', 'loop'], { minLength: 1 }),
    interrupt: fc.constant(true as const),
    holdForMs: oneOf(1, 300, 3_000, 60_000),
  },
  { requiredKeys: ['what'] },
);

const faults: fc.Arbitrary<Partial<Faults>> = fc.record(
  {
    conflictErrorBeforeCreated: fc.boolean(),
    lateDone: oneOf(0, 20, 150, 600),
    dropCreated: fc.boolean(),
    stragglersAfterCancel: oneOf(0, 3),
    cancelHitsNext: fc.boolean(),
    errorWithoutEventId: fc.boolean(),
    rateLimits: oneOf('after', 'before', 'never'),
    vadWhileActive: oneOf('skip', 'queue'),
    transcriptionDelay: oneOf(null, 0, 700, 3_000),
    transcriptionReorder: fc.boolean(),
    multiItem: fc.boolean(),
    audioBurstFactor: oneOf(1, 1000),
    failCode: oneOf(null, null, null, 'server_error', 'rate_limit_exceeded'),
    expiry: oneOf('errorFirst', 'closeFirst', 'closeOnly'),
    hangup: oneOf<1000 | 'noCloseFrame'>(1000, 'noCloseFrame'),
    semanticBurst: oneOf(1, 4),
    preCreated: oneOf('createdThenDone', 'swallow', 'runs'),
    contextAt: oneOf('claim', 'created'),
    cancelBeforeCreated: oneOf('error', 'silent'),
    cancelTail: oneOf('full', 'doneOnly'),
    itemDoneWhenCut: oneOf('sent', 'omitted'),
    outOfBandItems: oneOf('silent', 'announced'),
    cancelledUsage: oneOf('zero', 'input'),
    maxOutOfBand: oneOf(null, 1),
  },
  { requiredKeys: [] },
);

// What may happen --------------------------------------------------------------------------------------------------------

const hangups: fc.Arbitrary<HangUpOptions> = fc.record(
  {
    farewell: fc.constant({ instructions: 'Say goodbye.' }),
    onBargeIn: oneOf('resume', 'resume', 'hang-up'),
    deadlineMs: oneOf(100, 5_000, 30_000),
  },
  { requiredKeys: [] },
);
const changes = oneOf<Change>(
  ...(['instructions', 'instructions', 'rejected', 'rejected without an id', 'secret', 'voice', 'telephone'] as const),
  ...(['no detection', 'answers', 'no answers', 'no interrupting', 'semantic', 'idle', 'text', 'tools'] as const),
);
const speaking = [
  weighed(10, act('respond', asking)),
  weighed(2, act('withdraw', place)),
  weighed(2, act('cancel', place)),
  weighed(2, act('interrupt')),
  weighed(4, act('item', oneOf('user', 'user', 'system', 'unknown output', 'duplicate'))),
  weighed(1, act('append', oneOf(50, 400))),
  weighed(2, act('commit')),
  weighed(1, act('clear')),
  weighed(2, act('turn', oneOf('begins', 'ends'))),
  weighed(1, act('mood', oneOf('open', 'open', 'shut', 'throws'))),
  weighed(1, act('reconsider')),
  weighed(1, act('hangup', hangups)),
  weighed(1, act('heard', oneOf(0, 0.3, 0.9, 1, 1, 2))),
  weighed(2, act('update', changes)),
  weighed(1, act('budget', oneOf(0.01, 0.05, 0.5))),
];
const answering = oneOf<Answering>(
  ...([
    'speech',
    'speech',
    'long',
    'call',
    'two items',
    'fails',
    'limited',
    'incomplete',
    'filtered',
    'nothing',
  ] as const),
);
const calls = fc.array(oneOf(...toolNames, 'no_such_tool'), { minLength: 1, maxLength: 3 });
const serving = [
  weighed(3, act('caller', oneOf('begins', 'ends', 'ends', 'presses'))),
  weighed(4, act('speaks', oneOf(10, 300, 2_000))),
  weighed(3, act('reply', answering)),
  weighed(3, act('calls', calls)),
  weighed(1, act('faults', faults)),
];
const waits = weighed(14, act('wait', oneOf(0, 1, 20, 60, 150, 399, 400, 500, 2_000, 20_000)));
const injected = oneOf<Injected>(
  ...(['another session', 'error without an id', 'foreign response', 'a done', 'a delta', 'nonsense'] as const),
  ...(['quota', 'server error', 'limits', 'another’s output'] as const),
);
const endings = weighed(
  1,
  fc.oneof(oneOf<Act>(['expire'], ['hang-up'], ['die'], ['close'], ['drop']), act('reply', fc.constant('quota'))),
);

const losses = oneOf<Loss>(
  ...(['sound', 'sound', 'created', 'done', 'a create', 'an update', 'an echo', 'an item', 'a turn’s end'] as const),
  ...(['a commit', 'an error', 'a transcript'] as const),
);
const refusals: fc.Arbitrary<Refusing> = fc.record({
  event: oneOf('response.create', 'conversation.item.create', 'session.update'),
  names: oneOf('its event', 'nothing'),
  code: oneOf(null, 'invalid_value', 'conversation_already_has_active_response', 'rate_limit_exceeded', 'session_x'),
  param: oneOf(null, 'session.audio', 'response.tools', 'item.id', 'audio'),
});
const outside = [
  weighed(1, act('abandon')),
  weighed(2, act('inject', injected)),
  weighed(3, act('lose', losses, oneOf(1, 2, 40))),
  weighed(3, act('refuse', refusals)),
  weighed(1, act('lags', oneOf(300, 3_000, 20_000, 58_000))),
  weighed(2, act('returns', place)),
  weighed(1, act('backlog', oneOf('over', 'over', 'under', 'under', 'far over'))),
  weighed(4, act('hosted', oneOf<Hosted>('calls', 'calls', 'asks', 'completes', 'fails', 'is approved', 'is denied'))),
  weighed(
    2,
    act(
      'respond',
      asking.map((asked) => ({ ...asked, what: 'plain' as const, origin: 'remark' as const })),
    ),
  ),
];

// Where ------------------------------------------------------------------------------------------------------------------

const delays = fc.array(oneOf(0, 1, 10, 60, 250), { minLength: 1, maxLength: 4 });
const where = {
  turnEnds: oneOf('speech-stopped', 'speech-stopped', 'transcribed'),
  limits: oneOf('as usual', 'tight'),
  latency: oneOf('none', 'brisk', 'as measured'),
  speed: oneOf<8 | 100 | 'at once'>(8, 100, 'at once'),
  toServerMs: delays,
  toClientMs: delays,
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: faults }),
  recovery: oneOf('none', 'gentle', 'strict'),
  playback: oneOf('waits', 'goes on', 'goes on'),
  budget: oneOf('none', 'none', 'tells', 'stops answering', 'hangs up', 'shared'),
  reconnect: fc.constant('no'),
} as const satisfies { [Each in keyof Scene]: fc.Arbitrary<Scene[Each]> };
const machineScene: fc.Arbitrary<MachineScene> = fc.record({
  ...where,
  line: oneOf('own', 'own', 'sideband'),
  unknownTools: oneOf('answer', 'leave'),
  pings: oneOf('can ask', 'cannot ask'),
  endsCall: oneOf('yes', 'no'),
  leg: fc.record<Leg>({
    end: oneOf('ends', 'ends', 'throws', 'never'),
    ms: oneOf(0, 50),
    line: oneOf('closes', 'closes', 'hangs'),
  }),
  deltaMs: oneOf(250, 250, 20),
  leases: oneOf('give', 'give', 'fail', 'never'),
  dials: fc.constant(['opens']),
});
/** Another line takes the place of each that is lost, as far as it can be opened. */
const lastingScene: fc.Arbitrary<MachineScene> = fc
  .record({
    scene: machineScene,
    dials: fc.array(
      oneOf<Dial>('opens', 'opens', 'opens', 'opens', 'opens', 'opens', 'is refused', 'never answers', 'is forbidden'),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
  })
  .map(({ scene, dials }) => ({ ...scene, dials, line: 'own', reconnect: 'yes' }));
/** The same, and another line takes the place of each that will soon be ended. */
const rotatingScene: fc.Arbitrary<MachineScene> = fc
  .record({
    scene: machineScene,
    dials: fc.array(oneOf<Dial>('opens', 'opens', 'opens', 'opens', 'is refused', 'is crowded out', 'never answers'), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ scene, dials }) => ({ ...scene, dials, line: 'own', reconnect: 'rotates' }));
const drops = [weighed(2, act('drop')), weighed(1, oneOf<Act>(['expire'], ['die']))];

const some = (most: number, ...acts: readonly fc.WeightedArbitrary<Act>[]): fc.Arbitrary<Act[]> =>
  fc.array(fc.oneof(...acts), { minLength: 1, maxLength: most, size: 'max' });

/** Plays for a machine alone, with at most this many acts. */
export const plays = (most: number): fc.Arbitrary<Play> =>
  fc.record({
    scene: machineScene,
    acts: some(most, ...speaking, ...serving, waits, ...outside, endings),
    ending: oneOf('gone', 'close', 'silence', 'dead', 'peace'),
  });

/** The same, with lines that are lost and replaced. */
export const lastingPlays = (most: number): fc.Arbitrary<Play> =>
  fc.record({
    scene: lastingScene,
    acts: some(most, ...speaking, ...serving, waits, ...outside, ...drops),
    ending: oneOf('gone', 'close', 'silence', 'dead', 'peace'),
  });

/** The same, with lines that are replaced before they end, by a server that ends them after half a minute. */
export const rotatingPlays = (most: number): fc.Arbitrary<Play> =>
  fc.record({
    scene: rotatingScene,
    acts: some(most, ...speaking, ...serving, waits, ...outside, weighed(1, oneOf<Act>(['drop'], ['die']))),
    ending: oneOf('gone', 'close', 'silence', 'dead', 'peace'),
  });

const mischief = oneOf<Misuse>(
  ...(['create', 'cancel by hand', 'update by hand', 'a disguise', 'no event', 'no purpose'] as const),
  ...(['a bad override', 'a bad option', 'a bad edge'] as const),
);
const rarely = [weighed(2, act('misuse', mischief)), weighed(1, act('mood', fc.constant('meddles')))];
const reaction: fc.Arbitrary<Reaction> = fc.record({
  to: oneOf('event', 'response', 'verdict', 'response.done', 'input_audio_buffer.speech_started', 'tools', 'cut'),
  after: fc.integer({ min: 1, max: 12 }),
  does: fc.oneof(...speaking, ...rarely, endings),
});

/** The same with lines that are lost and replaced. */
export const lastingCallPlays = (most: number): fc.Arbitrary<CallPlay> =>
  fc.record({
    scene: fc.record(where).map((scene): Scene => ({ ...scene, reconnect: 'yes' })),
    acts: some(most, ...speaking, ...serving, waits, waits, ...drops, ...rarely),
    reactions: fc.array(reaction, { maxLength: 4 }),
    ending: oneOf('gone', 'close', 'silence'),
  });

/** The same with lines that are replaced before they end. */
export const rotatingCallPlays = (most: number): fc.Arbitrary<CallPlay> =>
  fc.record({
    scene: fc.record(where).map((scene): Scene => ({ ...scene, reconnect: 'rotates' })),
    acts: some(most, ...speaking, ...serving, waits, waits, weighed(1, act('drop')), ...rarely),
    reactions: fc.array(reaction, { maxLength: 4 }),
    ending: oneOf('gone', 'close', 'silence'),
  });

/** The same for a whole session, whose user also reacts inside listeners. */
export const callPlays = (most: number): fc.Arbitrary<CallPlay> =>
  fc.record({
    scene: fc.record(where),
    acts: some(most, ...speaking, ...serving, waits, waits, weighed(1, act('inject', injected)), ...rarely),
    reactions: fc.array(reaction, { maxLength: 4 }),
    ending: oneOf('gone', 'close', 'silence'),
  });
