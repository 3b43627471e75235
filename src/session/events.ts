import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { MisuseError } from '../errors.js';
import { Queue } from '../queue.js';
import type { Runtime } from './runtime.js';

const DEFAULT_BUFFER = 1_000;

/** Iterates over every server event from now on, until the session ends. Leaving the loop removes the listener. */
export function eventsOf(runtime: Runtime, buffer = DEFAULT_BUFFER): AsyncIterableIterator<RealtimeServerEvent> {
  if (!(Number.isInteger(buffer) && buffer > 0)) throw new MisuseError('The buffer of events() is a number of events.');
  const waiting = new Queue<RealtimeServerEvent>();
  let askers: (() => void)[] = [];
  let state: 'running' | 'ended' | 'overrun' = 'running';
  const wake = (): void => {
    const woken = askers;
    askers = [];
    for (const each of woken) each();
  };
  const stopListening = runtime.emitter.on('event', (event) => {
    if (waiting.length >= buffer) finish('overrun');
    else waiting.push(event);
    wake();
  });
  const finish = (how: 'ended' | 'overrun'): void => {
    stopListening();
    stopWaiting();
    if (state === 'running') state = how;
    wake();
  };
  const stopWaiting = runtime.onClosed(() => finish('ended'));
  if (runtime.hasClosed) finish('ended');

  async function next(): Promise<IteratorResult<RealtimeServerEvent, undefined>> {
    while (waiting.length === 0 && state === 'running') {
      await new Promise<void>((resolve) => askers.push(resolve));
    }
    const event = waiting.shift();
    if (event) return { done: false, value: event };
    if (state !== 'overrun') return { done: true, value: undefined };
    state = 'ended';
    throw new MisuseError(
      `The loop over events() fell ${buffer} events behind. Take them faster, or raise its buffer.`,
    );
  }
  return {
    next,
    return: () => {
      finish('ended');
      waiting.clear();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
