import type { HangUpOptions } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import type { HangUpAsk } from '../machine/index.js';
import { checkKeys, checkObject } from './check.js';
import { paramsOf } from './respond.js';

const DEFAULT_DEADLINE_MS = 30_000;

/** Checks and copies the options of `hangup()`. Throws `MisuseError`. */
export function hangUpOf(options: HangUpOptions): HangUpAsk {
  checkObject(options, 'hangup()');
  checkKeys(options, 'hangup()', ['farewell', 'onBargeIn', 'deadlineMs']);
  const { farewell, onBargeIn = 'resume', deadlineMs = DEFAULT_DEADLINE_MS } = options;
  if (onBargeIn !== 'resume' && onBargeIn !== 'hang-up') {
    throw new MisuseError("onBargeIn is 'resume' or 'hang-up'. The call goes on.");
  }
  if (!(Number.isFinite(deadlineMs) && deadlineMs > 0)) {
    throw new MisuseError('deadlineMs is a positive number of milliseconds. The call goes on.');
  }
  const said = farewell === undefined ? null : (paramsOf(farewell) ?? {});
  return { purpose: 'farewell', farewell: said, onBargeIn, deadlineMs, why: 'asked', root: null };
}
