import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type * as Ws from 'ws';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import type { Happening } from './drive.js';
import type { ListenOptions } from './listen-options.js';
import type { Calls, HttpAnswer, HttpRequest } from './endpoints.js';
import { answerHttp } from './endpoints.js';
import { EphemeralKeys } from './ephemeral-keys.js';
import type { Faults, Greeting, Server, ServerOptionsGiven } from './server/index.js';
import { createServer, step } from './server/index.js';
import { shared, turnAway } from './server/counted.js';
import { hourMs } from './server/options.js';
import { SocketSession } from './socket-session.js';
import { greetingOf, refuseUpgrade } from './upgrade.js';

/** Admits clients and assigns them to their sessions. */
export class ConnectionRouter {
  readonly #options: ListenOptions;
  readonly #clock: Clock;
  #sessions: { readonly callId: string | undefined; readonly session: SocketSession }[] = [];
  /** Inputs that the next session receives before anything else. */
  #toCome: Happening[] = [];
  #count = 0;
  readonly #keys = new EphemeralKeys();
  /** A machine without a session that answers HTTP requests with the common options and faults. */
  readonly #desk: Server;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#clock = pacedClock(options.pace ?? 1);
    this.#desk = createServer(serverOptions(options, undefined));
  }

  get sessions(): readonly SocketSession[] {
    return this.#sessions.filter(({ session }) => !session.isOver).map(({ session }) => session);
  }

  tell(happening: Happening): void {
    if (happening.type === 'faults') {
      const own = { ...happening, faults: this.#faulty(happening.faults) };
      this.#toCome.push(own);
      step(this.#desk, { ...own, now: this.#clock.now() });
      for (const session of this.sessions) session.tell(own);
      return;
    }
    const latest = this.sessions.at(-1);
    if (latest) latest.tell(happening);
    else this.#toCome.push(happening);
  }

  /** Admits a request. Returns a function that takes its socket; null: the request has been refused. */
  admit(request: IncomingMessage, socket: Duplex): ((webSocket: Ws.WebSocket) => void) | null {
    this.#count += 1;
    const id = `connection-${this.#count}`;
    const asked = greetingOf(request, id);
    if (!asked) {
      refuseUpgrade(socket, 404, 'not_found', 'The path must end in /realtime.');
      return null;
    }
    const turnedAway = turnAway(this.#desk, this.sessions);
    const keys = this.#keys.brings(asked.apiKey, this.#unixSeconds());
    const greeting = { ...asked, ...keys, ...(turnedAway && { turnedAway }) };
    const session = this.#sessionFor(greeting);
    const refusal = session.greet(greeting);
    if (refusal) {
      const { status, code, message, afterMs } = refusal;
      const refuse = () => refuseUpgrade(socket, status, code, message);
      if (afterMs > 0) this.#clock.after(afterMs, refuse);
      else refuse();
      this.#options.onRefused?.(id, refusal.code);
      return null;
    }
    socket.once('close', () => session.leave(id));
    return (webSocket) => this.#welcome(session, greeting, webSocket);
  }

  /** Answers a request that is not for a socket; null if its path does not exist. */
  answer(request: HttpRequest): HttpAnswer | null {
    step(this.#desk, { type: 'tick', now: this.#clock.now() });
    const calls: Calls = {
      begin: (callId, settings) => this.#sessionFor({ connection: '', callId }).beginCall(callId, settings),
      hangUp: (callId) => {
        const call = this.#sessions.find((each) => each.callId === callId);
        call?.session.tell({ type: 'hang-up' });
        return call !== undefined;
      },
    };
    return answerHttp({ server: this.#desk, keys: this.#keys, calls }, request);
  }

  /** Connections are refused here, for all sessions together. Returns the faults that are a session's own. */
  #faulty(faults: Partial<Faults>): Partial<Faults> {
    const { atDoor, own } = shared(faults);
    step(this.#desk, { type: 'faults', faults: atDoor, now: this.#clock.now() });
    return own;
  }

  #unixSeconds(): number {
    return this.#desk.options.unixSecondsAtZero + Math.floor(this.#clock.now() / 1000);
  }

  #welcome(session: SocketSession, greeting: Greeting, webSocket: Ws.WebSocket): void {
    const { onConnection, onRefused, onGone } = this.#options;
    const id = greeting.connection;
    const code = session.refusalOf(id);
    webSocket.once('close', () => {
      if (code === null) onGone?.(id);
    });
    session.attach(id, webSocket);
    if (code === null) onConnection?.({ id, greeting, server: session.server, controls: session.controls });
    else onRefused?.(id, code);
  }

  #sessionFor({ callId }: Greeting): SocketSession {
    this.#sessions = this.#sessions.filter(({ session, callId: call }) => call !== undefined || !session.isOver);
    const known = this.#sessions.find((each) => callId !== undefined && each.callId === callId);
    if (known) return known.session;
    const { detects = 'energy', hears = sayLength, onFrame, script = {} } = this.#options;
    const given = serverOptions(this.#options, callId);
    const session = new SocketSession({
      server: {
        ...given,
        faults: shared(given.faults ?? {}).own,
        seed: (this.#options.seed ?? script.server?.seed ?? 1) + this.#count,
      },
      clock: this.#clock,
      detects,
      hears,
      script,
      faulty: (faults) => this.#faulty(faults),
      onFrame: (frame) => onFrame?.(frame),
    });
    this.#sessions.push({ callId, session });
    for (const happening of this.#toCome) session.tell(happening);
    this.#toCome = this.#toCome.filter(({ type }) => type === 'faults');
    return session;
  }
}

const pingMs = 20_300;
const unixSecondsAtZero = Math.floor(performance.timeOrigin / 1000);

const sayLength = (ms: number): string => `(${(ms / 1000).toFixed(1)} s of speech)`;

/** The options for a session's machine. Each session gets its own seed, because equal seeds give equal ids. */
function serverOptions(options: ListenOptions, callId: string | undefined): ServerOptionsGiven {
  const { port: _a, host: _b, pace: _c, detects: _d, hears: _e, onConnection: _f, onFrame: _g, ...rest } = options;
  const { onGone: _h, onRefused: _i, script, ...given } = rest;
  return {
    media: callId === undefined ? 'websocket' : 'webrtc',
    unixSecondsAtZero,
    lifetimeMs: hourMs,
    pingEveryMs: pingMs,
    ...script?.server,
    ...given,
    faults: { ...script?.faults, ...given.faults },
  };
}

const pacedClock = (pace: number): Clock => ({
  now: () => systemClock.now() * pace,
  after: (ms, run) => systemClock.after(ms / pace, run),
});
