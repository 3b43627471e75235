/** A gate and a simulated server with a network between them, all of it pure, on a clock that is moved by hand. */
import { createGate, step, type Gate, type Input, type Rules } from '../../src/machine/index.js';
import {
  createServer,
  nextDue,
  step as stepServer,
  type Input as ServerInput,
  type Server,
  type ServerOptionsGiven,
} from '../../src/simulator/server/index.js';
import { heldWithoutReason } from './agreement.js';
import { asked, emptyLedger, forgetResponses, note, type Ledger } from './ledger.js';
import { createOracle, observe, type Entry, type Frame, type Oracle } from './oracle.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
type Happening = Timeless<Input>;

export interface WorldOptions {
  readonly rules: Rules;
  readonly server: ServerOptionsGiven;
  /** Milliseconds in flight, taken in turn; frames of one direction never overtake each other. */
  readonly toServerMs: readonly number[];
  readonly toClientMs: readonly number[];
  /** What a socket that the server closed means to the gate. */
  readonly whenClosed: 'dropped' | 'gone';
}

type Flying = { readonly at: number } & (
  { readonly frame: Frame } | { readonly closes: { readonly code: number | null; readonly reason: string } }
);

export class World {
  readonly gate: Gate;
  readonly server: Server;
  readonly oracle: Oracle;
  readonly ledger: Ledger = emptyLedger();
  readonly options: WorldOptions;
  /** What is wrong, in the words of the law that it breaks. */
  readonly wrong: string[] = [];
  now = 0;
  steps = 0;
  #toServer: Flying[] = [];
  #toClient: Flying[] = [];
  #flown = 0;
  #connections = 0;
  #muted = false;

  constructor(options: WorldOptions) {
    this.options = options;
    this.gate = createGate(options.rules);
    this.server = createServer(options.server);
    const { imminentMs, turnMs, transcriptMs, createdMs, responseMs, confirmMs } = options.rules.limits;
    const { turnEnds } = options.rules;
    this.oracle = createOracle({
      imminentMs,
      turnMs,
      transcriptMs,
      createdMs,
      responseMs,
      confirmMs,
      turnEnds,
      farewells: ['farewell'],
    });
    this.#connect();
  }

  /** Something happens to the gate, now. What it writes is judged and sent. Returns what it wrote. */
  tell(happening: Happening): readonly Frame[] {
    const before = this.gate.configuration;
    if (happening.type === 'respond') asked(this.ledger, happening.ask.id);
    for (const entry of this.#entriesOf(happening)) this.#log(entry);
    const { frames, notices } = step(this.gate, { ...happening, now: this.now });
    this.steps++;
    for (const frame of frames) this.#write(frame);
    this.wrong.push(...note(this.ledger, notices));
    if (happening.type === 'dropped' || happening.type === 'gone') this.wrong.push(...forgetResponses(this.ledger));
    if (notices.some(({ kind }) => kind === 'broken')) this.#log({ kind: 'told', fact: 'close' });
    if (before !== 'confirmed' && this.gate.configuration === 'confirmed') this.#mustBeAnEcho(happening);
    this.#mustAgree();
    if (notices.some(({ kind }) => kind === 'broken')) this.tell({ type: 'close' });
    return frames;
  }

  /** Something happens to the server, now. */
  serve(happening: Timeless<ServerInput>): void {
    for (const output of stepServer(this.server, { ...happening, now: this.now })) {
      if (output.type === 'ping' || this.#muted || output.connection !== this.connection) continue;
      if (output.type === 'frame') this.#fly(this.#toClient, this.options.toClientMs, { frame: output.event });
      else
        this.#fly(this.#toClient, this.options.toClientMs, { closes: { code: null, reason: '', ...codeOf(output) } });
    }
  }

  /** Lets time pass, and everything happen that falls due. */
  run(ms: number): void {
    const until = this.now + ms;
    for (let next = this.#nextAt(); next <= until; next = this.#nextAt()) {
      this.now = Math.max(this.now, next);
      this.#happen();
    }
    this.now = until;
  }

  /** The network loses the connection, and what was in flight. */
  lose(type: 'dropped' | 'gone', code: number | null, reason = ''): void {
    if (this.gate.connection === 'closed') return;
    this.#toServer = [];
    this.#toClient = [];
    this.serve({ type: 'disconnect', connection: this.connection });
    this.#toClient = [];
    this.tell({ type, code, reason });
  }

  reconnect(): void {
    if (this.gate.connection !== 'away') return;
    this.#connect();
    this.tell({ type: 'connected' });
  }

  /** From now on the server says nothing, though the socket stays. */
  mute(): void {
    this.#muted = true;
    this.#toClient = [];
  }

  get connection(): string {
    return `connection-${this.#connections}`;
  }

  #connect(): void {
    this.#connections++;
    this.serve({ type: 'connect', connection: this.connection, model: 'gpt-realtime-2.1' });
  }

  #nextAt(): number {
    return Math.min(
      this.#toServer[0]?.at ?? Infinity,
      nextDue(this.server) ?? Infinity,
      this.#toClient[0]?.at ?? Infinity,
      this.gate.due,
    );
  }

  #happen(): void {
    const isNow = (at: number | undefined | null): boolean => at !== undefined && at !== null && at <= this.now;
    if (isNow(this.#toServer[0]?.at)) this.#arrive(this.#toServer.shift()!);
    else if (isNow(nextDue(this.server))) this.serve({ type: 'tick' });
    else if (isNow(this.#toClient[0]?.at)) this.#deliver(this.#toClient.shift()!);
    else this.tell({ type: 'tick' });
  }

  #arrive(flying: Flying): void {
    if ('frame' in flying)
      this.serve({ type: 'text', connection: this.connection, text: JSON.stringify(flying.frame) });
  }

  #deliver(flying: Flying): void {
    if ('frame' in flying) this.tell({ type: 'frame', event: flying.frame });
    else this.lose(this.options.whenClosed, flying.closes.code, flying.closes.reason);
  }

  #write(frame: Frame): void {
    this.#log({ kind: 'wrote', frame });
    this.#fly(this.#toServer, this.options.toServerMs, { frame });
  }

  #fly(lane: Flying[], delays: readonly number[], what: Undated<Flying>): void {
    const delay = delays[this.#flown++ % delays.length] ?? 0;
    lane.push({ ...what, at: Math.max(this.now + delay, lane.at(-1)?.at ?? 0) });
  }

  #log(entry: Undated<Entry>): void {
    for (const { law, says } of observe(this.oracle, { ...entry, at: this.now })) {
      this.wrong.push(`${law}: ${says}`);
    }
  }

  #mustBeAnEcho(happening: Happening): void {
    if (happening.type === 'frame' && happening.event.type === 'session.updated') return;
    this.wrong.push(`L10: the gate was opened by ${JSON.stringify(happening).slice(0, 200)}`);
  }

  /** How the log has it. */
  #entriesOf(happening: Happening): readonly Undated<Entry>[] {
    switch (happening.type) {
      case 'frame':
        return [{ kind: 'read', frame: happening.event }];
      case 'tick':
        return [{ kind: 'time' }];
      case 'turn':
        return [{ kind: 'told', fact: happening.edge === 'begins' ? 'turn-begins' : 'turn-ends' }];
      case 'abandon':
        return this.gate.inFlight?.id === happening.update ? [{ kind: 'told', fact: 'abandon' }] : [];
      case 'close':
        return [{ kind: 'told', fact: 'close' }];
      case 'know':
        if (happening.fact === 'playing' || happening.fact === 'drained') return [];
        return [{ kind: 'told', fact: happening.fact }];
      case 'dropped':
      case 'gone':
        return [{ kind: 'lost' }];
      case 'connected':
        return [{ kind: 'connected' }];
      default:
        return [];
    }
  }

  #mustAgree(): void {
    this.wrong.push(...heldWithoutReason(this.gate, this.oracle, this.now));
  }
}

type Undated<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

const codeOf = (output: object): { code?: number | null; reason?: string } => output;
