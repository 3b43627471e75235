import type { WebSocket } from 'ws';
import { MisuseError } from '../../errors.js';
import type { DirectAddress } from './address.js';
import { brief } from '../credential-places.js';
import { watched } from './credentials.js';
import type { Packages } from './packages.js';
import { codeOf, unreachable } from './unreachable.js';

/** A socket that is connecting and that nobody listens to yet. */
export interface Dialled {
  readonly socket: WebSocket;
  /** The credentials in its request. A function of the options may add some until the request is sent. */
  secrets(): readonly string[];
}

export type Dial = () => Promise<Dialled>;

export const dialDirectly =
  ({ url, ws }: DirectAddress, packages: Packages): Dial =>
  async () => {
    const { WebSocket } = await packages.ws();
    const { options, secrets } = watched(ws);
    try {
      return { socket: new WebSocket(url, options), secrets };
    } catch (error) {
      throw isRefusal(error) ? refused(error, secrets()) : unreachable(error, url.host, secrets(), 'the agent failed');
    }
  };

/** Node and `ws` refuse options with these; what an agent throws is the network's affair. */
const isRefusal = (error: unknown): boolean =>
  codeOf(error)?.startsWith('ERR_') === true || error instanceof SyntaxError || error instanceof RangeError;

/** The error is not kept as the cause: what a header cannot carry may be quoted in full. */
const refused = (error: unknown, secrets: readonly string[]): MisuseError =>
  new MisuseError(`The ws options are refused: ${brief(String(error), secrets)}`);
