import { firstComplaint, standingAtFirst } from './checks.js';
import { session as sessionRule } from './client-events.js';
import { dialects } from './dialects.js';
import { complain } from './errors.js';
import { newId } from './ids.js';
import { hourMs } from './options.js';
import type { Complaint } from './schema.js';
import { check, missing } from './schema.js';
import { echoOf, firstConfig, firstTranscriptionConfig, merge } from './session-config.js';
import type { Server } from './state.js';
import type { Json, JsonObject } from './wire.js';
import { isObject, textOr } from './wire.js';

/** A session that is requested before anyone is connected to it. */
export interface Requested {
  readonly settings: JsonObject;
  /** The session as its answer shows it: complete, without secrets. */
  readonly echo: JsonObject;
}

/** Checks the settings of a session that does not exist yet, as `session.update` would. */
export function requestSession(server: Server, given: Json | undefined): Requested | Complaint {
  if (!isObject(given)) return missing('session');
  const malformed = check(sessionRule, given, 'session');
  if (malformed) return malformed;
  const model = textOr(given['model'], server.options.model);
  if (!dialects[server.options.dialect].takesModel(model)) {
    return complain('invalid_model', `Model "${model}" is not supported in realtime mode.`, 'session.model');
  }
  const id = newId(server, 'sess');
  const expiresAt = server.options.unixSecondsAtZero + Math.floor((server.now + hourMs) / 1000);
  const first =
    given['type'] === 'transcription' ? firstTranscriptionConfig(id, expiresAt) : firstConfig(id, model, expiresAt);
  const { faults } = server;
  const complaint = firstComplaint({ at: 'session', given, standing: standingAtFirst(first), faults });
  return complaint ?? { settings: given, echo: echoOf(merge(first, given), faults) };
}
