import type { Clock } from '../clock.js';

/** The longest that a deadline waits for the network to fall quiet. Milliseconds. */
const LONGEST_MS = 250;

/**
 * Runs `then` once a whole turn of the event loop has brought nothing: a program that was busy has not read yet what
 * lies in its socket, and a deadline must not pass over what has already arrived.
 */
export function whenQuiet(clock: Clock, arrivals: () => number, then: () => void): () => void {
  const until = clock.now() + LONGEST_MS;
  let callOff = (): void => undefined;
  const listen = (): void => {
    const before = arrivals();
    callOff = clock.after(0, () => (arrivals() === before || clock.now() >= until ? then() : listen()));
  };
  listen();
  return () => callOff();
}
