import type { Clock } from '../../src/clock.js';
import { openSession } from '../../src/session/connect.js';
import { createSimulator, type Controls } from '../../src/simulator/index.js';
import type { ServerOptionsGiven } from '../../src/simulator/server/index.js';
import { listen } from '../../src/simulator/socket.js';
import { wsTransport } from '../../src/transport/ws.js';
import type { ConfirmedSession, Ending, ResponseHandle, SessionPlan, Transport } from '../../types/index.js';

type Session = ConfirmedSession<string>;
type Frame = { readonly type: string; readonly [field: string]: any };

/** Connects a session to a simulated server. */
export interface Harness {
  readonly name: string;
  set(server: ServerOptionsGiven, kind: 'own' | 'sideband'): Promise<Stands>;
}
interface Stands {
  readonly server: Controls;
  readonly clock: Clock | undefined;
  readonly transport: Transport;
  stop(): Promise<void>;
}

const realtime = { model: 'gpt-realtime-2.1' } as const;
const call = { callId: 'rtc_call' } as const;

export const memory: Harness = {
  name: 'memory',
  async set(options, kind) {
    const greeting = kind === 'own' ? undefined : { greeting: call, media: 'webrtc' as const };
    const server = createSimulator({ audio: 'tiny', ...options, ...greeting });
    return { server, clock: server.clock, transport: server.transport, stop: async () => server.stop() };
  },
};

export const socket: Harness = {
  name: 'a loopback socket',
  async set(options, kind) {
    const server = await listen({ audio: 'tiny', pace: 20, detects: 'script', ...options });
    const to = kind === 'own' ? realtime : call;
    const transport = wsTransport({ ...to, url: server.url, apiKey: 'sk-test' });
    return { server, clock: undefined, transport, stop: () => server.close() };
  },
};

export interface Setting {
  readonly plan?: SessionPlan;
  readonly server?: ServerOptionsGiven;
  readonly kind?: 'own' | 'sideband';
}

/** One session with one server, and the frames between them in the order in which the client sees them. */
export class Stage {
  readonly server: Controls;
  readonly log: { readonly way: 'read' | 'wrote'; readonly frame: Frame }[] = [];
  readonly faults: Error[] = [];
  readonly #stands: Stands;
  readonly #setting: Setting;
  readonly #others: Session[] = [];
  #session: Session | null = null;
  #changed: (() => void)[] = [];
  #looked = 0;

  private constructor(stands: Stands, setting: Setting) {
    this.#stands = stands;
    this.#setting = setting;
    this.server = stands.server;
  }

  static async set(harness: Harness, setting: Setting): Promise<Stage> {
    const stage = new Stage(await harness.set(setting.server ?? {}, setting.kind ?? 'own'), setting);
    stage.#session = await stage.#open(watched(stage.#stands.transport, (way, frame) => stage.#note(way, frame)));
    stage.#looked = stage.log.length;
    stage.session.on('event', () => stage.#wake());
    stage.session.on('fault', (fault) => {
      stage.faults.push(fault);
      stage.#wake();
    });
    return stage;
  }

  get session(): Session {
    return this.#session!;
  }

  /** Another session, by a connection of its own to the same server. */
  async joins(): Promise<Session> {
    const session = await this.#open(this.#stands.transport);
    this.#others.push(session);
    return session;
  }

  async ends(): Promise<Ending> {
    await Promise.all([this.session.close(), ...this.#others.map((each) => each.close())]);
    await this.#stands.stop();
    return this.session.closed;
  }

  /** The next matching frame that the session has read and its listeners have received. */
  async next(type: string, where: (frame: Frame) => boolean = () => true): Promise<Frame> {
    for (;;) {
      for (; this.#looked < this.log.length; this.#looked++) {
        const { way, frame } = this.log[this.#looked]!;
        if (way !== 'read' || frame.type !== type || !where(frame)) continue;
        this.#looked++;
        return frame;
      }
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }

  /** The next fault. */
  async fault(): Promise<Error> {
    while (this.faults.length === 0) await new Promise<void>((resolve) => this.#changed.push(resolve));
    return this.faults.shift()!;
  }

  /** The server's own answers, as the session reports them. */
  automatic(): Promise<ResponseHandle> {
    return new Promise((resolve) => {
      const stop = this.session.on('response', (response) => {
        if (response.purpose !== null) return;
        stop();
        resolve(response);
      });
    });
  }

  /** Sends an item, and waits until it is in the conversation. */
  async item(text = 'Noted.'): Promise<void> {
    const id = `item_of_ours_${this.log.length}`;
    const content = [{ type: 'input_text', text }] as const;
    this.session.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', id, content: [...content] },
    });
    await this.next('conversation.item.added', (frame) => frame['item'].id === id);
  }

  /** Plays a whole turn of the caller at the server before the session has read any of it. */
  callerSpeaks(text = 'And then?'): void {
    this.server.caller.begins();
    this.server.caller.ends(text);
  }

  wrote(type: string): readonly Frame[] {
    return this.log.filter(({ way, frame }) => way === 'wrote' && frame.type === type).map(({ frame }) => frame);
  }
  read(type: string): readonly Frame[] {
    return this.log.filter(({ way, frame }) => way === 'read' && frame.type === type).map(({ frame }) => frame);
  }
  get errors(): readonly string[] {
    return this.read('error').map((frame) => frame['error'].code);
  }
  /** The purposes of the creates written. */
  get asked(): readonly string[] {
    return this.wrote('response.create').map((frame) => frame['response'].metadata.gated_purpose);
  }
  /** The index of the first matching frame in the log; -1 if there is none. */
  at(way: 'read' | 'wrote', type: string, where: (frame: Frame) => boolean = () => true): number {
    return this.log.findIndex((each) => each.way === way && each.frame.type === type && where(each.frame));
  }

  #open(transport: Transport): Promise<Session> {
    const { clock } = this.#stands;
    const { plan = {}, kind = 'own' } = this.#setting;
    return openSession({ ...plan, transport, kind, clock } as never);
  }
  #note(way: 'read' | 'wrote', frame: Frame): void {
    this.log.push({ way, frame });
  }
  #wake(): void {
    const changed = this.#changed;
    this.#changed = [];
    for (const wake of changed) wake();
  }
}

/** The same transport with an observer. */
function watched(transport: Transport, note: (way: 'read' | 'wrote', frame: Frame) => void): Transport {
  const parse = (text: string | Uint8Array): Frame =>
    JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text)) as Frame;
  return {
    async open(ears, signal) {
      const watching = {
        frame: (text: string | Uint8Array) => {
          note('read', parse(text));
          ears.frame(text);
        },
        gone: ears.gone.bind(ears),
      };
      const line = await transport.open(watching, signal);
      return {
        send: (text) => {
          note('wrote', parse(text));
          line.send(text);
        },
        close: line.close.bind(line),
      };
    },
  };
}

export const isAbout =
  (id: string | null) =>
  (frame: Frame): boolean =>
    (frame['response'] as { id: string } | undefined)?.id === id;
