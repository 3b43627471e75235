/** Scripts: what may happen to a gate and its server, as data that can be printed, shrunk and replayed. */
import type { HangUpOptions, OverridableGuard } from '../../types/index.js';
import type { Faults } from '../../src/simulator/server/index.js';

export interface Asking {
  readonly what: 'plain' | 'with parameters' | 'beside' | 'beside, aloud';
  readonly whenBlocked?: 'hold-this-turn' | 'refuse';
  readonly override?: readonly OverridableGuard[];
  readonly interrupt?: true;
  readonly holdForMs?: number;
  /** Set if the request comes from a running tool. */
  readonly origin?: 'remark';
}

/** One thing that happens. Numbers select one of the things that exist, counted from the last. */
export type Act =
  // the session's user
  | readonly ['respond', Asking]
  | readonly ['withdraw' | 'cancel', number]
  | readonly ['interrupt' | 'reconsider' | 'commit' | 'clear' | 'close' | 'abandon']
  | readonly ['item', 'user' | 'system' | 'unknown output' | 'duplicate']
  | readonly ['turn', 'begins' | 'ends']
  | readonly ['append', number]
  | readonly ['update', Change]
  /** US dollars. */
  | readonly ['budget', number]
  | readonly ['mood', 'open' | 'shut' | 'throws' | 'meddles']
  | readonly ['hangup', HangUpOptions]
  | readonly ['misuse', Misuse]
  // the outside, which only the machine meets
  | readonly ['heard', number]
  | readonly ['returns', number]
  | readonly ['backlog', 'over' | 'under' | 'far over']
  | readonly ['hosted', Hosted]
  // the caller and the server
  | readonly ['caller', 'begins' | 'ends' | 'presses']
  | readonly ['speaks', number]
  | readonly ['reply', 'speech' | 'long' | 'call' | 'two items' | 'fails' | 'incomplete' | 'nothing']
  | readonly ['calls', readonly string[]]
  | readonly ['faults', Partial<Faults>]
  | readonly ['inject', Injected]
  // the network
  | readonly ['wait', number]
  | readonly ['lose', Loss, number]
  | readonly ['refuse', Refusing]
  | readonly ['lags', number]
  | readonly ['expire' | 'hang-up' | 'die' | 'drop'];

export type Answering =
  'speech' | 'long' | 'call' | 'two items' | 'fails' | 'limited' | 'quota' | 'incomplete' | 'filtered' | 'nothing';
/** What the network loses: the next of these, this many. */
export type Loss =
  | 'sound'
  | 'created'
  | 'done'
  | 'a create'
  | 'an update'
  | 'an echo'
  | 'an item'
  | 'a turn’s end'
  | 'a commit'
  | 'an error'
  | 'a transcript';
/** The server refuses the next event of this kind. */
export interface Refusing {
  readonly event: 'response.create' | 'conversation.item.create' | 'session.update';
  readonly names: 'its event' | 'nothing';
  readonly code: string | null;
  readonly param: string | null;
  readonly type?: 'server_error';
  readonly says?: string;
}
/** What a hosted (MCP) server does in the open response, or after it. */
export type Hosted = 'calls' | 'asks' | 'completes' | 'fails' | 'is approved' | 'is denied';
/** How the carrier ends its leg, and whether the connection ends once it is closed. */
export interface Leg {
  readonly end: 'ends' | 'throws' | 'never';
  readonly ms: number;
  readonly line: 'closes' | 'hangs';
}
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
  | 'idle'
  | 'telephone'
  | 'text'
  | 'tools';
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
  | 'another session'
  | 'error without an id'
  | 'foreign response'
  | 'a done'
  | 'a delta'
  | 'nonsense'
  | 'quota'
  | 'server error'
  | 'limits'
  | 'another’s output';

/** The tools of a whole session, named after their behaviour. */
export const toolNames = ['at_once', 'slow', 'never', 'fails', 'silent', 'odd', 'shapes'] as const;

/** The setting in which a script is played. */
export interface Scene {
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  readonly limits: 'as usual' | 'tight';
  readonly latency: 'none' | 'brisk' | 'as measured';
  readonly speed: 8 | 100 | 'at once';
  readonly toServerMs: readonly number[];
  readonly toClientMs: readonly number[];
  readonly faults: Partial<Faults>;
  readonly recovery: 'none' | 'gentle' | 'strict';
  readonly playback: 'waits' | 'goes on';
  /** The budget, and what happens when it is spent. */
  /** Whether another line takes the place of one that is lost; and of one that will soon be ended, too. */
  readonly reconnect: 'no' | 'yes' | 'rotates';
  readonly budget: 'none' | 'tells' | 'stops answering' | 'hangs up' | 'shared';
}

export type Dial = 'opens' | 'is refused' | 'is crowded out' | 'is forbidden' | 'never answers';

/** Settings for a machine without a session around it. */
export interface MachineScene extends Scene {
  readonly line: 'own' | 'sideband';
  readonly unknownTools: 'answer' | 'leave';
  readonly pings: 'can ask' | 'cannot ask';
  readonly endsCall: 'yes' | 'no';
  readonly leg: Leg;
  readonly deltaMs: number;
  /** The behaviour of a shared budget's store. */
  readonly leases: 'give' | 'fail' | 'never';
  /** What becomes of the lines that are dialled, in turn. */
  readonly dials: readonly Dial[];
}

export interface Play {
  readonly scene: MachineScene;
  readonly acts: readonly Act[];
  /**
   * How it ends: closed by us (`close`), lost (`gone`), a silent server that answers pings (`silence`), one that does
   * not (`dead`), or without further disturbances (`peace`).
   */
  readonly ending: 'gone' | 'close' | 'silence' | 'dead' | 'peace';
}

/** An act inside a listener, at its nth call. */
export interface Reaction {
  readonly to:
    'event' | 'response' | 'verdict' | 'response.done' | 'input_audio_buffer.speech_started' | 'tools' | 'cut';
  readonly after: number;
  readonly does: Act;
}

export interface CallPlay {
  readonly scene: Scene;
  readonly acts: readonly Act[];
  readonly reactions: readonly Reaction[];
  readonly ending: 'gone' | 'close' | 'silence';
}

/** The script as text that can be copied into a test. */
export function printPlay({
  scene: where,
  acts,
  ending,
  reactions,
}: (Play | CallPlay) & { readonly reactions?: readonly Reaction[] }): string {
  const list = (each: readonly unknown[]): string => each.map((one) => `    ${JSON.stringify(one)},\n`).join('');
  const reacting = reactions ? `  reactions: [\n${list(reactions)}  ],\n` : '';
  const name = reactions ? 'await playCall' : 'play';
  return `${name}({\n  scene: ${JSON.stringify(where)},\n  acts: [\n${list(acts)}  ],\n${reacting}  ending: '${ending}',\n})`;
}
