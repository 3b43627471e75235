import { unwatched } from '../limits.js';
/** One state of a session's machine, its server, the two lanes between them and the judge; and all that can happen next. */
import {
  asksForAudio,
  createSession,
  dueAt,
  isIdle,
  goesOn,
  isOpen,
  step,
  type Input,
  type Rules,
  type Session,
  type Json,
} from '../../src/machine/index.js';
import {
  createServer,
  noLatency,
  step as stepServer,
  type Input as ServerInput,
  type Reply,
  type Server,
} from '../../src/simulator/server/index.js';
import { unsettled } from '../laws/ledger.js';
import { firstRecords, Judge, type Records } from '../laws/judge.js';
import type { Frame } from '../laws/oracle.js';
import { limits, policies, reconnects } from '../laws/plots.js';
import { text } from '../laws/wire-log.js';
import { type Alphabet, type Budget, SMALL } from './alphabets.js';
import { copy } from './copy.js';

type Untimed<Each> = Each extends unknown ? Omit<Each, 'now'> : never;

export interface State {
  session: Session;
  server: Server;
  records: Records;
  toServer: (Frame | 'bye')[];
  toClient: (Frame | 'gone')[];
  /** The line that was dialled last, and whether it is open yet. */
  line: number;
  next: 'open' | 'dialled' | 'gone';
  left: { -readonly [Key in keyof Budget]: Budget[Key] };
  /** Calls of tools that run. */
  running: string[];
  carrier: 'idle' | 'asked';
  /** Leases that a shared budget is asked for, and what it has given and not had back: nanodollars. */
  leasing: number;
  given: number;
  now: number;
  asked: number;
  speaks: 'caller speaks' | 'caller is silent';
  readonly alphabet: Alphabet;
}

/** For all but the deadlines time stands still, and no watchdog bites but the one that is meant. */
const rulesOf = ({ recovery, playback, money, reconnect, line }: Alphabet): Rules => ({
  limits: {
    ...limits,
    ...{ holdForMs: 1e9, turnMs: 1e8, createdMs: 1e7, responseMs: 1e8, confirmMs: 1e8, mcpMs: 1e8, silentMs: 1e12 },
  },
  turnEnds: 'speech-stopped',
  line,
  prefix: 'gr',
  guards: [],
  accept: 'not given',
  unknownTools: 'answer',
  playback,
  endsCall: 'yes',
  pings: 'can ask',
  keys: 'fixed',
  recovery: policies[recovery],
  ...unwatched,
  reconnect: reconnects[reconnect],
  budget: money,
});

const shared: ReadonlySet<string> = new Set(
  ['rules', 'alphabet', 'constants', 'options', 'faults', 'settings', 'config', 'left', 'inFlight', 'confirmed'].concat(
    ['standing', 'asked', 'reply', 'beats', 'action', 'event', 'params', 'asks', 'functions', 'hosted', 'inForce'],
  ),
);
/** Of the oracle: the judge's own things change. */
const copied = ({ records, ...state }: State): State => {
  const { toServer, toClient } = state;
  const made = {
    ...copy({ ...state, toServer: [], toClient: [] }, shared),
    toServer: [...toServer],
    toClient: [...toClient],
  };
  return { ...made, left: { ...state.left }, records: copy(records, new Set(['constants', 'standing'])) };
};

const brief: Reply = { items: [{ says: 'Yes.', ms: 250 }] };
const MODEL = 'gpt-realtime-2.1';
const connectionOf = ({ line }: State): string => `connection-${line}`;
const by = ({ line }: State): { readonly line?: number } => (line === 1 ? {} : { line });
const TOOLS = { generation: 1, functions: [{ name: 'find', timeoutMs: 1e7 }], hosted: [] };

export function firstState(alphabet: Alphabet): State {
  const rules = rulesOf(alphabet);
  const farewells = ['farewell', 'server-error-apology'].slice(0, alphabet.recovery === 'strict' ? 2 : 1);
  const state: State = {
    session: createSession(rules),
    server: createServer({
      ...{ latency: noLatency, speed: Infinity, audio: 'tiny', faults: { rateLimits: 'never' } },
      media: alphabet.line === 'own' ? 'websocket' : 'webrtc',
    }),
    records: firstRecords({ rules, farewells }),
    toServer: [],
    toClient: [],
    line: 1,
    next: 'open',
    left: { ...alphabet.budget },
    running: [],
    carrier: 'idle',
    leasing: 0,
    given: 0,
    now: 0,
    asked: 0,
    speaks: 'caller is silent',
    alphabet,
  };
  const move = mover(state);
  connects(move);
  const session = { output_modalities: [alphabet.speaks] };
  tell(move, { type: 'update', update: { id: 1, session, timeoutMs: 1e8, tools: TOOLS } });
  while (state.toServer.length + state.toClient.length + state.server.agenda.length > 0) {
    if (state.toServer.length > 0) moves['arrives at the server']?.(move);
    else if (state.toClient.length > 0) moves['arrives at the client']?.(move);
    else moves['the server goes on']?.(move);
  }
  if (move.wrong.length > 0 || state.session.is.configuration !== 'confirmed') throw new Error(move.wrong.join('\n'));
  return state;
}

/** A state that is being changed, and what was found wrong on the way. */
interface Move {
  readonly state: State;
  readonly wrong: string[];
}
const mover = (state: State): Move => ({ state, wrong: [] });

export interface Next extends Move {
  readonly did: string;
}

/** Every state that can follow, with what led there. */
export function nexts(state: State): readonly Next[] {
  return Object.entries(moves)
    .filter(([did]) => enabled[did]?.(state) ?? true)
    .map(([did, make]) => {
      const move = mover(copied(state));
      make(move);
      return { ...move, did };
    });
}

const can =
  (what: Exclude<keyof Budget, 'asks'>) =>
  ({ left, session }: State): boolean =>
    left[what] > 0 && isOpen(session);

const enabled: Readonly<Record<string, (state: State) => boolean>> = {
  'we ask': ({ left }) => left.asks.length > 0,
  'we cancel': (state) => can('cancels')(state) && state.asked > 0,
  'we interrupt': can('interrupts'),
  'we send an item': can('items'),
  'we update': can('updates'),
  'we hang up': can('hangups'),
  'we close': can('closes'),
  'the limit is raised': (state) => can('raises')(state) && state.session.rules.budget !== null,
  'the button is pressed': (state) => can('buttons')(state) && state.session.is.button === 'released',
  'the button is released': ({ session }) => isOpen(session) && session.is.button === 'held',
  'the caller begins': (state) => can('begins')(state) && state.speaks === 'caller is silent',
  'the caller ends': ({ speaks, session }) => speaks === 'caller speaks' && isOpen(session),
  'the next answer will fail': ({ left }) => left.failures > 0,
  'the next answer will call': ({ left }) => left.calls > 0,
  'the tool returns': ({ running }) => running.length > 0,
  'the tool throws': ({ running }) => running.length > 0,
  'the shared budget gives': ({ leasing, left }) => leasing > 0 && left.leases > 0,
  'the shared budget has nothing': ({ leasing }) => leasing > 0,
  'the carrier has ended the call': ({ carrier }) => carrier === 'asked',
  'the carrier marks': (state) => can('marks')(state) && state.session.playback.items.size > 0,
  'the server goes on': ({ server }) => server.agenda.length > 0,
  'arrives at the server': ({ toServer }) => toServer.length > 0,
  'is refused by the server': ({ toServer, left }) =>
    left.refusals > 0 && toServer.length > 0 && text(toServer[0], 'item.type') === 'function_call_output',
  'arrives at the client': ({ toClient }) => toClient.length > 0,
  'a deadline passes': ({ left, session }) => left.deadlines > 0 && !isIdle(session),
  'the connection is lost': ({ left, session, next }) => left.losses > 0 && goesOn(session) && next === 'open',
  'it is time to dial': ({ session }) => session.is.restore === 'waiting',
  'audio is kept': ({ left, session }) => left.keeps > 0 && asksForAudio(session),
  'the next line opens': ({ next }) => next === 'dialled',
  'the program tells the conversation otherwise': ({ session }) => session.is.restore === 'asking',
  'the program takes too long to tell it': ({ session }) => session.is.restore === 'asking',
  'the next line is refused': ({ next, left }) => next === 'dialled' && left.losses > 0,
};

const plain = { purpose: 'reply', holdForMs: 1e9, origin: 'user', depth: 0, attempt: 0, root: null } as const;
const returned = { result: 'answered', output: '1', odd: 'plain', reply: 'respond', threw: null } as const;

const moves: Readonly<Record<string, (move: Move) => void>> = {
  'we ask': (move) => {
    const [next, ...rest] = move.state.left.asks;
    move.state.left.asks = rest;
    const id = ++move.state.asked;
    if (next) tell(move, { type: 'respond', ask: { ...plain, ...next, id, unseenBefore: 0, withdrawn: false } });
  },
  'we cancel': (move) => {
    move.state.left.cancels--;
    tell(move, { type: 'cancel', of: { request: move.state.asked } });
  },
  'we interrupt': (move) => {
    move.state.left.interrupts--;
    tell(move, { type: 'interrupt' });
  },
  'we send an item': (move) => {
    move.state.left.items--;
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] };
    tell(move, { type: 'send', event: { type: 'conversation.item.create', item } });
  },
  'we update': (move) => {
    const id = 2 + --move.state.left.updates;
    tell(move, { type: 'update', update: { id, session: { instructions: 'Be brief.' }, timeoutMs: 1e8, tools: null } });
  },
  'we hang up': (move) => {
    move.state.left.hangups--;
    const { onBargeIn } = move.state.alphabet;
    const asked = { purpose: 'farewell', farewell: { instructions: 'Goodbye.' }, onBargeIn, deadlineMs: 1e6 };
    tell(move, { type: 'hang-up', asked: { ...asked, why: 'asked', root: null } });
  },
  'we close': (move) => {
    move.state.left.closes--;
    tell(move, { type: 'close', ending: { kind: 'closed' } });
  },
  'the limit is raised': (move) => {
    move.state.left.raises--;
    tell(move, { type: 'budget', limit: 4 * SMALL, warnAt: null });
  },
  'the button is pressed': (move) => {
    move.state.left.buttons--;
    tell(move, { type: 'turn', edge: 'begins' });
  },
  'the button is released': (move) => tell(move, { type: 'turn', edge: 'ends' }),
  'the caller begins': (move) => {
    move.state.left.begins--;
    move.state.speaks = 'caller speaks';
    serve(move, { type: 'caller', does: 'begins' });
  },
  'the caller ends': (move) => {
    move.state.speaks = 'caller is silent';
    serve(move, { type: 'caller', does: 'ends', says: '' });
  },
  'the next answer will fail': (move) => {
    move.state.left.failures--;
    serve(move, { type: 'reply', reply: { items: [], status: 'failed', code: 'server_error' } });
  },
  'the next answer will call': (move) => {
    move.state.left.calls--;
    serve(move, { type: 'reply', reply: { items: [{ calls: 'find', args: '{}' }] } });
  },
  'the tool returns': (move) => {
    const call = move.state.running.shift();
    if (call) tell(move, { type: 'tool-returned', returned: { ...returned, call } });
  },
  'the tool throws': (move) => {
    const call = move.state.running.shift();
    const threw = { ref: 1, words: 'no' };
    if (call) tell(move, { type: 'tool-returned', returned: { ...returned, call, result: 'failed', threw } });
  },
  'the shared budget gives': (move) => {
    move.state.left.leases--;
    grant(move, SMALL);
  },
  'the shared budget has nothing': (move) => grant(move, 0),
  'the carrier has ended the call': (move) => {
    move.state.carrier = 'idle';
    tell(move, { type: 'call-ended', threw: null });
  },
  'the carrier marks': (move) => {
    move.state.left.marks--;
    const [itemId = ''] = [...move.state.session.playback.items.keys()].slice(-1);
    tell(move, { type: 'heard', itemId, ms: 250 });
  },
  'the server goes on': (move) => {
    const { toClient, server } = move.state;
    const before = toClient.length;
    while (server.agenda.length > 0 && toClient.length === before) serve(move, { type: 'tick', atMost: 1 });
  },
  'arrives at the server': (move) => {
    const frame = move.state.toServer.shift();
    if (frame === 'bye') {
      serve(move, { type: 'disconnect', connection: connectionOf(move.state) });
      move.state.toClient.push('gone');
    } else serve(move, { type: 'text', connection: connectionOf(move.state), text: JSON.stringify(frame) });
  },
  'is refused by the server': (move) => {
    move.state.left.refusals--;
    const event_id = text(move.state.toServer.shift(), 'event_id');
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param: null, event_id };
    move.state.toClient.push({ type: 'error', error });
  },
  'arrives at the client': (move) => {
    const frame = move.state.toClient.shift();
    if (frame === 'gone') tell(move, { type: 'gone', code: 1000, reason: '', ...by(move.state) });
    else if (frame) {
      const audioBytes = frame.type === 'response.output_audio.delta' ? 250 * 48 : 0;
      tell(move, { type: 'frame', event: frame, audioBytes, ...by(move.state) });
    }
  },
  'a deadline passes': (move) => {
    move.state.left.deadlines--;
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  },
  'the connection is lost': (move) => {
    const { state } = move;
    state.left.losses--;
    state.speaks = 'caller is silent';
    hangUpOn(move);
    tell(move, { type: 'gone', code: null, reason: '', ...by(state) });
  },
  'it is time to dial': (move) => {
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  },
  'audio is kept': (move) => {
    move.state.left.keeps--;
    tell(move, { type: 'audio-kept' });
  },
  'the program tells the conversation otherwise': (move) => {
    const { line, session } = move.state;
    const items = session.restore.shown.map(({ item }) => item as Json).slice(1);
    tell(move, { type: 'history', line, items, threw: null });
  },
  'the program takes too long to tell it': (move) => {
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  },
  'the next line opens': (move) => {
    move.state.next = 'open';
    connects(move);
    tell(move, { type: 'opened', line: move.state.line });
  },
  'the next line is refused': (move) => {
    move.state.left.losses--;
    move.state.next = 'gone';
    const { line } = move.state;
    tell(move, { type: 'not-opened', line, status: 503, code: null, message: 'no' });
  },
};

function connects(move: Move): void {
  const to = move.state.alphabet.line === 'own' ? { model: MODEL } : { callId: 'rtc_1' };
  serve(move, { type: 'connect', connection: connectionOf(move.state), ...to });
}

/** The line is of no use any more, and what was on it is lost. */
function hangUpOn(move: Move): void {
  const { state } = move;
  if (state.next === 'open') serve(move, { type: 'disconnect', connection: connectionOf(state) });
  state.next = 'gone';
  state.toServer = [];
  state.toClient = [];
}

/** What neither machine nor oracle reads, and what follows a `created` of the same response, is left out of the lane. */
const read: ReadonlySet<string> = new Set([
  ...['session.created', 'session.updated', 'error', 'conversation.item.added'],
  ...['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed'],
  ...['response.created', 'response.output_item.added', 'response.output_audio.delta', 'response.done'],
]);
const isRead = (frame: Frame): boolean =>
  read.has(frame.type) || (frame.type === 'response.output_item.done' && text(frame, 'item.type') === 'function_call');

function serve({ state }: Move, input: Untimed<ServerInput>): void {
  // Whatever it has not been told to answer, it answers briefly.
  const scripted = state.server.replies.filter(({ items }) => items.length === 0 || !('says' in items[0]!));
  state.server.replies = [...scripted, ...(input.type === 'reply' ? [] : [brief])];
  for (const output of stepServer(state.server, { ...input, now: 0 })) {
    if (output.type === 'frame' && isRead(output.event)) state.toClient.push(output.event);
  }
}

function tell(move: Move, happening: Untimed<Input>): void {
  const { state } = move;
  const input = { ...happening, now: state.now } as Input;
  const judge = new Judge(state.records, move.wrong);
  judge.before(state.session, input);
  const effects = step(state.session, input, () => ({ yes: false }));
  judge.after(state.session, input, effects);
  state.toServer.push(...effects.frames);
  for (const command of effects.commands) {
    if (command.do === 'run-tool') state.running.push(command.call);
    else if (command.do === 'end-call') state.carrier = 'asked';
    else if (command.do === 'lease') state.leasing++;
    else if (command.do === 'settle-lease') state.given -= command.leasedNanoUsd;
    else if (command.do === 'close-line') state.toServer.push('bye');
    else if (command.do === 'write') state.toServer.push(command.frame);
    else if (command.do === 'shut' && command.line === state.line) hangUpOn(move);
    else if (command.do === 'dial') Object.assign(state, { line: command.line, next: 'dialled' });
    else if (command.do === 'abort-tool' && command.why !== 'hang-up') {
      state.running = state.running.filter((call) => call !== command.call);
    }
  }
}

function grant(move: Move, nanoUsd: number): void {
  move.state.leasing--;
  move.state.given += nanoUsd;
  tell(move, { type: 'leased', nanoUsd, threw: null });
}

/** Nothing happens any more but time: whatever was promised must be kept. */
export function lastWords(state: State): readonly string[] {
  const move = mover(copied(state));
  for (let ticks = 0; !isIdle(move.state.session); ticks++) {
    if (ticks > 50) return ['L14: the watchdogs never rest'];
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  }
  if (!isOpen(move.state.session)) return [...move.wrong, ...kept(move.state), ...unsettled(move.state.records.ledger)];
  new Judge(move.state.records, move.wrong).end(move.state.session);
  return move.wrong;
}

/** What an ended session has not given back. */
const kept = ({ given }: State): readonly string[] =>
  given === 0 ? [] : [`L8: ${given} of a shared budget were not given back`];
