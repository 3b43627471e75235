/** Scripts: what may happen to a gate and its server, as data that prints, shrinks and can be replayed. */
import fc from 'fast-check';
import type { OverridableGuard } from '../../types/index.js';
import type { Faults } from '../../src/simulator/server/index.js';

export interface Asking {
  readonly what: 'plain' | 'with parameters' | 'beside' | 'beside, aloud';
  readonly whenBlocked?: 'hold-this-turn' | 'refuse';
  readonly override?: readonly OverridableGuard[];
  readonly interrupt?: true;
  readonly holdForMs?: number;
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
  | readonly ['mood', 'open' | 'shut' | 'throws']
  // the caller and the server
  | readonly ['caller', 'begins' | 'ends' | 'presses']
  | readonly ['speaks', number]
  | readonly ['reply', 'speech' | 'long' | 'call' | 'two items' | 'fails' | 'incomplete' | 'nothing']
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
export type Injected =
  'another session' | 'error without an id' | 'foreign response' | 'a done' | 'a delta' | 'nonsense';

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
const act = <const Name extends string, Rest extends readonly fc.Arbitrary<unknown>[]>(name: Name, ...rest: Rest) =>
  fc.tuple(fc.constant(name), ...rest) as unknown as fc.Arbitrary<Act>;
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

/** As one can copy it into a test. */
export const printPlay = ({ scene: where, acts, ending }: Play): string =>
  `play({\n  scene: ${JSON.stringify(where)},\n  acts: [\n${acts.map((each) => `    ${JSON.stringify(each)},\n`).join('')}  ],\n  ending: '${ending}',\n})`;
