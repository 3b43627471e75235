/** The lines of one state: each with its server, and the two lanes between them. */
import { liveLine, type Rules, type Session } from '../../src/machine/index.js';
import {
  createServer,
  noLatency,
  step,
  type Input,
  type Reply,
  type Server,
} from '../../src/simulator/server/index.js';
import type { Frame } from '../laws/oracle.js';
import { text } from '../laws/wire-log.js';

type Untimed<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
export type ServerInput = Untimed<Input>;

export interface Wire {
  readonly number: number;
  readonly server: Server;
  toServer: (Frame | 'bye')[];
  toClient: (Frame | 'gone')[];
  is: 'dialled' | 'open' | 'gone';
}

export interface Wires {
  readonly session: Session;
  /** Those that may still bring something, the one that was dialled last at the end. */
  wires: readonly Wire[];
}

const MODEL = 'gpt-realtime-2.1';
const brief: Reply = { items: [{ says: 'Yes.', ms: 250 }] };

/** A call goes on at its server, whatever becomes of its lines. */
export const dialled = (number: number, line: Rules['line'], before?: Wire): Wire => ({
  number,
  server:
    (line === 'sideband' ? before?.server : undefined) ??
    createServer({
      ...{ latency: noLatency, speed: Infinity, audio: 'tiny', seed: number },
      media: line === 'own' ? 'websocket' : 'webrtc',
      faults: { rateLimits: 'never' },
    }),
  toServer: [],
  toClient: [],
  is: 'dialled',
});

/** The line that is live; while none is, the one that was dialled last. */
export const main = ({ session, wires }: Wires): Wire =>
  wires.find(({ number }) => number === liveLine(session)) ?? wires.at(-1)!;
/** Another one that is open: the next, or the one that was live before. */
export const beside = (state: Wires): Wire | undefined =>
  state.wires.find((each) => each !== main(state) && each.is === 'open');

/** How an input of the machine names it. */
export const by = ({ number }: Wire): { readonly line?: number } => (number === 1 ? {} : { line: number });

export function opens(wire: Wire, line: Rules['line']): void {
  wire.is = 'open';
  const to = line === 'own' ? { model: MODEL } : { callId: 'rtc_1' };
  serve(wire, { type: 'connect', connection: connectionOf(wire), ...to });
}

/** It is of no use any more, and what was on it is lost. */
export function ends(wire: Wire): void {
  if (wire.is === 'open') serve(wire, { type: 'disconnect', connection: connectionOf(wire) });
  Object.assign(wire, { is: 'gone', toServer: [], toClient: [] });
}

const connectionOf = ({ number }: Wire): string => `connection-${number}`;

/** What neither machine nor oracle reads, and what follows a `created` of the same response, is left out of the lane. */
const read: ReadonlySet<string> = new Set([
  ...['session.created', 'session.updated', 'error', 'conversation.item.added'],
  ...['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed'],
  ...['response.created', 'response.output_item.added', 'response.output_audio.delta', 'response.done'],
]);
const isRead = (frame: Frame): boolean =>
  read.has(frame.type) || (frame.type === 'response.output_item.done' && text(frame, 'item.type') === 'function_call');

export function serve({ server, toClient }: Wire, input: ServerInput): void {
  // Whatever it has not been told to answer, it answers briefly.
  const scripted = server.replies.filter(({ items }) => items.length === 0 || !('says' in items[0]!));
  server.replies = [...scripted, ...(input.type === 'reply' ? [] : [brief])];
  for (const output of step(server, { ...input, now: 0 })) {
    if (output.type === 'frame' && isRead(output.event)) toClient.push(output.event);
  }
}

/** The server reads what has been written first. */
export function arrives(wire: Wire): void {
  const frame = wire.toServer.shift();
  if (frame === 'bye') {
    serve(wire, { type: 'disconnect', connection: connectionOf(wire) });
    wire.toClient.push('gone');
  } else serve(wire, { type: 'text', connection: connectionOf(wire), text: JSON.stringify(frame) });
}

/** The server does the next thing that is due, until something comes of it. */
export function goesOnAt(wire: Wire): void {
  const before = wire.toClient.length;
  while (wire.server.agenda.length > 0 && wire.toClient.length === before) serve(wire, { type: 'tick', atMost: 1 });
}
