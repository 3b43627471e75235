import type { Ears, Line, Transport } from '../../types/index.js';
import { addressOf } from './ws/address.js';
import type { WsOptions } from './ws/address.js';
import { opened } from './ws/handshake.js';
import { dialDirectly } from './ws/dial.js';
import { dialThroughSdk } from './ws/dial-sdk.js';
import { keyOf } from './ws/credentials.js';
import type { Dial } from './ws/dial.js';
import { installed } from './ws/packages.js';
import type { Packages } from './ws/packages.js';

export type { OfficialClient, WsOptions } from './ws/address.js';

/**
 * WebSocket on Node, by the `ws` package. With `client`, the official SDK's own address, credentials and headers.
 * Throws `MisuseError` for options that do not fit together, and for an address that would carry them in clear text.
 */
export function wsTransport(options: WsOptions, packages: Packages = installed): Transport {
  const dial = dialFor(options, packages);
  return {
    credentials: keyOf(options.client) === 'a function' ? 'renewed' : 'fixed',
    open: (ears: Ears, signal: AbortSignal): Promise<Line> => opened(dial, ears, signal),
  };
}

function dialFor(options: WsOptions, packages: Packages): Dial {
  const address = addressOf(options);
  return address.kind === 'client' ? dialThroughSdk(address, packages) : dialDirectly(address, packages);
}
