import type { IncomingMessage } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type * as Ws from 'ws';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import { MisuseError } from '../errors.js';
import type { Controls } from './controls.js';
import { controlsOn } from './controls.js';
import type { Happening } from './drive.js';
import type { Greeting, Server, ServerOptionsGiven } from './server/index.js';
import { hourMs } from './server/options.js';
import type { Script } from './script.js';
import type { SocketFrame } from './socket-session.js';
import { SocketSession } from './socket-session.js';
import { chooseProtocol, greetingOf, refuseUpgrade } from './upgrade.js';

export interface ListenOptions extends ServerOptionsGiven {
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Default `127.0.0.1`. Nobody else can reach it, and nobody else should: it lets everybody in. */
  readonly host?: string;
  /** How many times faster than the wall clock it lives. Default 1. */
  readonly pace?: number;
  /** `energy` (default): whoever appends loud audio speaks. `script`: only `caller` does. */
  readonly detects?: 'energy' | 'script';
  /** What the transcript says of speech that was only heard; `ms` is its length. */
  readonly hears?: (ms: number) => string;
  /** What happens by itself, in every session anew. */
  readonly script?: Script;
  /** A client has arrived, and has been let in. */
  readonly onConnection?: (connection: SimulatedConnection) => void;
  /** A client was not let in; the code says why. */
  readonly onRefused?: (connection: string, code: string) => void;
  readonly onFrame?: (frame: SocketFrame) => void;
  /** A client has left, or has been disconnected. */
  readonly onGone?: (connection: string) => void;
}

export interface SimulatedConnection {
  readonly id: string;
  readonly greeting: Greeting;
  /** The session it takes part in. */
  readonly server: Server;
  readonly controls: Controls;
}

/**
 * A simulated server on a loopback WebSocket. Its controls act on the session that began last; what is scripted before
 * there is one is for the first. `misbehaves` holds for every session, those to come as well.
 */
export interface SimulatedSocket extends Controls {
  /** `ws://127.0.0.1:<port>/v1/realtime` */
  readonly url: string;
  readonly port: number;
  /** The machines of all sessions that somebody is connected to, oldest first. */
  readonly servers: readonly Server[];
  /** Ends every connection, and listens no more. */
  close(): Promise<void>;
}

/**
 * Listens. Each connection is a session of its own; with `?call_id=` it joins the session of that call, as a sideband
 * without `session.created`. Rejects if the port is taken, with the system's own error.
 */
export async function listen(options: ListenOptions = {}): Promise<SimulatedSocket> {
  const { WebSocketServer } = await installedWs();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: chooseProtocol,
    maxPayload: 64 * 1024 * 1024,
  });
  const reception = new Reception(options);
  const http = createHttpServer((_, response) => {
    response.writeHead(426, { 'content-type': 'text/plain' }).end('This is a WebSocket.\n');
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const admitted = reception.admit(request, socket);
    if (admitted) sockets.handleUpgrade(request, socket, head, (webSocket) => admitted(webSocket));
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    ...controlsOn((happening) => reception.tell(happening)),
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}/v1/realtime`,
    port,
    get servers() {
      return reception.sessions.map(({ server }) => server);
    },
    close: () =>
      new Promise((resolve) => {
        for (const session of reception.sessions) session.stop();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

async function installedWs(): Promise<Pick<typeof Ws, 'WebSocketServer'>> {
  try {
    return await import('ws');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new MisuseError('The package "ws" is missing. Install it: npm install ws', { cause });
  }
}

/** Knows who is here, and leads whoever comes to their session. */
class Reception {
  readonly #options: ListenOptions;
  readonly #clock: Clock;
  #sessions: { readonly callId: string | undefined; readonly session: SocketSession }[] = [];
  /** What the next session will be told before anything else. */
  #toCome: Happening[] = [];
  #count = 0;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#clock = pacedClock(options.pace ?? 1);
  }

  get sessions(): readonly SocketSession[] {
    return this.#sessions.filter(({ session }) => !session.isOver).map(({ session }) => session);
  }

  tell(happening: Happening): void {
    if (happening.type === 'faults') {
      this.#toCome.push(happening);
      for (const session of this.sessions) session.tell(happening);
      return;
    }
    const latest = this.sessions.at(-1);
    if (latest) latest.tell(happening);
    else this.#toCome.push(happening);
  }

  /** Lets a request in: returns what takes its socket, once there is one. Null: it has been refused. */
  admit(request: IncomingMessage, socket: Duplex): ((webSocket: Ws.WebSocket) => void) | null {
    this.#count += 1;
    const id = `connection-${this.#count}`;
    const greeting = greetingOf(request, id);
    if (!greeting) {
      refuseUpgrade(socket, 404, 'not_found', 'The path must end in /realtime.');
      return null;
    }
    const session = this.#sessionFor(greeting);
    const refusal = session.greet(greeting);
    if (refusal) {
      refuseUpgrade(socket, refusal.status, refusal.code, refusal.message);
      this.#options.onRefused?.(id, refusal.code);
      return null;
    }
    socket.once('close', () => session.leave(id));
    return (webSocket) => this.#welcome(session, greeting, webSocket);
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
    const session = new SocketSession({
      server: { ...serverOptions(this.#options, callId), seed: (this.#options.seed ?? 0) + this.#count },
      clock: this.#clock,
      detects,
      hears,
      script,
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

/** What of the options is the machine's. Two sessions never share a seed: their ids would be the same. */
function serverOptions(options: ListenOptions, callId: string | undefined): ServerOptionsGiven {
  const { port: _a, host: _b, pace: _c, detects: _d, hears: _e, onConnection: _f, onFrame: _g, ...rest } = options;
  const { onGone: _h, onRefused: _i, script, ...given } = rest;
  return {
    media: callId === undefined ? 'websocket' : 'webrtc',
    unixSecondsAtZero,
    lifetimeMs: hourMs,
    pingEveryMs: pingMs,
    ...given,
    faults: { ...script?.faults, ...given.faults },
  };
}

const pacedClock = (pace: number): Clock => ({
  now: () => systemClock.now() * pace,
  after: (ms, run) => systemClock.after(ms / pace, run),
});
