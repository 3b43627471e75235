/** A whole call in memory: a session over the simulated server, on a clock that jumps as soon as everybody waits. */
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/index.js';
import { simulate } from '../../src/simulator/simulate.js';
import type { SimulatorOptions } from '../../src/simulator/simulator.js';
import type { AnySession, AnyTool, Reply, SessionPlan, ToolRound, VerdictRecord } from '../../types/index.js';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Wire {
  readonly passages: readonly { readonly text: string; readonly direction: 'sent' | 'received' }[];
}
type Json = { readonly [key: string]: unknown };

/** What the wire shows of a call, and what its operator sees. */
export class Watch {
  readonly rounds: ToolRound[] = [];
  readonly verdicts: VerdictRecord[] = [];
  readonly faults: Error[] = [];
  readonly cuts: unknown[] = [];
  readonly #server: Wire;

  constructor(session: AnySession, server: Wire) {
    this.#server = server;
    session.on('tools', (round) => this.rounds.push(round));
    session.on('verdict', (record) => this.verdicts.push(record));
    session.on('fault', (error) => this.faults.push(error));
    session.on('cut', (cut) => this.cuts.push(cut));
  }

  /** What was sent, in order; of one type, if it is named. */
  sent(type?: string): readonly Frame[] {
    const frames = this.#server.passages
      .filter(({ direction }) => direction === 'sent')
      .map(({ text }) => JSON.parse(text) as Frame);
    return type === undefined ? frames : frames.filter((frame) => frame.type === type);
  }

  /** The purposes of the creates that were sent, in order. */
  get spoken(): readonly unknown[] {
    return this.sent('response.create').map(
      ({ response }) => ((response as Json)['metadata'] as Json)['gated_purpose'],
    );
  }

  /** The outputs of function calls that were sent, in order: as JSON, where they are JSON. */
  get outputs(): readonly unknown[] {
    return this.sent('conversation.item.create')
      .map(({ item }) => item as Json)
      .filter((item) => item['type'] === 'function_call_output')
      .map(({ output }) => readable(String(output)));
  }

  /** How much of which item was said to have been heard. */
  get truncations(): readonly unknown[] {
    return this.sent('conversation.item.truncate').map(({ audio_end_ms }) => audio_end_ms);
  }

  get complaints(): readonly string[] {
    return this.faults.map(({ message }) => message);
  }
}

const readable = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

export async function call<
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(plan: SessionPlan<Purpose, Tools, Guard> = {}, options: SimulatorOptions = {}) {
  const { session, server } = await simulate<Purpose, Tools, Guard>(plan, { audio: 'silence', ...options });
  onTestFinished(async () => {
    await session.close();
    server.stop();
  });
  const watch = new Watch(session, server);
  const { clock } = server;
  const pass = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  return { session, server, clock, watch, pass, cuts: watch.cuts };
}

/** The next event of this type. */
export const next = (session: AnySession, type: Parameters<AnySession['on']>[0]): Promise<unknown> =>
  new Promise((resolve) => {
    const off = session.on(type, (event) => {
      off();
      resolve(event);
    });
  });

/** A promise, and the hand that settles it. */
export function promised<Value = void>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((keep, breakIt) => {
    resolve = keep;
    reject = breakIt;
  });
  return { promise, resolve, reject };
}

/** A tool without arguments that does this. */
export const does = <const Name extends string>(
  name: Name,
  run: Parameters<typeof tool<Name, typeof noArguments, unknown>>[0]['run'],
  more: { readonly timeoutMs?: number; readonly reply?: Reply } = {},
) => tool({ name, description: `Does ${name}.`, parameters: noArguments, ...(run && { run }), ...more });

const noArguments = z.object({});

/** Own turn-taking: the server listens to nobody. */
export const byHand = { audio: { input: { turn_detection: null } } } as const;
/** The server says when the user speaks, and answers nobody by itself. */
export const listening = {
  audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } },
} as const;

/** A call that is whole, as the server tells it. */
export const callOf = (responseId: string, callId: string, name = 'look_up') => ({
  type: 'response.output_item.done',
  response_id: responseId,
  output_index: 0,
  item: { id: `item_${callId}`, type: 'function_call', status: 'completed', call_id: callId, name, arguments: '{}' },
});

/** Everybody who was promised something that has come true has been told. The clock of a session that has ended stands. */
export const toldToAll = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
