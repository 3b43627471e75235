/** One state of a gate, its server, the two lanes between them and the oracle; and all that can happen next. */
import { createGate, step, type Ask, type Gate, type Input, type Rules } from '../../src/machine/index.js';
import {
  createServer,
  noLatency,
  step as stepServer,
  type Input as ServerInput,
  type Server,
} from '../../src/simulator/server/index.js';
import { heldWithoutReason } from '../laws/agreement.js';
import { asked, emptyLedger, forgetResponses, note, unsettled, type Ledger } from '../laws/ledger.js';
import { createOracle, observe, type Entry, type Frame, type Oracle } from '../laws/oracle.js';
import { limits } from '../laws/plots.js';
import { copy } from './copy.js';

type Untimed<Each, Key extends string> = Each extends unknown ? Omit<Each, Key> : never;

/** How often each may still happen. What is not here happens whenever it can. */
export interface Budget {
  /** Requests that will be made, in this order. */
  readonly asks: readonly Pick<Ask, 'params' | 'interrupt' | 'whenBlocked' | 'override'>[];
  readonly begins: number;
  readonly cancels: number;
  readonly items: number;
  readonly deadlines: number;
  readonly drops: number;
  readonly closes: number;
  readonly failures: number;
}

export interface State {
  gate: Gate;
  server: Server;
  oracle: Oracle;
  ledger: Ledger;
  toServer: (Frame | 'bye')[];
  toClient: (Frame | 'gone')[];
  left: { -readonly [Key in keyof Budget]: Budget[Key] };
  now: number;
  asked: number;
  connection: number;
  speaks: 'caller speaks' | 'caller is silent';
}

/** For all but the deadlines time stands still, and no watchdog bites but the one that is meant. */
const rules: Rules = {
  limits: { ...limits, holdForMs: 1e9, turnMs: 1e8, createdMs: 1e7, responseMs: 1e8, confirmMs: 1e8 },
  turnEnds: 'speech-stopped',
  sideband: false,
  prefix: 'gr',
  guards: [],
  accept: () => false,
};
const { imminentMs, turnMs, transcriptMs, createdMs, responseMs, confirmMs } = rules.limits;
const constants = { imminentMs, turnMs, transcriptMs, createdMs, responseMs, confirmMs };

const shared: ReadonlySet<string> = new Set(
  ['rules', 'constants', 'options', 'faults', 'settings', 'config', 'left', 'inFlight', 'confirmed'].concat([
    'standing',
    'pending',
    'reply',
    'beats',
    'action',
    'event',
    'params',
    'asks',
  ]),
);

export function firstState(budget: Budget): State {
  const state: State = {
    gate: createGate(rules),
    server: createServer({ latency: noLatency, speed: Infinity, audio: 'tiny', faults: { rateLimits: 'never' } }),
    oracle: createOracle({ ...constants, turnEnds: 'speech-stopped', farewells: [] }),
    ledger: emptyLedger(),
    toServer: [],
    toClient: [],
    left: { ...budget },
    now: 0,
    asked: 0,
    connection: 0,
    speaks: 'caller is silent',
  };
  const move = mover(state);
  connect(move);
  tell(move, { type: 'update', update: { id: 1, session: { output_modalities: ['text'] }, timeoutMs: confirmMs } });
  while (state.toServer.length + state.toClient.length + state.server.agenda.length > 0) {
    if (state.toServer.length > 0) moves['arrives at the server']?.(move);
    else if (state.toClient.length > 0) moves['arrives at the client']?.(move);
    else moves['the server goes on']?.(move);
  }
  if (move.wrong.length > 0 || state.gate.configuration !== 'confirmed') throw new Error(move.wrong.join('\n'));
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
      const move = mover({ ...copy({ ...state, toServer: [], toClient: [] }, shared), ...lanesOf(state) });
      move.state.left = { ...state.left };
      make(move);
      return { ...move, did };
    });
}

/** Frames are never changed: only the lanes are. */
const lanesOf = ({ toServer, toClient }: State): Pick<State, 'toServer' | 'toClient'> => ({
  toServer: [...toServer],
  toClient: [...toClient],
});

const isOpen = ({ gate }: State): boolean => gate.connection === 'open';

const enabled: Readonly<Record<string, (state: State) => boolean>> = {
  'we ask': ({ left }) => left.asks.length > 0,
  'we cancel': ({ left, asked: count }) => left.cancels > 0 && count > 0,
  'we send an item': (state) => state.left.items > 0 && isOpen(state),
  'we close': (state) => state.left.closes > 0 && isOpen(state),
  'the caller begins': (state) => state.left.begins > 0 && state.speaks === 'caller is silent' && isOpen(state),
  'the caller ends': (state) => state.speaks === 'caller speaks' && isOpen(state),
  'the next answer will fail': ({ left }) => left.failures > 0,
  'the server goes on': ({ server }) => server.agenda.length > 0,
  'arrives at the server': ({ toServer }) => toServer.length > 0,
  'arrives at the client': ({ toClient }) => toClient.length > 0,
  'a deadline passes': ({ left, gate }) => left.deadlines > 0 && gate.due < Infinity,
  'the connection drops': (state) => state.left.drops > 0 && isOpen(state),
  'another connection': ({ gate }) => gate.connection === 'away',
};

const moves: Readonly<Record<string, (move: Move) => void>> = {
  'we ask': (move) => {
    const { state } = move;
    const [next, ...rest] = state.left.asks;
    state.left.asks = rest;
    const id = ++state.asked;
    asked(state.ledger, id);
    if (next) tell(move, { type: 'respond', ask: { ...next, id, purpose: 'reply', holdForMs: 1e9, origin: 'user' } });
  },
  'we cancel': (move) => {
    move.state.left.cancels--;
    tell(move, { type: 'cancel', of: { request: move.state.asked } });
  },
  'we send an item': (move) => {
    move.state.left.items--;
    const content = [{ type: 'input_text', text: 'Well?' }];
    tell(move, {
      type: 'send',
      event: { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } },
    });
  },
  'we close': (move) => {
    move.state.left.closes--;
    tell(move, { type: 'close' });
    move.state.toServer.push('bye');
  },
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
  'arrives at the client': (move) => {
    const frame = move.state.toClient.shift();
    if (frame === 'gone') tell(move, { type: 'gone', code: 1000, reason: '' });
    else if (frame) tell(move, { type: 'frame', event: frame });
  },
  'a deadline passes': (move) => {
    move.state.left.deadlines--;
    move.state.now = Math.max(move.state.now, move.state.gate.due);
    tell(move, { type: 'tick' });
  },
  'the connection drops': (move) => {
    const { state } = move;
    state.left.drops--;
    state.speaks = 'caller is silent';
    serve(move, { type: 'disconnect', connection: connectionOf(state) });
    state.toServer = [];
    state.toClient = [];
    tell(move, { type: 'dropped', code: null, reason: '' });
  },
  'another connection': (move) => {
    tell(move, { type: 'connected' });
    connect(move);
  },
};

const connectionOf = ({ connection }: State): string => `connection-${connection}`;

function connect(move: Move): void {
  move.state.connection++;
  serve(move, { type: 'connect', connection: connectionOf(move.state), model: 'gpt-realtime-2.1' });
}

/** What neither gate nor oracle reads, and what follows a `created` of the same response, is left out of the lane. */
const read: ReadonlySet<string> = new Set([
  ...['session.created', 'session.updated', 'error', 'conversation.item.added'],
  ...['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed'],
  ...['response.created', 'response.output_item.added', 'response.done'],
]);

function serve({ state }: Move, input: Untimed<ServerInput, 'now'>): void {
  for (const output of stepServer(state.server, { ...input, now: 0 })) {
    if (output.type === 'frame' && read.has(output.event.type)) state.toClient.push(output.event);
  }
}

function tell(move: Move, input: Untimed<Input, 'now'>): void {
  const { state } = move;
  for (const entry of entriesOf(input)) log(move, entry);
  const { frames, notices } = step(state.gate, { ...input, now: state.now });
  for (const frame of frames) {
    log(move, { kind: 'wrote', frame });
    state.toServer.push(frame);
  }
  move.wrong.push(...note(state.ledger, notices));
  if (input.type === 'dropped' || input.type === 'gone') move.wrong.push(...forgetResponses(state.ledger));
  move.wrong.push(...heldWithoutReason(state.gate, state.oracle, state.now));
}

function log({ state, wrong }: Move, entry: Untimed<Entry, 'at'>): void {
  const found = observe(state.oracle, { ...entry, at: state.now });
  wrong.push(...found.map(({ law, says }) => `${law}: ${says}`));
}

function entriesOf(input: Untimed<Input, 'now'>): readonly Untimed<Entry, 'at'>[] {
  if (input.type === 'frame') return [{ kind: 'read', frame: input.event }];
  if (input.type === 'close') return [{ kind: 'told', fact: 'close' }];
  if (input.type === 'tick') return [{ kind: 'time' }];
  if (input.type === 'dropped' || input.type === 'gone') return [{ kind: 'lost' }];
  return input.type === 'connected' ? [{ kind: 'connected' }] : [];
}

/** Nothing happens any more but time: whatever was promised must be kept. */
export function lastWords(state: State): readonly string[] {
  const move = mover({ ...copy({ ...state, toServer: [], toClient: [] }, shared), ...lanesOf(state) });
  for (let ticks = 0; move.state.gate.due < Infinity; ticks++) {
    if (ticks > 50) return ['L6: the watchdogs never rest'];
    move.state.now = Math.max(move.state.now, move.state.gate.due);
    tell(move, { type: 'tick' });
  }
  return [...move.wrong, ...unsettled(move.state.ledger)];
}
