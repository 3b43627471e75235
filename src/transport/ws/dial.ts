import type { WebSocket } from 'ws';
import { MisuseError } from '../../errors.js';
import type { DirectAddress } from './address.js';
import { brief } from '../credential-places.js';
import { watched } from './credentials.js';
import type { Packages } from './packages.js';
import { codeOf, unreachable } from './unreachable.js';

/** A socket that is connecting, and has no listeners yet. */
export interface Dialled {
  readonly socket: WebSocket;
  /** The credentials in its request. A function in the options may add some until the request is sent. */
  secrets(): readonly string[];
}

export type Dial = () => Promise<Dialled>;

export function dialDirectly({ url: { href, host }, ws }: DirectAddress, packages: Packages): Dial {
  return async () => {
    const { WebSocket } = await packages.ws();
    const { options, secrets } = watched(ws);
    try {
      return { socket: new WebSocket(href, options), secrets };
    } catch (error) {
      throw isRefusal(error) ? refused(error, secrets()) : unreachable(error, host, secrets(), 'the agent failed');
    }
  };
}

/**
 * Whether Node or `ws` rejected the options: they use these error classes. Other errors, such as an agent's, count as
 * network errors.
 */
const isRefusal = (error: unknown): boolean =>
  codeOf(error)?.startsWith('ERR_') === true || error instanceof SyntaxError || error instanceof RangeError;

/** Does not keep the error as the cause: an invalid header may be quoted in full. */
const refused = (error: unknown, secrets: readonly string[]): MisuseError =>
  new MisuseError(`The ws options are refused: ${brief(String(error), secrets)}`);
