import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../clock.js';
import type { Controls } from './controls.js';
import { controlsOn } from './controls.js';
import type { Drive, Happening } from './drive.js';
import { drive } from './drive.js';
import type { SocketFrame } from './listen-options.js';
import type { EnergyDetector } from './energy-detector.js';
import { energyDetector } from './energy-detector.js';
import type { Script, ScriptPlayer } from './script.js';
import { playScript } from './script.js';
import type { Faults, Greeting, JsonObject, Output, Server, ServerOptionsGiven } from './server/index.js';
import { createServer } from './server/index.js';
import { textOf } from './server/frame-text.js';
import { isObject, textOr } from './server/wire.js';

export interface SocketSessionOptions {
  readonly server: ServerOptionsGiven;
  readonly clock: Clock;
  /** `energy`: loud appended audio counts as speech. `script`: only `caller` speaks. */
  readonly detects: 'energy' | 'script';
  /** The transcript of speech that the script does not know. */
  readonly hears: (ms: number) => string;
  readonly onFrame: (frame: SocketFrame) => void;
  readonly script: Script;
  /** Is told of faults; returns those that are the session's own. */
  readonly faulty: (faults: Partial<Faults>) => Partial<Faults>;
}

/** One session, and the sockets that take part in it. */
export class SocketSession {
  readonly server: Server;
  readonly controls: Controls;
  readonly tell: (happening: Happening) => void;
  readonly #options: SocketSessionOptions;
  readonly #drive: Drive;
  readonly #ears: EnergyDetector | null;
  readonly #player: ScriptPlayer;
  /** The first connection, for which the script is played. */
  #first: string | null = null;
  #awaitsSideband = false;
  readonly #sockets = new Map<string, WebSocket>();
  /** Those through which nothing passes any more. */
  readonly #stalled = new WeakSet<WebSocket>();
  /** Outputs for connections whose socket is not open yet. */
  readonly #early = new Map<string, Output[]>();

  constructor(options: SocketSessionOptions) {
    this.#options = options;
    this.server = createServer(options.server);
    this.#drive = drive(this.server, options.clock, (output) => this.#carry(output));
    this.tell = (happening) => {
      if (happening.type === 'faults') this.#drive.tell({ ...happening, faults: options.faulty(happening.faults) });
      else this.#drive.tell(happening);
    };
    this.controls = controlsOn(this.tell);
    this.#player = playScript(options.script, options.clock, this.tell);
    this.#ears = options.detects === 'energy' ? energyDetector(this.server, this.tell, options.hears) : null;
  }

  get isOver(): boolean {
    return this.#sockets.size === 0 && this.#early.size === 0 && !this.#awaitsSideband;
  }

  /** Begins a call; connections join it later as sidebands. */
  beginCall(callId: string, session: JsonObject): void {
    this.tell({ type: 'call', callId, session });
    this.#awaitsSideband = true;
  }

  /** Asks the machine to admit a connection. Returns the refusal if the upgrade itself is to be refused. */
  greet(greeting: Greeting): Extract<Output, { type: 'refuse' }> | null {
    const outputs: Output[] = [];
    this.#early.set(greeting.connection, outputs);
    this.tell({ type: 'connect', ...greeting });
    const refusal = outputs.find((output) => output.type === 'refuse');
    if (refusal) this.#early.delete(greeting.connection);
    return refusal ?? null;
  }

  /** The error code with which a greeted connection is about to be closed; null if it is admitted. */
  refusalOf(connection: string): string | null {
    for (const output of this.#early.get(connection) ?? []) {
      if (output.type === 'close') return output.reason.split('.').at(-1) ?? output.reason;
    }
    return null;
  }

  /** Attaches the open socket, and sends it what has been queued for it. */
  attach(connection: string, socket: WebSocket): void {
    this.#awaitsSideband = false;
    this.#sockets.set(connection, socket);
    socket.on('message', (data: RawData, isBinary: boolean) =>
      this.#receive(connection, data, isBinary ? 'binary' : 'text'),
    );
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.leave(connection));
    const early = this.#early.get(connection) ?? [];
    this.#early.delete(connection);
    if (this.#first === null && this.server.session) {
      this.#first = connection;
      this.#player.connected();
    }
    for (const output of early) this.#carry(output);
  }

  leave(connection: string): void {
    this.#early.delete(connection);
    if (this.#sockets.delete(connection)) this.tell({ type: 'disconnect', connection });
  }

  stop(): void {
    this.#drive.stop();
    for (const socket of this.#sockets.values()) socket.terminate();
  }

  #stall(socket: WebSocket): void {
    this.#stalled.add(socket);
    socket.pause();
  }

  #receive(connection: string, data: RawData, kind: 'text' | 'binary'): void {
    if (kind === 'binary') {
      this.tell({ type: 'binary', connection });
      return;
    }
    const text = (data as Buffer).toString('utf8');
    this.#options.onFrame({ direction: 'sent', text, connection });
    this.tell({ type: 'text', connection, text });
    this.#ears?.heard(text);
    if (connection === this.#first) this.#player.passed(typeIn(text));
  }

  #carry(output: Output): void {
    const early = this.#early.get(output.connection);
    if (early) {
      early.push(output);
      return;
    }
    const socket = this.#sockets.get(output.connection);
    if (!socket || this.#stalled.has(socket)) return;
    if (output.type === 'frame') {
      const text = textOf(output.event);
      this.#options.onFrame({ direction: 'received', text, connection: output.connection });
      socket.send(text);
      if (output.connection === this.#first) this.#player.passed(output.event.type);
    } else if (output.type === 'ping') socket.ping();
    else if (output.type === 'stall') this.#stall(socket);
    else if (output.type === 'close' && output.code === null) socket.terminate();
    else if (output.type === 'close') socket.close(output.code ?? 1000, output.reason);
  }
}

/** The type of a client event; empty if it has none. */
function typeIn(text: string): string {
  try {
    const event: unknown = JSON.parse(text);
    return isObject(event) ? textOr(event['type'], '') : '';
  } catch {
    return '';
  }
}
