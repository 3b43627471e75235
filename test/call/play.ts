/**
 * Plays a script as a whole phone call, with tools, hang-up, playback and failures, and reports which law it broke.
 */
import { openSession, type Clock } from '../../src/index.js';
import { createSimulator, virtualClock, type Simulator } from '../../src/simulator/index.js';
import type {
  AnySession,
  ConfirmedSession,
  Ears,
  Line,
  ToolRound,
  Transport,
  VerdictRecord,
} from '../../types/index.js';
import { createOracle, observe, type Entry, type Frame, type Oracle } from '../laws/oracle.js';
import { limits, replies } from '../laws/plots.js';
import { field, text } from '../laws/wire-log.js';
import { does } from './call.js';
import type { Act, Script } from './script.js';

type Undated<Each> = Each extends unknown ? Omit<Each, 'at'> : never;

const farewells = ['farewell', 'server-error-apology', 'rate-limit-apology', 'quota-apology', 'failure'];
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export async function play({ scene, acts }: Script): Promise<readonly string[]> {
  const stage = await Stage.open(scene);
  for (const act of acts) {
    stage.act(act);
    await stage.wait(act[0] === 'wait' ? act[1] : 0);
  }
  await stage.wait(90_000);
  if (stage.session.state.connection === 'open') void stage.session.close();
  await stage.wait(40_000);
  return stage.audit();
}

class Stage {
  readonly #simulator: Simulator;
  readonly #oracle: Oracle;
  readonly #wrong: string[] = [];
  readonly #rounds: ToolRound[] = [];
  readonly #records: VerdictRecord[] = [];
  readonly #outputs = new Map<string, number>();
  readonly #items: string[] = [];
  readonly #truncated = new Set<string>();
  #open = { asked: 0, done: 0, hangups: 0, hungUp: 0, remarks: 0 };
  #carrier = 0;
  #bargedIn = false;
  #closed = false;
  session!: ConfirmedSession<string>;

  constructor(scene: Script['scene']) {
    const { media, speed, delayMs, faults } = scene;
    const delay = () => delayMs;
    const network = { clock: virtualClock(), toServerMs: delay, toClientMs: delay };
    this.#simulator = createSimulator({ ...network, keeps: 'nothing', audio: 'silence', media, speed, faults });
    this.#oracle = createOracle({ allowance: null, ...limits, line: 'own', turnEnds: scene.turnEnds, farewells });
  }

  static async open(scene: Script['scene']): Promise<Stage> {
    const stage = new Stage(scene);
    const opening = openSession({
      transport: stage.#overheard(),
      clock: stage.#overseen(),
      tools: stage.#tools(),
      turnEnds: scene.turnEnds,
      recovery: scene.recovery,
      hangUp: () => stage.#hangUpCarrier(scene.carrier),
      ...(scene.waits && { playback: { waits: true } }),
    });
    await stage.wait(1_000);
    stage.session = await opening;
    stage.#listen(stage.session);
    await stage.wait(1);
    return stage;
  }

  async wait(ms: number): Promise<void> {
    const slices = ms <= 1 ? 2 : 10;
    for (let slice = 0; slice < slices; slice++) {
      this.#simulator.clock.advance(ms / slices);
      await turnOfTheLoop();
    }
  }

  act(act: Act): void {
    const { session } = this;
    const { caller } = this.#simulator;
    switch (act[0]) {
      case 'respond':
        this.#open.asked++;
        return void session.respond('reply', act[1]).done.then(() => this.#open.done++);
      case 'item':
        return session.send({
          type: 'conversation.item.create',
          item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] },
        });
      case 'interrupt':
        return session.interrupt();
      case 'close':
        return void session.close();
      case 'hangup':
        return this.#hangUp(session, act[1]);
      case 'listener': {
        const [, type, then] = act;
        const off = session.on(type, (event) => {
          if (type === 'verdict' && (event as VerdictRecord).verdict !== 'refuse') return;
          off();
          if (then === 'closes') void session.close();
          else this.#hangUp(session, { farewell: { instructions: 'Bye.' } });
        });
        return;
      }
      case 'turn':
        if (session.state.connection === 'open') {
          this.#note({ kind: 'told', fact: act[1] === 'begins' ? 'turn-begins' : 'turn-ends' });
        }
        return session.userTurn(act[1]);
      case 'heard': {
        const itemId = this.#items.at(-1 - act[1]);
        return itemId === undefined ? undefined : session.heard({ itemId, ms: act[2] });
      }
      case 'caller':
        return act[1] === 'speaks' ? caller.speaks('Hello?', { ms: 300 }) : caller[act[1]]();
      case 'reply':
        return this.#simulator.replies(replies[act[1]]);
      case 'calls':
        return this.#simulator.replies({ items: act[1].map((calls) => ({ calls, args: '{}' })) });
      case 'faults':
        return this.#simulator.misbehaves(act[1]);
      case 'drop':
        return this.#simulator.drop();
      case 'wait':
        return;
    }
  }

  audit(): readonly string[] {
    const wrong = this.#wrong;
    const { asked, done, hangups, hungUp, remarks } = this.#open;
    if (!this.#closed) wrong.push('L6: the session never closed');
    if (done !== asked) wrong.push(`L6: ${asked} requests, of which ${done} came to an end`);
    if (hungUp !== hangups) wrong.push(`L6: ${hangups} hang-ups, of which ${hungUp} had an outcome`);
    if (this.#carrier > 1) wrong.push(`the carrier was hung up ${this.#carrier} times`);
    const calls = this.#rounds.flatMap((round) => round.calls);
    for (const [id, outputs] of this.#outputs) {
      const accounts = calls.filter(({ callId }) => callId === id);
      const owed = accounts[0]?.result === 'unsent' ? 0 : 1;
      if (accounts.length !== 1) wrong.push(`L7: ${id} is accounted for ${accounts.length} times`);
      else if (outputs !== owed) wrong.push(`L7: ${id} got ${outputs} outputs, and was owed ${owed}`);
    }
    const followUps = this.#rounds.filter(({ followUp }) => followUp === 'asked').length + remarks;
    const recorded = this.#records.filter(({ purpose }) => purpose.startsWith('tool:')).length;
    if (followUps !== recorded) wrong.push(`L7: ${followUps} follow-ups and remarks, and ${recorded} records`);
    return wrong;
  }

  #listen(session: AnySession): void {
    session.on('tools', (round) => this.#rounds.push(round));
    session.on('fault', ({ message, cause }) => this.#hear(message, cause));
    session.on('verdict', (record) => this.#records.push(record));
    session.on('audio', ({ itemId }) => this.#items.includes(itemId) || this.#items.push(itemId));
    void session.closed.then(() => (this.#closed = true));
  }

  /** Errors of the harness inside the session appear as faults, and count as mistakes here. */
  #hear(message: string, cause: unknown): void {
    if (message.startsWith('The line did not')) this.#wrong.push(`${message} ${String(cause)}`);
  }

  #hangUp(session: AnySession, options: Parameters<AnySession['hangup']>[0]): void {
    this.#open.hangups++;
    const { state } = session;
    void session.hangup(options).then(() => this.#open.hungUp++);
    if (state.shut.includes('hangup-pending') || !session.state.shut.includes('hangup-pending')) return;
    this.#note({ kind: 'told', fact: 'hangup' });
    this.#bargedIn = false;
  }

  async #hangUpCarrier(how: Script['scene']['carrier']): Promise<void> {
    this.#carrier++;
    if (how === 'throws') throw new Error('carrier away');
    if (how === 'never') await new Promise(() => undefined);
    if (how === 'hangs up first') this.#simulator.hangUp();
  }

  #note(entry: Undated<Entry>): void {
    if (entry.kind === 'read' && entry.frame.type === 'input_audio_buffer.speech_started') this.#bargedIn = true;
    if (entry.kind === 'told' && entry.fact === 'turn-begins') this.#bargedIn = true;
    const isPending = (): boolean => this.session.state.shut.includes('hangup-pending');
    // The recovery policy hangs up by itself; only the state shows it.
    if (entry.kind === 'wrote' && this.session && isPending()) this.#oracle.hangup = 'pending';
    // A hang-up is cancelled only if the user has spoken since.
    else if (entry.kind === 'wrote' && this.#bargedIn) this.#oracle.hangup = 'none';
    const at = this.#simulator.clock.now();
    for (const { law, says } of observe(this.#oracle, { ...entry, at })) this.#wrong.push(`${law}: ${says}`);
  }

  /**
   * A clock that logs timers: at the same instant a timer may run before a frame is read, and the log must show the
   * order.
   */
  #overseen(): Clock {
    const { clock } = this.#simulator;
    const after: Clock['after'] = (ms, run) =>
      clock.after(ms, () => {
        this.#note({ kind: 'time' });
        run();
      });
    return { now: () => clock.now(), after };
  }

  #overheard(): Transport {
    const heard = (ears: Ears): Ears => ({
      frame: (bytes) => {
        const frame = JSON.parse(String(bytes)) as Frame;
        this.#read(frame);
        this.#note({ kind: 'read', frame });
        ears.frame(bytes);
      },
      gone: (how) => {
        this.#note({ kind: 'lost' });
        ears.gone(how);
      },
    });
    const spoken = (line: Line): Line => ({
      send: (json) => {
        const frame = JSON.parse(json) as Frame;
        if (this.#closed) this.#wrong.push(`a ${frame.type} after the end`);
        this.#note({ kind: 'wrote', frame });
        this.#wrote(frame);
        line.send(json);
      },
      close: (code, reason) => {
        this.#note({ kind: 'told', fact: 'close' });
        line.close(code, reason);
      },
    });
    const { transport } = this.#simulator;
    return { open: async (ears, signal) => spoken(await transport.open(heard(ears), signal)) };
  }

  #read(frame: Frame): void {
    if (frame.type === 'error' && JSON.stringify(frame).includes('already shorter')) {
      this.#wrong.push(`playback: ${text(frame, 'error.message') ?? 'refused'}`);
    }
    if (frame.type !== 'response.output_item.done' || text(frame, 'item.type') !== 'function_call') return;
    const id = text(frame, 'item.call_id') ?? '';
    if (text(frame, 'item.status') === 'completed') this.#outputs.set(id, this.#outputs.get(id) ?? 0);
  }

  #wrote(frame: Frame): void {
    if (frame.type === 'conversation.item.truncate') {
      const [item, ms] = [text(frame, 'item_id') ?? '', Number(field(frame, 'audio_end_ms'))];
      if (this.#truncated.has(item)) this.#wrong.push(`playback: ${item} was truncated twice`);
      if (!(ms > 0)) this.#wrong.push(`playback: ${item} was truncated at ${ms}`);
      this.#truncated.add(item);
    }
    if (text(frame, 'item.type') !== 'function_call_output') return;
    const id = text(frame, 'item.call_id') ?? '';
    this.#outputs.set(id, (this.#outputs.get(id) ?? NaN) + 1);
  }

  #tools() {
    const later = (ms: number) => new Promise((resolve) => void this.#simulator.clock.after(ms, () => resolve('late')));
    return [
      does('fast', () => 'found'),
      does('slow', () => later(700)),
      does('never', () => later(1e9), { timeoutMs: 3_000 }),
      does('silent', () => 'noted', { reply: 'silent' }),
      does('fails', () => {
        throw new Error('a secret');
      }),
      does('remarks', (_, { respond }) => {
        this.#open.remarks++;
        respond({ response: { instructions: 'Say that you are looking.' } });
        return later(500);
      }),
      does('closes', (_, { session }) => session.close()),
      does('hangs_up', (_, { session }) => {
        this.#hangUp(session, { farewell: { instructions: 'Bye.' } });
        return later(60_000);
      }),
    ];
  }
}
