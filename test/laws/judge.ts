/** Observes one machine, step by step, and reports every law that it breaks. */
import {
  goesOn,
  isOpen,
  liveLine,
  type Effects,
  type Input,
  type Rules,
  type Session,
} from '../../src/machine/index.js';
import { heldWithoutReason } from './agreement.js';
import { before, noDebts, noteFrame, settle, unpaid, type Before, type Debts } from './debts.js';
import { asked, emptyLedger, note, unsettled, type Ledger } from './ledger.js';
import { userSpeaks } from './knowledge.js';
import type { Allowance } from './purse.js';
import { createOracle, observe, type Entry, type Frame, type Oracle } from './oracle.js';

type Undated<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

/** What a judge knows, as plain data, so that a copy can continue independently. */
export interface Records {
  readonly oracle: Oracle;
  readonly ledger: Ledger;
  readonly debts: Debts;
  /** How each line that is not live has described the session last. */
  echoes: Readonly<Record<number, Frame>>;
}

export interface JudgeOptions {
  readonly rules: Pick<Rules, 'limits' | 'turnEnds' | 'line' | 'budget'>;
  /** The purposes of farewells. */
  readonly farewells: readonly string[];
}

export function firstRecords({ rules, farewells }: JudgeOptions): Records {
  const { imminentMs, turnMs, transcriptMs, createdMs, responseMs, confirmMs } = rules.limits;
  const { turnEnds, line } = rules;
  const times = { imminentMs, turnMs, transcriptMs, createdMs, responseMs, confirmMs };
  return {
    oracle: createOracle({ ...times, turnEnds, line, farewells, allowance: allowanceIn(rules.budget) }),
    ledger: emptyLedger(),
    debts: noDebts(),
    echoes: {},
  };
}

/** The allowance as seen from outside: the machine may be more careful, but not less. */
const allowanceIn = (budget: Rules['budget']): Allowance | null =>
  budget && {
    limit: budget.limit,
    reserve: budget.reserve ?? 0,
    perResponse: budget.perResponse ?? 0,
    shared: budget.shared,
  };

/** Call `before` and `after` around each step; `wrong` lists the errors. */
export class Judge {
  readonly wrong: string[];
  readonly records: Records;
  #before: Before = { imminent: false, speaks: false };
  #wasConfirmed = false;

  constructor(records: Records, wrong: string[] = []) {
    this.records = records;
    this.wrong = wrong;
  }

  before(session: Session, input: Input): void {
    const { oracle, ledger, debts } = this.records;
    this.#before = before(oracle);
    this.#wasConfirmed = session.is.configuration === 'confirmed';
    if (input.type === 'respond') asked(ledger, input.ask.id);
    this.#live = liveLine(session);
    if (input.type === 'frame' && isOpen(session) && isLive(session, input))
      noteFrame(debts, oracle, input.event, input.audioBytes);
    if (input.type === 'hang-up') this.#hasFloor = userSpeaks(oracle) || oracle.imminent !== null;
    this.#noteEcho(input);
    for (const entry of entriesOf(session, input)) this.#log(entry, input.now);
  }

  #noteEcho(input: Input): void {
    if (input.type !== 'frame' || input.event.type !== 'session.updated') return;
    this.records.echoes = { ...this.records.echoes, [input.line ?? 1]: input.event };
  }

  #hasFloor = false;
  #live = 0;
  readonly #ran = new Set<string>();

  after(session: Session, input: Input, effects: Effects): void {
    const { oracle, ledger, debts } = this.records;
    const { frames, notices, commands } = effects;
    const isMoved = this.#lines(session, input);
    for (const command of commands) this.#beside(command, session);
    if (!isMoved) this.#unheard(session, input, effects);
    if (notices.some(({ kind }) => kind === 'resumed')) this.#resumed(input);
    for (const frame of frames) this.#log({ kind: 'wrote', frame }, input.now);
    if (commands.some((each) => each.do === 'close-line')) this.#log({ kind: 'told', fact: 'close' }, input.now);
    if (commands.some((each) => each.do === 'give-up-line')) this.#log({ kind: 'lost' }, input.now);
    this.wrong.push(...note(ledger, notices));
    this.wrong.push(...settle(debts, { session, oracle, before: this.#before, input, effects }));
    if (notices.some(({ kind }) => kind === 'closed')) this.wrong.push(...unsettled(ledger));
    if (!isMoved) this.#mustBeAnEcho(session, input);
    this.wrong.push(...heldWithoutReason(session, oracle, input.now));
  }

  /** A line is lost, or another takes over, or both in one step. Returns whether another is live. */
  #lines(session: Session, input: Input): boolean {
    const live = liveLine(session);
    if (live === this.#live) return false;
    const isLogged = input.type === 'gone' && (input.line ?? 1) === this.#live;
    if (this.#live > 0 && !isLogged) this.#log({ kind: 'lost' }, input.now);
    if (live === 0) return false;
    // What was appended last has gone to both.
    if (this.#live > 0) this.#log({ kind: 'kept' }, input.now);
    const frame = this.records.echoes[live];
    if (frame) this.#log({ kind: 'taken over', frame }, input.now);
    else this.wrong.push(`L1: line ${live} is live, and has confirmed nothing`);
    return true;
  }

  /** Nobody hears what any line says but the live one. */
  #unheard(session: Session, input: Input, { notices }: Effects): void {
    if (input.type !== 'frame' || !isOpen(session) || isLive(session, input)) return;
    const heard = notices.filter(({ kind }) => HEARD.has(kind)).map(({ kind }) => kind);
    if (heard.length > 0) this.wrong.push(`L12: ${heard.join()} of a line that is not live`);
  }

  /** What goes to a line that is not live only makes it ready. No call is run twice. */
  #beside(command: Effects['commands'][number], session: Session): void {
    if (command.do === 'write') {
      const isNext = command.line > liveLine(session);
      const allowed = isNext ? /^(session\.update|conversation\.item\.(create|delete))$/ : /^response\.cancel$/;
      if (!allowed.test(command.frame.type)) {
        this.wrong.push(`L1: a ${command.frame.type} went to a line that is not live`);
      }
    }
    if (command.do !== 'run-tool') return;
    if (this.#ran.has(command.call)) this.wrong.push(`L7: ${command.call} was run twice`);
    this.#ran.add(command.call);
  }

  /** A line was given a commit that had been kept for it. */
  gave(frame: Frame, at: number): void {
    this.#log({ kind: 'wrote', frame }, at);
  }

  /** Checks at the end, after enough time for everything. */
  end(session: Session): void {
    this.wrong.push(...unsettled(this.records.ledger), ...unpaid(this.records.debts, session));
  }

  #log(entry: Undated<Entry>, at: number): void {
    for (const { law, says } of observe(this.records.oracle, { ...entry, at })) this.wrong.push(`${law}: ${says}`);
  }

  /** Checks that a hang-up is taken back only for the user, or for an answer that came after all. */
  #resumed(input: Input): void {
    const isSpeech = input.type === 'frame' && input.event.type === 'input_audio_buffer.speech_started';
    const isLate = input.type === 'frame' && /^response\.(created|done)$/.test(input.event.type);
    const isButton = input.type === 'turn' && input.edge === 'begins';
    const isRefused = input.type === 'hang-up' && this.#hasFloor;
    if (!isSpeech && !isLate && !isButton && !isRefused) this.wrong.push(`L3: ${input.type} took back a hang-up`);
    this.#log({ kind: 'told', fact: 'resumed' }, input.now);
  }

  #mustBeAnEcho(session: Session, input: Input): void {
    if (this.#wasConfirmed || session.is.configuration !== 'confirmed') return;
    if (input.type === 'frame' && input.event.type === 'session.updated') return;
    this.wrong.push(`L10: the gate was opened by ${JSON.stringify(input).slice(0, 200)}`);
  }
}

const HEARD: ReadonlySet<string> = new Set(['created', 'ended', 'heard', 'cut', 'tools', 'resumed']);

const isLive = (session: Session, { line = 1 }: { readonly line?: number }): boolean => line === liveLine(session);

/** The step's entries in the log. */
function entriesOf(session: Session, input: Input): readonly Undated<Entry>[] {
  switch (input.type) {
    case 'frame':
      return isLive(session, input) ? [{ kind: 'read', frame: input.event }] : [];
    case 'tick':
      return [{ kind: 'time' }];
    case 'turn':
      if (!goesOn(session)) return [];
      return [{ kind: 'told', fact: input.edge === 'begins' ? 'turn-begins' : 'turn-ends' }];
    case 'abandon':
      return session.configuration.inFlight?.id === input.update ? [{ kind: 'told', fact: 'abandon' }] : [];
    case 'close':
      return [{ kind: 'told', fact: 'close' }];
    case 'hang-up':
      return goesOn(session) && session.is.hangup === 'none' ? [{ kind: 'told', fact: 'hangup' }] : [];
    case 'audio-kept':
      return [{ kind: 'kept' }];
    case 'gone':
      return isLive(session, input) ? [{ kind: 'lost' }] : [];
    case 'budget':
      return [{ kind: 'allowed', limit: input.limit }];
    case 'leased':
      return [{ kind: 'leased', nanoUsd: input.nanoUsd }];
    default:
      return [];
  }
}
