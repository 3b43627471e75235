/** Scripts: what may happen to a gate and its server, as data that prints, shrinks and can be replayed. */
import fc from 'fast-check';
import type { HangUpOptions, OverridableGuard } from '../../types/index.js';
import type { Known } from './known.js';
import type { Faults } from '../../src/simulator/server/index.js';

export interface Asking {
  readonly what: 'plain' | 'with parameters' | 'beside' | 'beside, aloud';
  readonly whenBlocked?: 'hold-this-turn' | 'refuse';
  readonly override?: readonly OverridableGuard[];
  readonly interrupt?: true;
  readonly holdForMs?: number;
  /** Where it does not come from the session's user. */
  readonly origin?: 'follow-up' | 'remark' | 'farewell';
}

/** One thing that happens. Numbers name things by their place among those that there are, from the last. */
export type Act =
  // the session's user
  | readonly ['respond', Asking]
  | readonly ['withdraw' | 'cancel', number]
  | readonly ['interrupt' | 'reconsider' | 'commit' | 'clear' | 'close' | 'abandon']
  | readonly ['item', 'user' | 'system' | 'unknown output' | 'duplicate']
  | readonly ['turn', 'begins' | 'ends']
  | readonly ['append', number]
  | readonly ['update', Change]
  | readonly ['mood', 'open' | 'shut' | 'throws' | 'meddles']
  | readonly ['hangup', HangUpOptions]
  | readonly ['misuse', Misuse]
  | readonly ['know', Known]
  // the caller and the server
  | readonly ['caller', 'begins' | 'ends' | 'presses']
  | readonly ['speaks', number]
  | readonly ['reply', 'speech' | 'long' | 'call' | 'two items' | 'fails' | 'incomplete' | 'nothing']
  | readonly ['calls', readonly string[]]
  | readonly ['faults', Partial<Faults>]
  | readonly ['inject', Injected]
  // the network
  | readonly ['wait', number]
  | readonly ['expire' | 'hang-up' | 'die' | 'drop' | 'reconnect'];

export type Change =
  | 'instructions'
  | 'rejected'
  | 'rejected without an id'
  | 'secret'
  | 'voice'
  | 'no detection'
  | 'answers'
  | 'no answers'
  | 'no interrupting'
  | 'semantic'
  | 'idle';
export type Misuse =
  | 'create'
  | 'cancel by hand'
  | 'update by hand'
  | 'a disguise'
  | 'no event'
  | 'no purpose'
  | 'a bad override'
  | 'a bad option'
  | 'a bad edge';
export type Injected =
  'another session' | 'error without an id' | 'foreign response' | 'a done' | 'a delta' | 'nonsense';

/** The tools of a whole session, by how they behave. */
export const toolNames = ['at_once', 'slow', 'never', 'fails', 'silent'] as const;

/** Where a script is played. */
export interface Scene {
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  readonly limits: 'as usual' | 'tight';
  readonly latency: 'none' | 'brisk' | 'as measured';
  readonly speed: 8 | 100 | 'at once';
  readonly toServerMs: readonly number[];
  readonly toClientMs: readonly number[];
  readonly faults: Partial<Faults>;
}

const oneOf = <const Each>(...each: readonly Each[]): fc.Arbitrary<Each> => fc.constantFrom(...each);
export const act = <const Name extends string, Rest extends readonly fc.Arbitrary<unknown>[]>(
  name: Name,
  ...rest: Rest
) => fc.tuple(fc.constant(name), ...rest) as unknown as fc.Arbitrary<Act>;
const place = fc.nat({ max: 5 });

export const asking: fc.Arbitrary<Asking> = fc.record(
  {
    what: oneOf('plain', 'plain', 'plain', 'with parameters', 'beside', 'beside, aloud'),
    whenBlocked: oneOf('hold-this-turn', 'refuse'),
    override: fc.subarray<OverridableGuard>(['user-speaking', 'playback', 'loop'], { minLength: 1 }),
    interrupt: fc.constant(true as const),
    holdForMs: oneOf(1, 300, 3_000, 60_000),
  },
  { requiredKeys: ['what'] },
);

export const faults: fc.Arbitrary<Partial<Faults>> = fc.record(
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
    failCode: oneOf(null, null, 'server_error', 'rate_limit_exceeded'),
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

const speaking = [
  { weight: 10, arbitrary: act('respond', asking) },
  { weight: 2, arbitrary: act('withdraw', place) },
  { weight: 2, arbitrary: act('cancel', place) },
  { weight: 2, arbitrary: act('interrupt') },
  { weight: 4, arbitrary: act('item', oneOf('user', 'user', 'system', 'unknown output', 'duplicate')) },
  { weight: 1, arbitrary: act('append', oneOf(50, 400)) },
  { weight: 2, arbitrary: act('commit') },
  { weight: 1, arbitrary: act('clear') },
  { weight: 2, arbitrary: act('turn', oneOf('begins', 'ends')) },
  { weight: 1, arbitrary: act('mood', oneOf('open', 'open', 'shut', 'throws')) },
  { weight: 1, arbitrary: act('reconsider') },
];
const serving = [
  { weight: 3, arbitrary: act('caller', oneOf('begins', 'ends', 'ends', 'presses')) },
  { weight: 4, arbitrary: act('speaks', oneOf(10, 300, 2_000)) },
  {
    weight: 2,
    arbitrary: act('reply', oneOf('speech', 'long', 'call', 'two items', 'fails', 'incomplete', 'nothing')),
  },
  { weight: 1, arbitrary: act('faults', faults) },
  { weight: 14, arbitrary: act('wait', oneOf(0, 1, 20, 60, 150, 399, 400, 500, 2_000, 20_000)) },
];
const changing = [
  {
    weight: 2,
    arbitrary: act(
      'update',
      oneOf<Change>(
        'instructions',
        'instructions',
        'rejected',
        'rejected without an id',
        'secret',
        'voice',
        'no detection',
        'answers',
        'no answers',
        'no interrupting',
        'semantic',
        'idle',
      ),
    ),
  },
];
const trouble = [
  { weight: 1, arbitrary: act('abandon') },
  {
    weight: 1,
    arbitrary: act(
      'inject',
      oneOf<Injected>('another session', 'error without an id', 'foreign response', 'a done', 'a delta', 'nonsense'),
    ),
  },
  { weight: 1, arbitrary: act('drop') },
  { weight: 3, arbitrary: act('reconnect') },
];
const endings = [{ weight: 1, arbitrary: oneOf<Act>(['expire'], ['hang-up'], ['die'], ['close'], ['drop']) }];

export interface Play {
  readonly scene: Scene;
  readonly acts: readonly Act[];
  /** How it ends: by us, by the network, or not at all, while the server says nothing any more. */
  readonly ending: 'gone' | 'close' | 'silence';
}

const delays = fc.array(oneOf(0, 1, 10, 60, 250), { minLength: 1, maxLength: 4 });
const scene: fc.Arbitrary<Scene> = fc.record({
  turnEnds: oneOf('speech-stopped', 'speech-stopped', 'transcribed'),
  limits: oneOf('as usual', 'tight'),
  latency: oneOf('none', 'brisk', 'as measured'),
  speed: oneOf<8 | 100 | 'at once'>(8, 100, 'at once'),
  toServerMs: delays,
  toClientMs: delays,
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: faults }),
});

/** Plays of this many acts at most; `extra` acts are mixed in. */
export const plays = (most: number, extra: readonly fc.WeightedArbitrary<Act>[] = []): fc.Arbitrary<Play> =>
  fc.record({
    scene,
    acts: fc.array(fc.oneof(...speaking, ...serving, ...changing, ...trouble, ...endings, ...extra), {
      minLength: 1,
      maxLength: most,
      size: 'max',
    }),
    ending: oneOf('gone', 'close', 'silence'),
  });

/** Where a script with a whole session is played. */
export interface Scenery extends Scene {
  /** It has a policy for responses that fail. */
  readonly recovers: boolean;
}

/** Done from inside a listener, the given time that it is called. */
export interface Reaction {
  readonly to:
    'event' | 'response' | 'verdict' | 'response.done' | 'input_audio_buffer.speech_started' | 'tools' | 'cut';
  readonly after: number;
  readonly does: Act;
}

export interface CallPlay {
  readonly scene: Scenery;
  readonly acts: readonly Act[];
  readonly reactions: readonly Reaction[];
  readonly ending: Play['ending'];
}

const mischief = oneOf<Misuse>(
  ...(['create', 'cancel by hand', 'update by hand', 'a disguise', 'no event', 'no purpose'] as const),
  ...(['a bad override', 'a bad option', 'a bad edge'] as const),
);
const hangups: fc.Arbitrary<HangUpOptions> = fc.record(
  {
    farewell: fc.constant({ instructions: 'Say goodbye.' }),
    onBargeIn: oneOf('resume', 'hang-up'),
    deadlineMs: oneOf(100, 5_000),
  },
  { requiredKeys: [] },
);
const rarely = [
  { weight: 2, arbitrary: act('misuse', mischief) },
  { weight: 1, arbitrary: act('mood', fc.constant('meddles')) },
  { weight: 1, arbitrary: act('hangup', hangups) },
];
const calling = [
  { weight: 3, arbitrary: act('calls', fc.array(oneOf(...toolNames, 'no_such_tool'), { minLength: 1, maxLength: 3 })) },
];
const reaction: fc.Arbitrary<Reaction> = fc.record({
  to: oneOf('event', 'response', 'verdict', 'response.done', 'input_audio_buffer.speech_started', 'tools', 'cut'),
  after: fc.integer({ min: 1, max: 12 }),
  does: fc.oneof(...speaking, ...changing, ...rarely, ...endings),
});

/** The same with a whole session: its user reacts from inside listeners too. */
export const callPlays = (most: number): fc.Arbitrary<CallPlay> =>
  fc.record({
    scene: fc.tuple(scene, fc.boolean()).map(([where, recovers]) => ({ ...where, recovers })),
    acts: fc.array(
      fc.oneof(...speaking, ...serving, ...serving, ...changing, ...trouble.slice(1, 2), ...calling, ...rarely),
      {
        minLength: 1,
        maxLength: most,
        size: 'max',
      },
    ),
    reactions: fc.array(reaction, { maxLength: 4 }),
    ending: oneOf('gone', 'close', 'silence'),
  });

/** As one can copy it into a test. */
export function printPlay({
  scene: where,
  acts,
  ending,
  reactions,
}: Play & { reactions?: readonly Reaction[] }): string {
  const list = (each: readonly unknown[]): string => each.map((one) => `    ${JSON.stringify(one)},\n`).join('');
  const reacting = reactions ? `  reactions: [\n${list(reactions)}  ],\n` : '';
  const name = reactions ? 'await playCall' : 'play';
  return `${name}({\n  scene: ${JSON.stringify(where)},\n  acts: [\n${list(acts)}  ],\n${reacting}  ending: '${ending}',\n})`;
}
