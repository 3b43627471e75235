import type { VerdictRecord } from '../../types/index.js';
import { MisuseError, PeerError, TransportError } from '../errors.js';
import type { Notice, Settlement } from '../machine/index.js';
import type { Errors } from './answers.js';
import { requestName } from './handle.js';

/** The record of a settlement, as its user sees it. */
export function recordOf({ request, response, ...rest }: Settlement, sessionId: string): VerdictRecord {
  return {
    ...rest,
    sessionId,
    requestId: requestName(request),
    responseId: response,
    wallTime: Date.now(),
    outcome: rest.verdict === 'refuse' ? 'unsent' : null,
  };
}

/** A fault as an Error of whoever erred: what a function of the user's threw, or one in words. */
export function faultOf({ whose, message, thrown }: Extract<Notice, { kind: 'fault' }>, errors: Errors): Error {
  const error = thrown && errors.take(thrown.ref);
  if (error) return error;
  if (whose === 'user') return new MisuseError(message);
  return whose === 'server' ? new PeerError(message) : new TransportError(message);
}
