import type { Clock } from '../clock.js';
import { drive, type Drive, type Happening } from './drive.js';
import type { Greeting, Output, Server } from './server/index.js';
import { createServer } from './server/index.js';
import { turnAway } from './server/counted.js';

interface Session {
  readonly server: Server;
  readonly drive: Drive;
}

/** The sessions of a simulated server that are open at once, each with a machine of its own: the oldest is the current one. */
export class Sessions {
  readonly #clock: Clock;
  readonly #carry: (output: Output) => void;
  #all: readonly [Session, ...Session[]];
  #count = 0;

  constructor(server: Server, clock: Clock, carry: (output: Output) => void) {
    this.#clock = clock;
    this.#carry = carry;
    this.#all = [this.#driven(server)];
  }

  get current(): Server {
    return this.#current.server;
  }

  /** What changes the server itself is told to every session, the rest to the current one. */
  tell(happening: Happening): void {
    const isForAll = FOR_ALL.has(happening.type);
    for (const each of isForAll ? this.#all : [this.#current]) each.drive.tell(happening);
  }

  /** Where one connection goes: to the call that it joins, or else to a session of its own. */
  forOne(): Drive {
    let mine: Session | null = null;
    return {
      tell: (happening) => {
        if (happening.type !== 'connect') return mine?.drive.tell(happening);
        const away = this.#isBeside(happening) ? turnAway(this.current, this.#all) : null;
        mine = this.#admit(happening);
        mine.drive.tell(away ? { ...happening, turnedAway: away } : happening);
      },
      stop: () => mine?.drive.stop(),
    };
  }

  #isBeside({ callId }: Pick<Greeting, 'callId'>): boolean {
    const { options, connections } = this.current;
    return callId === undefined && connections.length > 0 && options.media === 'websocket';
  }

  get #current(): Session {
    return this.#all.find(isOpen) ?? this.#all[0];
  }

  #admit(greeting: Pick<Greeting, 'callId'>): Session {
    const current = this.#current;
    if (!this.#isBeside(greeting)) return current;
    const next = this.#beside(current.server);
    this.#all = [current, ...this.#all.filter((each) => each !== current && isOpen(each)), next];
    return next;
  }

  /** Another machine of the same server: what it will answer is one list for all of them. */
  #beside({ options, faults, hosted, replies, now }: Server): Session {
    const server = createServer({ ...options, seed: options.seed + ++this.#count, faults });
    Object.assign(server, { hosted, replies, now });
    return this.#driven(server);
  }

  #driven(server: Server): Session {
    return { server, drive: drive(server, this.#clock, this.#carry) };
  }
}

const isOpen = ({ server }: Session): boolean => server.connections.length > 0;

const FOR_ALL: ReadonlySet<Happening['type']> = new Set(['faults', 'hosts', 'die', 'stall']);
