/** One state of a session's machine, its server, the two lanes between them and the judge; and all that can happen next. */
import {
  asksForAudio,
  createSession,
  dueAt,
  isIdle,
  goesOn,
  isOpen,
  liveLine,
  machines,
  step,
  type Input,
  type Session,
  type Json,
} from '../../src/machine/index.js';
import { unsettled } from '../laws/ledger.js';
import { firstRecords, Judge, type Records } from '../laws/judge.js';
import { text } from '../laws/wire-log.js';
import { type Alphabet, type Budget, SMALL } from './alphabets.js';
import { copy } from './copy.js';
import { rulesOf } from './rules.js';
import {
  arrives,
  beside,
  by,
  dialled,
  ends,
  goesOnAt,
  main,
  opens,
  serve,
  type ServerInput,
  type Wire,
} from './wires.js';

type Untimed<Each> = Each extends unknown ? Omit<Each, 'now'> : never;

export interface State {
  session: Session;
  records: Records;
  wires: readonly Wire[];
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

const shared: ReadonlySet<string> = new Set(
  ['rules', 'alphabet', 'constants', 'options', 'faults', 'settings', 'config', 'left', 'inFlight', 'confirmed'].concat(
    ['standing', 'asked', 'reply', 'beats', 'action', 'event', 'params', 'asks', 'functions', 'hosted', 'inForce'],
  ),
);
/** Of the oracle: the judge's own things change. */
const copied = ({ records, ...state }: State): State => {
  const made = {
    ...copy({ ...state, wires: [] }, shared),
    wires: state.wires.map((wire) => ({
      ...wire,
      server: copy(wire.server, shared),
      toServer: [...wire.toServer],
      toClient: [...wire.toClient],
    })),
  };
  return { ...made, left: { ...state.left }, records: copy(records, new Set(['constants', 'standing'])) };
};

const TOOLS = { generation: 1, functions: [{ name: 'find', timeoutMs: 1e7 }], hosted: [] };

export function firstState(alphabet: Alphabet): State {
  const rules = rulesOf(alphabet);
  const farewells = ['farewell', 'server-error-apology'].slice(0, alphabet.recovery === 'strict' ? 2 : 1);
  const state: State = {
    session: createSession(rules),
    records: firstRecords({ rules, farewells }),
    wires: [dialled(1, alphabet.line)],
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
  opens(main(state), alphabet.line);
  const session = { output_modalities: [alphabet.speaks] };
  tell(move, { type: 'update', update: { id: 1, session, timeoutMs: 1e8, tools: TOOLS } });
  const { toServer, toClient, server } = main(state);
  while (toServer.length + toClient.length + server.agenda.length > 0) {
    if (toServer.length > 0) moves['arrives at the server']?.(move);
    else if (toClient.length > 0) moves['arrives at the client']?.(move);
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
  'the server goes on': (state) => main(state).server.agenda.length > 0,
  'arrives at the server': (state) => main(state).toServer.length > 0,
  'is refused by the server': (state) =>
    state.left.refusals > 0 && text(main(state).toServer[0], 'item.type') === 'function_call_output',
  'arrives at the client': (state) => main(state).toClient.length > 0,
  'the server beside goes on': (state) => (beside(state)?.server.agenda.length ?? 0) > 0,
  'arrives at the server beside': (state) => (beside(state)?.toServer.length ?? 0) > 0,
  'arrives from the line beside': (state) => (beside(state)?.toClient.length ?? 0) > 0,
  'the line beside is lost': (state) => state.left.losses > 0 && beside(state) !== undefined,
  'a deadline passes': ({ left, session }) => left.deadlines > 0 && !isIdle(session),
  'the connection is lost': (state) => state.left.losses > 0 && goesOn(state.session) && main(state).is === 'open',
  'it is time to dial': ({ session }) => session.is.restore === 'waiting',
  'audio is kept': ({ left, session }) => left.keeps > 0 && asksForAudio(session),
  'the next line opens': ({ wires }) => wires.at(-1)?.is === 'dialled',
  'the program tells the conversation otherwise': ({ session }) => session.is.restore === 'asking',
  'the program takes too long to tell it': ({ session }) => session.is.restore === 'asking',
  'the next line is refused': ({ wires, left }) => wires.at(-1)?.is === 'dialled' && left.losses > 0,
  'the end comes nearer': ({ left, session }) => left.nears > 0 && endWatch(session) < Infinity,
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
    serveMain(move, { type: 'caller', does: 'begins' });
  },
  'the caller ends': (move) => {
    move.state.speaks = 'caller is silent';
    serveMain(move, { type: 'caller', does: 'ends', says: '' });
  },
  'the next answer will fail': (move) => {
    move.state.left.failures--;
    serveMain(move, { type: 'reply', reply: { items: [], status: 'failed', code: 'server_error' } });
  },
  'the next answer will call': (move) => {
    move.state.left.calls--;
    serveMain(move, { type: 'reply', reply: { items: [{ calls: 'find', args: '{}' }] } });
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
  'the server goes on': ({ state }) => goesOnAt(main(state)),
  'arrives at the server': ({ state }) => arrives(main(state)),
  'the server beside goes on': ({ state }) => goesOnAt(beside(state)!),
  'arrives at the server beside': ({ state }) => arrives(beside(state)!),
  'arrives from the line beside': (move) => brings(move, beside(move.state)!),
  'the line beside is lost': (move) => {
    move.state.left.losses--;
    loses(move, beside(move.state)!);
  },
  'is refused by the server': (move) => {
    move.state.left.refusals--;
    const { toServer, toClient } = main(move.state);
    const event_id = text(toServer.shift(), 'event_id');
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param: null, event_id };
    toClient.push({ type: 'error', error });
  },
  'arrives at the client': (move) => brings(move, main(move.state)),
  'a deadline passes': (move) => {
    move.state.left.deadlines--;
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  },
  'the connection is lost': (move) => {
    move.state.left.losses--;
    move.state.speaks = 'caller is silent';
    loses(move, main(move.state));
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
    const { session } = move.state;
    const items = session.restore.shown.map(({ item }) => item as Json).slice(1);
    tell(move, { type: 'history', line: session.restore.line, items, threw: null });
  },
  'the program takes too long to tell it': (move) => {
    move.state.now = Math.max(move.state.now, dueAt(move.state.session));
    tell(move, { type: 'tick' });
  },
  'the next line opens': (move) => {
    const wire = move.state.wires.at(-1)!;
    opens(wire, move.state.alphabet.line);
    tell(move, { type: 'opened', line: wire.number });
  },
  'the next line is refused': (move) => {
    move.state.left.losses--;
    const wire = move.state.wires.at(-1)!;
    wire.is = 'gone';
    tell(move, { type: 'not-opened', line: wire.number, status: 503, code: null, message: 'no' });
  },
  'the end comes nearer': (move) => {
    move.state.left.nears--;
    move.state.now = Math.max(move.state.now, endWatch(move.state.session));
    tell(move, { type: 'tick' });
  },
};

/** When the end that the server sets to the line is next looked at. */
const endWatch = (session: Session): number => rotation?.watchesAt?.(session) ?? Infinity;
const rotation = machines.find(({ tables }) => 'rotation' in tables);

function serveMain({ state }: Move, input: ServerInput): void {
  serve(main(state), input);
}

function brings(move: Move, wire: Wire): void {
  const frame = wire.toClient.shift();
  if (frame === 'gone') return tell(move, { type: 'gone', code: 1000, reason: '', ...by(wire) });
  if (!frame) return;
  const audioBytes = frame.type === 'response.output_audio.delta' ? 250 * 48 : 0;
  tell(move, { type: 'frame', event: frame, audioBytes, ...by(wire) });
}

function loses(move: Move, wire: Wire): void {
  ends(wire);
  tell(move, { type: 'gone', code: null, reason: '', ...by(wire) });
}

function tell(move: Move, happening: Untimed<Input>): void {
  const { state } = move;
  const input = { ...happening, now: state.now } as Input;
  const judge = new Judge(state.records, move.wrong);
  judge.before(state.session, input);
  const effects = step(state.session, input, () => ({ yes: false }));
  judge.after(state.session, input, effects);
  if (liveLine(state.session) > 0) main(state).toServer.push(...effects.frames);
  for (const command of effects.commands) {
    if (command.do === 'run-tool') state.running.push(command.call);
    else if (command.do === 'end-call') state.carrier = 'asked';
    else if (command.do === 'lease') state.leasing++;
    else if (command.do === 'settle-lease') state.given -= command.leasedNanoUsd;
    else if (command.do === 'close-line') main(state).toServer.push('bye');
    else if (command.do === 'write') wireOf(state, command.line)?.toServer.push(command.frame);
    else if (command.do === 'shut') shut(state, command.line);
    else if (command.do === 'dial')
      state.wires = [
        ...state.wires.filter(({ is }) => is !== 'gone'),
        dialled(command.line, state.alphabet.line, main(state)),
      ];
    else if (command.do === 'abort-tool' && command.why !== 'hang-up') {
      state.running = state.running.filter((call) => call !== command.call);
    }
  }
}

const wireOf = ({ wires }: State, line: number): Wire | undefined => wires.find(({ number }) => number === line);

function shut(state: State, line: number): void {
  const wire = wireOf(state, line);
  if (wire) ends(wire);
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
