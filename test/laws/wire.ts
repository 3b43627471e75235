/** One line of a session: its server, the network between, and how far it is. */
import { createServer, step, type Input, type Output, type Server } from '../../src/simulator/server/index.js';
import type { ServerOptionsGiven } from '../../src/simulator/server/index.js';
import { Network } from './network.js';
import type { Frame } from './wire-log.js';

export interface WireOptions {
  readonly server: ServerOptionsGiven;
  readonly toServerMs: readonly number[];
  readonly toClientMs: readonly number[];
}

export class Wire {
  readonly number: number;
  readonly server: Server;
  readonly network: Network;
  state: 'opening' | 'open' | 'given up' | 'gone' = 'opening';

  /** The one before: what its server will answer, and how it misbehaves, goes on. */
  constructor(number: number, { server, toServerMs, toClientMs }: WireOptions, before: Wire | null) {
    this.number = number;
    this.server = createServer({ ...server, seed: number });
    this.network = before?.network.another() ?? new Network({ toServer: toServerMs, toClient: toClientMs });
    if (!before) return;
    const { faults, replies, hosted, now } = before.server;
    Object.assign(this.server, { faults, replies, hosted, now });
  }

  get connection(): string {
    return `connection-${this.number}`;
  }

  /** How an input of the machine names it. */
  get by(): { readonly line?: number } {
    return this.number === 1 ? {} : { line: this.number };
  }

  /** Gives the server an input; what comes of it is on its way. */
  serve(input: Input): void {
    for (const output of step(this.server, input)) this.#bring(input.now, output);
  }

  #bring(now: number, output: Output): void {
    if (output.type === 'frame') this.network.bring(now, { frame: output.event });
    else if (output.type === 'ping') this.network.bring(now, { alive: true });
    else this.network.bring(now, { closes: { code: null, reason: '', ...(output as object) } });
  }

  send(now: number, frame: Frame): void {
    const refusal = this.network.send(now, { frame });
    if (refusal) this.network.bring(now, { frame: refusal });
  }

  /** Ends it, and loses everything in flight. */
  end(now: number): void {
    this.state = 'gone';
    this.network.cut();
    this.serve({ type: 'disconnect', connection: this.connection, now });
    this.network.cut();
  }
}
