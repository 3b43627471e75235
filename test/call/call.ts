/**
 * A whole call in memory: a session with the simulated server, on a clock that jumps whenever nothing else is to do.
 */
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

  /** The frames sent, in order; only those of one type, if it is given. */
  sent(type?: string): readonly Frame[] {
    const frames = this.#server.passages
      .filter(({ direction }) => direction === 'sent')
      .map(({ text }) => JSON.parse(text) as Frame);
    return type === undefined ? frames : frames.filter((frame) => frame.type === type);
  }

  /** The purposes of the creates sent, in order. */
  get spoken(): readonly unknown[] {
    return this.sent('response.create').map(
      ({ response }) => ((response as Json)['metadata'] as Json)['gated_purpose'],
    );
  }

  /** The outputs of function calls sent, in order; parsed, if they are JSON. */
  get outputs(): readonly unknown[] {
    return this.sent('conversation.item.create')
      .map(({ item }) => item as Json)
      .filter((item) => item['type'] === 'function_call_output')
      .map(({ output }) => readable(String(output)));
  }

  /** The truncations sent: which item, and how much of it was heard. */
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

/** A promise with its resolver. */
export function promised<Value = void>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((keep, breakIt) => {
    resolve = keep;
    reject = breakIt;
  });
  return { promise, resolve, reject };
}

/** A tool without arguments that runs this function. */
export const does = <const Name extends string>(
  name: Name,
  run: Parameters<typeof tool<Name, typeof noArguments, unknown>>[0]['run'],
  more: { readonly timeoutMs?: number; readonly reply?: Reply } = {},
) => tool({ name, description: `Does ${name}.`, parameters: noArguments, ...(run && { run }), ...more });

const noArguments = z.object({});

/** Settings without turn detection: the program decides about turns. */
export const byHand = { audio: { input: { turn_detection: null } } } as const;
/** Settings with turn detection and no automatic answers. */
export const listening = {
  audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } },
} as const;

/** The events of a complete function call. */
export const callOf = (responseId: string, callId: string, name = 'look_up') => ({
  type: 'response.output_item.done',
  response_id: responseId,
  output_index: 0,
  item: { id: `item_${callId}`, type: 'function_call', status: 'completed', call_id: callId, name, arguments: '{}' },
});

/** Waits until everybody has been notified. (The clock of an ended session stands still.) */
export const toldToAll = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
