import { MisuseError } from '../errors.js';
import type { ClientEvent } from './event.js';

/** Writes an event as text. */
export const encode = (event: ClientEvent): string => JSON.stringify(event);

/**
 * Makes a plain copy of an event by writing it as JSON once, so that what is checked is what is sent, whatever getters,
 * `toJSON`, prototypes or proxies would return the next time. Throws `MisuseError` for an event that cannot be written,
 * has no type, or must go through the gate.
 */
export function snapshot(event: unknown): ClientEvent {
  const copy = parsed(written(event));
  const advice = GATED.get(copy.type);
  if (advice !== undefined) throw new MisuseError(advice);
  return copy;
}

const GATED: ReadonlyMap<string, string> = new Map([
  ['response.create', 'response.create is gated: use session.respond(). Nothing was sent.'],
  ['response.cancel', 'response.cancel is tracked: use handle.cancel() or session.interrupt(). Nothing was sent.'],
  ['session.update', 'session.update shuts the gate: use session.update(). Nothing was sent.'],
]);

function written(event: unknown): string {
  let text: string | undefined;
  try {
    text = stringify(event);
  } catch (cause) {
    throw new MisuseError('This event cannot be written as JSON (a cycle, a BigInt, a getter that throws?).', {
      cause,
    });
  }
  if (text === undefined)
    throw new MisuseError('An event is an object with a type; this is nothing that JSON can say.');
  return text;
}

/** With its true type: `JSON.stringify` returns undefined for a value that JSON cannot represent. */
const stringify: (value: unknown) => string | undefined = JSON.stringify;

function parsed(text: string): ClientEvent {
  const copy: unknown = JSON.parse(text);
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy)) {
    throw new MisuseError('An event is an object with a type.');
  }
  if (!hasType(copy)) throw new MisuseError('An event has a type, and it is a string.');
  return copy;
}

const hasType = (copy: object): copy is ClientEvent => typeof (copy as { type?: unknown }).type === 'string';
