import type { OnceOptions, SessionEvents } from '../../types/index.js';
import { TransportError } from '../errors.js';
import { check, checkKeys, checkObject, checkSignal } from './check.js';
import { asError } from './emitter.js';
import type { Runtime } from './runtime.js';
import { handled } from './updates.js';

/** Implements `session.once()`: waits for the next matching event, and removes its listeners however that ends. */
export function onceOf<Type extends keyof SessionEvents>(
  runtime: Runtime,
  type: Type,
  options: OnceOptions<SessionEvents[Type]>,
): Promise<SessionEvents[Type]> {
  checkObject(options, 'once()');
  checkKeys(options, 'once()', ['signal', 'where']);
  const { signal, where = () => true } = options;
  checkSignal(signal);
  check(typeof type === 'string', 'once() takes the name of an event.');
  check(typeof where === 'function', 'where is a function.');
  return handled(
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(asError(signal.reason));
      const ended = new TransportError(`The session ended before '${type}' was told.`);
      if (runtime.hasClosed) return reject(ended);
      const stops: (() => unknown)[] = [];
      const stop = (): void => {
        for (const each of stops) each();
      };
      const abort = (): void => {
        stop();
        reject(asError(signal?.reason));
      };
      stops.push(
        runtime.emitter.on(type, (event) => {
          try {
            if (!where(event)) return;
          } catch (error) {
            stop();
            reject(asError(error));
            return;
          }
          stop();
          resolve(event);
        }),
        runtime.onClosed(() => {
          stop();
          reject(ended);
        }),
        () => signal?.removeEventListener('abort', abort),
      );
      signal?.addEventListener('abort', abort);
    }),
  );
}
