/** Runs one attempt and observes its outcome, in the consumer's project, with the packed package. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConfirmedSession, jsonSchema, openSession, tool, type VerdictRecord } from 'gated-realtime';
import { createSimulator, listen, type SimulatedSocket, type Simulator, virtualClock } from 'gated-realtime/simulator';
import type { Attempt, Context } from './context.js';

/** How long an attempt may take, and how long it is observed afterwards, in milliseconds of the calls' clock. */
const ATTEMPT_MS = 6_000;
const WATCHED_MS = 1_000;
const STEP_MS = 20;
/** How long a tool may run. */
const TOOL_MS = 3_000;
/** Real time limits: for sockets, and for the attempt's own timers. */
const SOCKET_MS = 20_000;
const REAL_MS = 5;

type Calling = Parameters<Context['callerSpeaks']>[0];
type AnyConfirmed = ConfirmedSession<never>;

interface Watched {
  readonly session: AnyConfirmed;
  readonly records: VerdictRecord[];
  readonly faults: Error[];
  /** How many records existed when the attempt began. */
  recordsBefore: number;
  faultsBefore: number;
  droppedBefore: number;
}

/** Everything about an attempt that is visible from outside. */
export class Stage {
  readonly #clock = virtualClock();
  readonly #servers: Simulator[] = [];
  readonly #sockets: SimulatedSocket[] = [];
  readonly #socketFrames: string[] = [];
  /** Whether the attempt uses a socket, which takes real time. */
  #takesRealTime = false;
  readonly #watched: Watched[] = [];

  /** Runs the attempt, and describes its outcome. */
  async play(attempt: Attempt): Promise<string> {
    const preparing = this.#prepare();
    await this.#passUntil(preparing, ATTEMPT_MS);
    const context = await preparing;
    const thrown: unknown[] = [];
    const note = (error: unknown): void => void thrown.push(error);
    // An error thrown in a timer, or in a promise that nobody awaits, would end the process.
    process.on('uncaughtException', note);
    const made = (async () => attempt(context))().catch(note);
    await this.#passUntil(made, ATTEMPT_MS);
    if (this.#takesRealTime) await Promise.race([made, sleep(SOCKET_MS, undefined, { ref: false })]);
    await sleep(REAL_MS);
    await this.#passUntil(new Promise(() => undefined), WATCHED_MS);
    process.off('uncaughtException', note);
    return this.#judge(thrown);
  }

  async dispose(): Promise<void> {
    this.#clock.stop();
    await Promise.all(this.#sockets.map((socket) => socket.close()));
  }

  async #prepare(): Promise<Context> {
    const { session, server } = await this.#open({ purposes: ['greeting', 'nudge'] });
    const { session: other } = await this.#open({
      purposes: ['greeting', 'alarm'],
      guards: { 'human-takeover': () => true },
    });
    const { transport } = this.#server();
    const unconfirmed = await connect({ transport, clock: this.#clock });
    await this.#callerSpeaks({ session, server });
    return {
      session,
      server,
      other,
      unconfirmed,
      open: this.#open,
      listen: () => this.#listen(),
      watch: (each) => this.#watch(each),
      callerSpeaks: (call) => this.#callerSpeaks(call),
      whileToolRuns: (...given) => this.#whileToolRuns(...given),
      begins: () => this.#begins(),
      wait: (ms) => this.#wait(ms),
    };
  }

  #server(options: Parameters<Context['open']>[1] = {}): Simulator {
    const server = createSimulator({ ...options, clock: this.#clock });
    this.#servers.push(server);
    return server;
  }

  readonly #open: Context['open'] = async (plan, options) => {
    const server = this.#server(options);
    const { transport } = server;
    const session = await openSession({ ...plan, transport, clock: this.#clock });
    this.#watch(session);
    return { session, server };
  };

  async #listen(): Promise<SimulatedSocket> {
    this.#takesRealTime = true;
    const socket = await listen({
      detects: 'script',
      onFrame: ({ direction, text }) => direction === 'sent' && this.#socketFrames.push(text),
    });
    this.#sockets.push(socket);
    return socket;
  }

  #watch(session: AnyConfirmed): void {
    const records: VerdictRecord[] = [];
    const faults: Error[] = [];
    session.on('verdict', (record) => void records.push({ ...record }));
    session.on('fault', (fault) => void faults.push(fault));
    this.#watched.push({ session, records, faults, recordsBefore: 0, faultsBefore: 0, droppedBefore: 0 });
  }

  async #callerSpeaks({ session, server }: Calling): Promise<void> {
    server.caller.begins();
    while (!session.state.shut.includes('user-speaking')) await this.#wait(STEP_MS);
    this.#begins();
  }

  async #whileToolRuns(...[run, options]: Parameters<Context['whileToolRuns']>): Promise<void> {
    const lookUp = tool({
      name: 'look_up',
      description: 'Looks something up.',
      parameters: jsonSchema({ type: 'object' }),
      ...options,
      run: async (_, called) => {
        // By then the response with the tool call is done, so the caller interrupts only the tool.
        await this.#wait(TOOL_MS / 10);
        await this.#callerSpeaks(busy());
        return run(called);
      },
    });
    const busy = (): Calling => call;
    const call = await this.#open({ purposes: ['greeting'], tools: [lookUp] });
    call.server.calls('look_up');
    await call.session.respond('greeting').done;
    await this.#wait(TOOL_MS);
  }

  #begins(): void {
    for (const each of this.#watched) {
      each.recordsBefore = each.records.length;
      each.faultsBefore = each.faults.length;
      each.droppedBefore = each.session.state.dropped;
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }

  /** Lets time pass until the promise has settled, at most `limitMs`. */
  async #passUntil(settled: Promise<unknown>, limitMs: number): Promise<void> {
    let state: 'pending' | 'settled' = 'pending';
    const settle = (): void => void (state = 'settled');
    settled.then(settle, settle);
    for (let passed = 0; passed < limitMs && state === 'pending'; passed += STEP_MS) {
      await nextTurn();
      if (this.#takesRealTime) await sleep(2);
      this.#clock.advance(STEP_MS);
    }
  }

  /** Judges by the wire and the records, never by the attempt's own claims. */
  #judge([thrown]: readonly unknown[]): string {
    if (this.#unadmitted().length > 0) return 'SENT';
    const since = this.#watched.flatMap(({ records, recordsBefore }) => records.slice(recordsBefore));
    const admitted = since.find(({ verdict }) => verdict === 'admit');
    if (admitted) return `admitted: ${admitted.purpose}`;
    if (thrown !== undefined) return `throws ${sentence(thrown)}`;
    const [fault] = this.#watched.flatMap(({ faults, faultsBefore }) => faults.slice(faultsBefore));
    const refused = since.find(({ verdict }) => verdict === 'refuse');
    const stopped = refused?.by ? `refused: ${refused.by}` : this.#heldOrDropped();
    return fault ? `${stopped}; fault: ${sentence(fault.cause ?? fault)}` : stopped;
  }

  #heldOrDropped(): string {
    const held = this.#heldBy();
    if (held) return `held: ${held.join(', ')}`;
    const dropped = this.#watched.some(({ session, droppedBefore }) => session.state.dropped > droppedBefore);
    return dropped ? 'dropped' : 'nothing is sent';
  }

  /** The guards that hold the oldest waiting request: closing its session settles it, and the record lists them. */
  #heldBy(): readonly string[] | undefined {
    const waiting = this.#watched.find(({ session }) => session.state.held.length > 0);
    if (!waiting) return undefined;
    const before = waiting.records.length;
    void waiting.session.close();
    return waiting.records[before]?.heldBy;
  }

  /** The purposes of creates on any wire for which no record exists; empty for a create without a purpose. */
  #unadmitted(): string[] {
    const admitted = this.#watched
      .flatMap(({ records }) => records)
      .filter(({ verdict }) => verdict === 'admit')
      .map(({ purpose }) => purpose);
    return this.#creates().filter((purpose) => {
      const at = admitted.indexOf(purpose);
      if (at >= 0) admitted.splice(at, 1);
      return at < 0;
    });
  }

  #creates(): string[] {
    const memory = this.#servers.flatMap(({ passages }) =>
      passages.filter(({ direction }) => direction === 'sent').map(({ text }) => text),
    );
    return [...memory, ...this.#socketFrames]
      .map((text) => JSON.parse(text) as Frame)
      .filter(({ type }) => type === 'response.create')
      .map(({ response }) => response?.metadata?.['gated_purpose'] ?? '');
  }
}

interface Frame {
  readonly type?: string;
  readonly response?: { readonly metadata?: Readonly<Record<string, string>> };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The name of an error, and its first sentence. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error.message.split(/(?<=[^.]\.)\s|\n/);
  return `${error.name}: ${first!}`;
}
