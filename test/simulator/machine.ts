import { createServer, nextDue, step } from '../../src/simulator/server/index.js';
import type {
  CallerDoes,
  Faults,
  Greeting,
  Output,
  Reply,
  ServerOptionsGiven,
} from '../../src/simulator/server/index.js';

/** A machine driven by hand, with one client that has read its `session.created`. */
export function machine(given: ServerOptionsGiven = {}, greeting: Partial<Greeting> = { model: 'gpt-realtime-2.1' }) {
  const server = createServer(given);
  const outputs: Output[] = [];
  let now = 0;
  const happen = (input: any) => {
    const made = step(server, { ...input, now });
    outputs.push(...made);
    return made;
  };
  const advance = (ms: number) => {
    const until = now + ms;
    for (let due = nextDue(server); due !== null && due <= until; due = nextDue(server)) {
      now = Math.max(now, due);
      happen({ type: 'tick' });
    }
    now = until;
  };
  const frames = (connection = 'client'): any[] =>
    outputs.flatMap((output) => (output.type === 'frame' && output.connection === connection ? [output.event] : []));
  happen({ type: 'connect', connection: 'client', ...greeting });
  advance(given.latency?.connect ?? 20);
  const api = {
    server,
    outputs,
    happen,
    advance,
    frames,
    get now() {
      return now;
    },
    /** Runs everything that is pending, for at most a minute. */
    settle: () => advance(60_000),
    send: (event: object, connection = 'client') => happen({ type: 'text', connection, text: JSON.stringify(event) }),
    caller: (does: CallerDoes) => happen({ type: 'caller', ...does }),
    reply: (reply: Reply) => happen({ type: 'reply', reply }),
    faults: (faults: Partial<Faults>) => happen({ type: 'faults', faults }),
    types: (connection?: string): string[] => frames(connection).map(({ type }) => type),
    all: (type: string): any[] => frames().filter((frame) => frame.type === type),
    last: (type: string): any => frames().findLast((frame) => frame.type === type),
    /** Forgets the outputs so far. */
    forget: () => void outputs.splice(0),
    /** The error that answers this event. */
    errorFor(event: object): any {
      const before = outputs.length;
      happen({ type: 'text', connection: 'client', text: JSON.stringify(event) });
      advance(200);
      const error = outputs.slice(before).find((output) => output.type === 'frame' && output.event.type === 'error');
      return error?.type === 'frame' ? error.event['error'] : undefined;
    },
  };
  return api;
}

export const update = (session: object) => ({ type: 'session.update', session: { type: 'realtime', ...session } });
export const userText = (text: string, id?: string) => ({
  type: 'conversation.item.create',
  item: { ...(id && { id }), type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
export const create = (response?: object, event_id?: string) => ({
  type: 'response.create',
  ...(response && { response }),
  ...(event_id && { event_id }),
});
/** Base64 of this many milliseconds of silent 24 kHz PCM. */
export const pcm = (ms: number) => Buffer.alloc(ms * 48).toString('base64');

/** Shortens repetitions of a type to `type xN`. */
export function runs(types: readonly string[]): string[] {
  const found: { type: string; count: number }[] = [];
  for (const type of types) {
    const last = found.at(-1);
    if (last?.type === type && type.endsWith('.delta')) last.count += 1;
    else found.push({ type, count: 1 });
  }
  return found.map(({ type, count }) => (count > 1 ? `${type} x${count}` : type));
}
