import type { VerdictRecord } from '../../types/index.js';
import { MisuseError, PeerError, TransportError } from '../errors.js';
import type { Notice, Settlement } from '../machine/index.js';
import type { Errors } from './answers.js';
import { requestName } from './handle.js';

/**
 * The verdict record of a settlement for the user. Its lists are copies, because a request that is put back keeps its
 * own. It is frozen, because all listeners get the same object.
 */
export function recordOf({ request, response, ...rest }: Settlement, sessionId: string): VerdictRecord {
  const lists = { heldBy: [...rest.heldBy], overrides: [...rest.overrides] };
  const ids = { sessionId, requestId: requestName(request), responseId: response };
  return Object.freeze({ ...rest, ...lists, ...ids, wallTime: Date.now() });
}

/** A fault as an Error of the party at fault. If a user's function threw, its error is the `cause`. */
export function faultOf({ whose, message, thrown }: Extract<Notice, { kind: 'fault' }>, errors: Errors): Error {
  const cause = thrown && errors.take(thrown.ref);
  if (cause) return new MisuseError(message, { cause });
  if (whose === 'user') return new MisuseError(message);
  return whose === 'server' ? new PeerError(message) : new TransportError(message);
}
