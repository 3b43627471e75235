import type { ConfirmedSession, Hold, Line, ResponseHandle, RespondOptions } from '../../types/index.js';
import { ConfigureError, MisuseError, PeerError, TransportError } from '../../src/errors.js';
import type { Session } from '../../src/machine/index.js';
import { jsonSchema, tool } from '../../src/index.js';
import { configurator } from '../../src/session/configure.js';
import { defaultRules } from '../../src/session/plan.js';
import { Runtime } from '../../src/session/runtime.js';
import { virtualClock } from '../../src/simulator/clock.js';
import { aFrame, type Json } from './frames.js';
import { Oracle } from './oracle.js';
import { Random } from './random.js';

/** Thrown on purpose by the user's functions: it may come back as a fault. */
class UsersOwn extends Error {}

/** The known purposes: the user's own, the tool's, and those after failures. */
const known = /^(greeting|farewell|tool:.{0,65}|failure|[a-z-]+-(retry|apology))$/s;

const turnedUp = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'nothing';
const enough = <Item>(items: readonly Item[]): readonly Item[] => items.slice(-20);

/** What could grow, its size, and its limit. */
const sizesOf = (machine: Session): readonly (readonly [string, number, number])[] => [
  ['open responses', machine.responses.open.size, 256],
  ['ended responses', machine.responses.ended.size, 256],
  ['housekeeping', machine.housekeeping.size, 256],
  ['late creates', machine.requests.late.size, 32],
  ['the queue', machine.requests.queue.length, machine.rules.limits.held + 1],
  ['requests', machine.requests.all.size, 64],
  ['items on their way', machine.items.unadded.length, 1024],
  ['lost items', machine.items.lost.length, 64],
  ['updates', machine.configuration.waiting.length, 64],
  ['owed echoes', machine.configuration.owed.length, 32],
  ['tracks', machine.playback.items.size, 32],
  ['hearings', machine.playback.hearings.length, 256 + 32],
  ['rounds', machine.tools.rounds.size, 1024],
  ['attempts', machine.recovery.attempts.length, 256],
];

/**
 * The life of one session with a hostile server: `frames` frames, and a user who makes every possible call, also inside
 * listeners. Throws as soon as a promise is broken. The same seed gives the same life.
 */
export class Life {
  readonly #random: Random;
  readonly #clock = virtualClock();
  readonly #oracle = new Oracle();
  readonly #runtime: Runtime;
  readonly #configure;
  readonly #heard = { tokens: [] as string[], eventIds: [] as string[], itemIds: [] as string[], age: 0 };
  readonly #handles: ResponseHandle[] = [];
  readonly #holds: Hold[] = [];
  readonly #promised: (readonly [what: string, promise: Promise<unknown>])[] = [];
  #session: ConfirmedSession<string> | null = null;
  #configuring = false;
  #broken: Error | null = null;
  #last: string | Uint8Array = '';
  /** How many creates were sent: a run without any proves nothing. */
  creates = 0;
  confirmations = 0;
  /** How many frames the server has sent. */
  frames = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    const kind = this.#random.happens(0.2) ? 'sideband' : 'own';
    this.#runtime = new Runtime({ ...defaultRules(kind, 'gpt-realtime-2.1'), prefix: 'ours' }, this.#clock);
    this.#runtime.emitter.on('fault', (fault) => this.#expectFault(fault));
    const line: Line = {
      send: (text) => this.#sent(JSON.parse(text) as Json & { type: string }),
      close: (code, reason) => this.#runtime.arrivals.gone({ code, reason }),
      ...(this.#random.happens(0.5) && { ping: () => this.#runtime.arrivals.alive() }),
    };
    this.#runtime.attach(line, { open: () => Promise.resolve(line) });
    this.#configure = configurator(this.#runtime, () => Promise.resolve()).configure;
  }

  async run(frames: number): Promise<void> {
    for (let count = 0; count < frames; count++) {
      this.#say(aFrame(this.#random, this.#heard));
      this.#act();
      this.#inspect();
      if (count % 8 === 0) await this.#breathe();
      if (!this.#runtime.goesOn) break;
    }
    await this.#end();
  }

  // The server ------------------------------------------------------------------------------------------------------

  #say(frame: string | Uint8Array): void {
    this.#last = frame;
    this.frames++;
    this.#heard.age++;
    this.#oracle.received(frame);
    this.#runtime.arrivals.frame(frame);
  }

  #sent(frame: Json & { type: string }): void {
    this.#oracle.sent(frame);
    const { response, item, event_id: eventId } = frame as { response?: Json; item?: Json; event_id?: string };
    if (eventId !== undefined) this.#heard.eventIds.push(eventId);
    if (typeof item?.['id'] === 'string') this.#heard.itemIds.push(item['id']);
    for (const seen of [this.#heard.eventIds, this.#heard.itemIds, this.#heard.tokens])
      if (seen.length > 50) seen.shift();
    if (frame.type !== 'response.create') return;
    this.creates++;
    this.#heard.tokens.push((response?.['metadata'] as Json)['gated_token'] as string);
    if (!this.#oracle.confirmed) this.#break('a create left before the server had confirmed what was asked for');
  }

  // The user --------------------------------------------------------------------------------------------------------

  #act(): void {
    const random = this.#random;
    if (random.happens(0.1)) this.#clock.advance(random.pick([0, 1, 50, 400, 2_000, random.happens(0.1) ? 90_000 : 5]));
    if (!this.#session && !this.#configuring && random.happens(0.1)) this.#ask();
    const echo = random.happens(0.08) ? this.#oracle.honestEcho() : null;
    if (echo !== null) this.#say(echo);
    if (this.#session && random.happens(0.3)) this.#call(this.#session);
  }

  #ask(): void {
    this.#configuring = true;
    void this.#configure({
      session: { instructions: `Be brief. ${this.#random.below(3)}`, audio: { output: { voice: 'cedar' } } },
      tools: [
        tool({
          name: 'look_up',
          description: 'Looks it up.',
          parameters: jsonSchema({ type: 'object' }),
          run: () => this.#toolRuns(),
        }),
      ],
      guards: { whim: () => this.#whim() },
      ...(this.#random.happens(0.8) && { recovery: { 'server-error': { then: 'go-on', apology: null } } }),
    }).then(
      (session) => {
        this.#session = session;
        this.#listen(this.#session);
      },
      (error: unknown) => {
        this.#configuring = false;
        if (!(error instanceof ConfigureError)) this.#break('configure() rejected with something else', error);
      },
    );
  }

  #toolRuns(): unknown {
    if (this.#random.happens(0.3)) throw new UsersOwn('a tool of the user’s');
    return { answer: 42 };
  }

  #whim(): boolean {
    if (this.#random.happens(0.05)) throw new UsersOwn('a guard of the user’s');
    return this.#random.happens(0.1);
  }

  #listen(session: ConfirmedSession<string>): void {
    this.confirmations++;
    session.on('event', (event) => {
      if (typeof event !== 'object' || typeof event.type !== 'string') this.#break('a listener heard no event', event);
      if (this.#random.happens(0.05)) this.#call(session);
      if (this.#random.happens(0.02)) throw new UsersOwn('a listener of the user’s');
    });
    session.on('audio', ({ bytes, itemId }, response) => {
      if (!(bytes instanceof Uint8Array) || typeof itemId !== 'string') this.#break('audio is no audio', itemId);
      if (response && this.#random.happens(0.05)) response.cancel();
    });
    session.on('response', (handle) => this.#keep(handle));
    session.on('verdict', ({ purpose }) => {
      if (!known.test(purpose)) this.#break('a verdict on nothing of ours', purpose);
    });
    for (const type of ['response.done', 'error', 'input_audio_buffer.speech_started'] as const) {
      session.on(type, () => {
        if (this.#random.happens(0.1)) this.#call(session);
      });
    }
  }

  #keep(handle: ResponseHandle): void {
    this.#handles.push(handle);
    this.#promised.push(['done', handle.done], ['created', handle.created], ['heard', handle.heard]);
  }

  #call(session: ConfirmedSession<string>): void {
    const random = this.#random;
    const calls: readonly (() => unknown)[] = [
      () => this.#respond(session),
      () => this.#respond(session),
      () => this.#respond(session),
      () => session.interrupt(),
      () => session.reconsider(),
      () => session.userTurn(random.pick(['begins', 'ends'])),
      () => session.appendAudio('AAAA'),
      () => session.send({ type: 'input_audio_buffer.commit' }),
      () => session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [] } }),
      () => random.pick(enough(this.#handles))?.cancel(),
      () => random.pick(enough(this.#holds))?.withdraw(),
      () => random.happens(0.1) && this.#update(session),
      () => random.happens(0.1) && this.#hangUp(session),
      () => session.answer('call_1', 42),
      () => session.heard({ itemId: 'item_1', ms: random.below(2_000) }),
    ];
    try {
      random.pick(calls)();
    } catch (error) {
      // The last of the user's own guards was asked in the same call.
      if (!(error instanceof MisuseError)) this.#break('a call threw', error);
    }
  }

  #respond(session: ConfirmedSession<string>): void {
    const random = this.#random;
    const options: RespondOptions = {
      ...(random.happens(0.2) && { interrupt: true }),
      ...(random.happens(0.2) && { override: [random.pick(['user-speaking', 'loop', 'playback'] as const)] }),
      ...(random.happens(0.2) && { response: { conversation: 'none', output_modalities: ['text'] } }),
      ...(random.happens(0.3) && { whenBlocked: random.pick(['refuse', 'hold-this-turn'] as const) }),
    };
    const verdict = session.respond('greeting', options);
    this.#promised.push([`done of what was ${verdict.kind}`, verdict.done]);
    if (verdict.kind === 'admit') this.#keep(verdict.response);
    if (verdict.kind === 'hold') {
      this.#holds.push(verdict);
      this.#promised.push(['settled', verdict.settled]);
    }
  }

  #update(session: ConfirmedSession<string>): void {
    const update = session.update({ session: { instructions: `Be brief. ${this.#random.below(3)}` } });
    const settled = update.catch((error: unknown) => {
      if (!(error instanceof ConfigureError)) this.#break('update() rejected with something else', error);
    });
    this.#promised.push(['update()', settled]);
  }

  #hangUp(session: ConfirmedSession<string>): void {
    const ended = session.hangup({
      farewell: { instructions: 'Bye.' },
      onBargeIn: this.#random.pick(['resume', 'hang-up']),
    });
    this.#promised.push(['hangup()', ended.catch((error: unknown) => this.#break('hangup() rejected', error))]);
  }

  // The promises ----------------------------------------------------------------------------------------------------

  #break(what: string, about?: unknown): void {
    const detail = about instanceof Error ? (about.stack ?? about.message) : turnedUp(about);
    this.#broken ??= new Error(`Broken: ${what}. ${about === undefined ? '' : detail}`);
  }

  #expectFault(fault: Error): void {
    const isUsersOwn = fault instanceof UsersOwn || fault.cause instanceof UsersOwn;
    const expected = isUsersOwn || [PeerError, TransportError].some((known) => fault instanceof known);
    const isLateTool = fault instanceof MisuseError && fault.message.includes('did not answer within');
    if (!expected && !isLateTool) this.#break('a fault that is nobody’s but ours', fault);
  }

  #inspect(): void {
    const machine = this.#runtime.ask((session) => session);
    if (machine.is.configuration === 'confirmed' && !this.#oracle.confirmed) {
      this.#break('the gate opened without a session.updated that matches');
    }
    for (const [name, size, limit] of sizesOf(machine)) if (size > limit) this.#break(`${name} grew to ${size}`);
    if (this.#runtime.emitter.isTelling) this.#break('the listeners are still being told');
    const polluted =
      Reflect.get({}, 'polluted') !== undefined || Reflect.get(() => undefined, 'polluted') !== undefined;
    if (polluted || Object.keys(Object.prototype).length > 0) this.#break('a prototype is polluted');
    if (this.#broken)
      throw new Error(`${this.#broken.message}\nThe last frame: ${this.#last.toString().slice(0, 500)}`);
  }

  /** Lets promises settle and paused work continue. */
  async #breathe(): Promise<void> {
    this.#clock.advance(0);
    await new Promise(setImmediate);
  }

  /** Kills the socket, and waits until every promise has settled. */
  async #end(): Promise<void> {
    await this.#breathe();
    this.#runtime.arrivals.gone({ code: 1006, reason: 'the end' });
    this.#clock.runUntilIdle(100_000);
    await this.#breathe();
    this.#promised.push(['closed', this.#runtime.closed.promise]);
    const open = new Map(this.#promised.entries());
    for (const [place, [, promise]] of open) void promise.finally(() => open.delete(place));
    await new Promise(setImmediate);
    if (open.size > 0)
      this.#break(
        'promises never settled',
        [...open.values()].map(([what]) => what),
      );
    this.#inspect();
  }
}
