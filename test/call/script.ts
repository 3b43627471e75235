/** The events of a call, as data that can be printed, shrunk and replayed. */
import fc from 'fast-check';
import type { Faults } from '../../src/simulator/server/index.js';
import type { HangUpOptions, RecoveryPlan, RespondOptions } from '../../types/index.js';

export interface Script {
  readonly scene: {
    readonly media: 'websocket' | 'webrtc';
    readonly speed: 1 | 8 | 100;
    readonly delayMs: 0 | 15 | 80;
    readonly turnEnds: 'speech-stopped' | 'transcribed';
    readonly waits: boolean;
    readonly recovery: RecoveryPlan;
    readonly carrier: 'hangs up' | 'hangs up first' | 'throws' | 'never';
    readonly faults: Partial<Faults>;
  };
  readonly acts: readonly Act[];
}

const toolNames = ['fast', 'slow', 'never', 'silent', 'fails', 'remarks', 'hangs_up', 'closes', 'unheard_of'] as const;
const plots = ['speech', 'long', 'two items', 'fails', 'incomplete', 'nothing'] as const;
const heardOf = ['verdict', 'verdict', 'response', 'audio', 'cut', 'tools', 'fault', 'response.done', 'event'] as const;

export type Act =
  | readonly ['respond', RespondOptions]
  | readonly ['item' | 'interrupt' | 'close' | 'drop']
  | readonly ['hangup', HangUpOptions]
  /** A listener for this event (of verdicts: a refusal) hangs up or closes, once. */
  | readonly ['listener', (typeof heardOf)[number], 'hangs up' | 'closes']
  | readonly ['turn', 'begins' | 'ends']
  | readonly ['heard', number, number]
  | readonly ['caller', 'begins' | 'ends' | 'speaks']
  | readonly ['reply', (typeof plots)[number]]
  | readonly ['calls', readonly (typeof toolNames)[number][]]
  | readonly ['faults', Partial<Faults>]
  | readonly ['wait', number];

const oneOf = <const Each>(...each: readonly Each[]): fc.Arbitrary<Each> => fc.constantFrom(...each);
const act = <const Name extends Act[0]>(weight: number, name: Name, ...rest: readonly fc.Arbitrary<unknown>[]) => ({
  weight,
  arbitrary: fc.tuple(fc.constant(name), ...rest) as fc.Arbitrary<unknown> as fc.Arbitrary<Act>,
});

const faults = fc.record<Partial<Faults>>(
  {
    failCode: oneOf(null, null, 'server_error', 'rate_limit_exceeded', 'insufficient_quota'),
    lateDone: oneOf(0, 100),
    dropCreated: fc.boolean(),
    stragglersAfterCancel: oneOf(0, 2),
    conflictErrorBeforeCreated: fc.boolean(),
    multiItem: fc.boolean(),
    preCreated: oneOf('createdThenDone', 'swallow', 'runs'),
    semanticBurst: oneOf(1, 3),
  },
  { requiredKeys: [] },
);

const responding = oneOf<RespondOptions>(
  {},
  { response: { instructions: 'Say hello.' } },
  { response: { conversation: 'none' } },
  { response: { conversation: 'none', output_modalities: ['audio'] } },
  { whenBlocked: 'hold-this-turn' },
  { interrupt: true },
);

const hangingUp = fc.record<HangUpOptions>(
  {
    farewell: fc.constant({ instructions: 'Goodbye.' }),
    onBargeIn: oneOf('resume', 'hang-up'),
    deadlineMs: oneOf(500, 5_000, 20_000),
  },
  { requiredKeys: [] },
);

const acts = fc.array(
  fc.oneof(
    act(8, 'respond', responding),
    act(2, 'item'),
    act(2, 'interrupt'),
    act(3, 'hangup', hangingUp),
    act(3, 'listener', oneOf(...heardOf), oneOf('hangs up', 'hangs up', 'closes')),
    act(1, 'turn', oneOf('begins', 'ends')),
    act(3, 'heard', fc.nat(2), oneOf(0, 100, 700, 1e6)),
    act(6, 'caller', oneOf('begins', 'ends', 'ends', 'speaks', 'speaks')),
    act(3, 'reply', oneOf(...plots)),
    act(5, 'calls', fc.array(oneOf(...toolNames), { minLength: 1, maxLength: 3 })),
    act(1, 'faults', faults),
    act(14, 'wait', oneOf(0, 20, 100, 400, 1_000, 3_000, 20_000)),
    act(1, 'drop'),
    act(1, 'close'),
  ),
  { minLength: 3, maxLength: 30 },
);

export const scripts: fc.Arbitrary<Script> = fc.record({
  scene: fc.record({
    media: oneOf('websocket', 'websocket', 'webrtc'),
    speed: oneOf(1, 8, 100),
    delayMs: oneOf(0, 15, 80),
    turnEnds: oneOf('speech-stopped', 'transcribed'),
    waits: fc.boolean(),
    recovery: oneOf<RecoveryPlan>({}, { 'server-error': { retries: 2, then: 'go-on' } }),
    carrier: oneOf('hangs up', 'hangs up first', 'throws', 'never'),
    faults,
  }),
  acts,
});
