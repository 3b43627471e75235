import type { ConfigureFailure, ConnectFailure, Difference } from '../types/index.js';
import { withoutKeys } from './secrets.js';

/**
 * Thrown for a mistake of the caller's: a gated event through a cast, a second `configure()`, a call from inside a
 * guard. Nothing was sent.
 */
export class MisuseError extends Error {
  override readonly name = 'MisuseError';
}

/** Reports a mistake of the server's: an impossible message, or the lack of one that it owes. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
}

/** Reports a mistake of the network's: the connection ended, and something was lost with it. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** Thrown when a connection could not be opened. */
export class ConnectError extends Error {
  /** The name of the class. */
  override readonly name = 'ConnectError';
  /** Why, as data: read its `kind`, never the message. */
  readonly failure: ConnectFailure;
  constructor(failure: ConnectFailure, options?: ErrorOptions) {
    super(sayConnectFailure(failure), options);
    this.failure = failure;
  }
}

/**
 * Thrown when the server did not confirm a configuration: from `configure()`, the gate stays shut; from `update()`, the
 * last configuration stays in force.
 */
export class ConfigureError extends Error {
  /** The name of the class. */
  override readonly name = 'ConfigureError';
  /** Why, as data: read its `kind`, never the message. */
  readonly failure: ConfigureFailure;
  constructor(failure: ConfigureFailure, options?: ErrorOptions, by: 'configure' | 'update' = 'configure') {
    super(sayConfigureFailure(failure, by), options);
    this.failure = failure;
  }
}

function sayConnectFailure(failure: ConnectFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `The server refused the connection${inBrackets(failure.status && `HTTP ${failure.status}`, failure.code)}: ${failure.message}`;
    case 'unreachable':
      return `The server could not be reached: ${failure.message}`;
    case 'timeout':
      return `The server did not answer within ${failure.afterMs} ms. Check the network, or raise timeoutMs.`;
    case 'aborted':
      return 'The connection was aborted before it was ready.';
  }
}

function sayConfigureFailure(failure: ConfigureFailure, by: 'configure' | 'update'): string {
  const { what, again, meanwhile } = configuring[by];
  switch (failure.kind) {
    case 'rejected':
      return `The server rejected the ${what}${inBrackets(failure.code, failure.param)}: ${failure.message} ${again}; ${meanwhile}.`;
    case 'mismatch':
      return `The server confirmed a different session: ${failure.differences.map(sayDifference).join('; ')}. Ask for what it confirms, or accept the difference in the plan.`;
    case 'timeout':
      return `The server did not confirm the ${what} within ${failure.afterMs} ms.`;
    case 'lost':
      return `The connection ended before the ${what} was confirmed${inBrackets(failure.code && `close code ${failure.code}`)}: ${failure.reason || 'no reason given'}.`;
    case 'aborted':
      return `The ${what} was aborted before it was confirmed.`;
  }
}

const configuring = {
  configure: {
    what: 'configuration',
    again: 'Correct the plan and configure again',
    meanwhile: 'until then nothing can be said',
  },
  update: {
    what: 'update',
    again: 'Correct it and update again',
    meanwhile: 'the last confirmed configuration stands',
  },
} as const;

const sayDifference = ({ path, asked, got }: Difference): string => `${path}: asked ${brief(asked)}, got ${brief(got)}`;

/** Shortens a value of the server's, which may be nested too deeply for JSON. */
function brief(value: unknown): string {
  let text;
  try {
    text = withoutKeys(JSON.stringify(value) ?? 'nothing');
  } catch {
    text = 'something nested very deeply';
  }
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const inBrackets = (...parts: readonly (string | number | null | undefined)[]): string => {
  const said = parts.filter(Boolean).join(', ');
  return said && ` (${said})`;
};
