import type { VerdictRecord } from '../../types/index.js';
import { MisuseError, PeerError, TransportError } from '../errors.js';
import type { Notice, Settlement } from '../machine/index.js';
import type { Errors } from './answers.js';
import { requestName } from './handle.js';

/**
 * The record of a settlement, as its user sees it. Its lists are copies: a request that is put back still has its own. It is
 * frozen: all listeners are given the same one.
 */
export function recordOf({ request, response, ...rest }: Settlement, sessionId: string): VerdictRecord {
  const lists = { heldBy: [...rest.heldBy], overrides: [...rest.overrides] };
  const ids = { sessionId, requestId: requestName(request), responseId: response };
  return Object.freeze({ ...rest, ...lists, ...ids, wallTime: Date.now() });
}

/**
 * A fault as an Error of whoever erred. Where a function of the user's threw, what was thrown is its `cause`.
 */
export function faultOf({ whose, message, thrown }: Extract<Notice, { kind: 'fault' }>, errors: Errors): Error {
  const cause = thrown && errors.take(thrown.ref);
  if (cause) return new MisuseError(message, { cause });
  if (whose === 'user') return new MisuseError(message);
  return whose === 'server' ? new PeerError(message) : new TransportError(message);
}
