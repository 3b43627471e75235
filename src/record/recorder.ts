import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Clock, Observer, SessionAbout } from '../../types/index.js';
import { systemClock } from '../clock.js';
import { MisuseError } from '../errors.js';
import type { Rules } from '../machine/index.js';
import { checkKeys, checkObject } from '../session/check.js';
import { version } from '../version.js';
import { type Disk, nodeDisk } from './disk.js';
import { flushAtExit, forgetAtExit } from './exit.js';
import { type AudioPolicy, type ContentPolicy, FORMAT, type RecordHeader } from './format.js';
import { Parts } from './parts.js';
import { Recording, redactorOf } from './recording.js';

/** Options of a recorder. */
export interface RecordOptions {
  /**
   * What becomes of audio, in both directions. Its length is always written; `hashed` adds the SHA-256 of its bytes,
   * `kept` the audio itself, as base64.
   *
   * @default 'left-out'
   */
  readonly audio?: AudioPolicy | undefined;
  /**
   * What becomes of what was said and sent. `redacted` replaces it by text of the same shape, letter by letter and digit
   * by digit; ids, names and the server's own messages are kept. `kept` writes it as it is.
   *
   * @default 'redacted'
   */
  readonly content?: ContentPolicy | undefined;
  /**
   * A file that would grow beyond this many bytes ends, and the next part begins.
   *
   * @default 64 MiB
   */
  readonly rotateBytes?: number | undefined;
  /**
   * After how many milliseconds what has happened is on its way to the disk.
   *
   * @default 100
   */
  readonly flushMs?: number | undefined;
}

/**
 * Records sessions as JSON lines. `where` is a file, for one session, or a folder, for a file of each: what ends with a
 * separator, or is a folder already. A file that exists is never written over. Give what it returns to `observe` of
 * `connect()` or `openSession()`. Whatever goes wrong with the disk is a `fault` of the session, told once, and the call
 * goes on.
 *
 * @throws `MisuseError` for options that it does not know.
 * @example
 * ```ts
 * const recorder = recordTo('calls/', { audio: 'hashed' });
 * const session = await openSession({ model: 'gpt-realtime-2.1', observe: [recorder] });
 * ```
 */
export const recordTo = (where: string, options: RecordOptions = {}): Observer =>
  recordOn({ disk: nodeDisk, clock: systemClock, bound: BOUND }, where, options);

/** How many characters of one session may wait to be written. */
const BOUND = 16 * 1024 * 1024;

/** What a recorder depends on. */
export interface Ground {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly bound: number;
}

/** Records with any disk and clock. */
export function recordOn(ground: Ground, where: string, options: RecordOptions): Observer {
  const checked = check(where, options);
  return {
    watch(about, fault) {
      try {
        return begin(ground, where, checked, about, fault);
      } catch (cause) {
        const words = `The record cannot be begun: ${(cause as Error).message}. The call goes on without.`;
        fault(new Error(words, { cause }));
        return {};
      }
    },
  };
}

type Checked = { readonly [Each in keyof RecordOptions]-?: NonNullable<RecordOptions[Each]> };

function begin(ground: Ground, where: string, options: Checked, about: SessionAbout, fault: (error: Error) => void) {
  const id = randomUUID();
  const { audio, content, rotateBytes } = options;
  const redactor = redactorOf(options);
  const rules = redactor.machine(JSON.parse(JSON.stringify(about.rules)) as Rules);
  const header = (part: number): string => {
    const startedAt = new Date(about.wallTime).toISOString();
    const { model, callId, startedAt: clock } = about;
    const named = { gatedRealtime: FORMAT, package: version, id, part } as const;
    return JSON.stringify({
      ...named,
      ...{ startedAt, clock, model, callId, audio, content, rules },
    } satisfies RecordHeader);
  };
  const path = pathOf(ground.disk, where, about, id);
  const recording = new Recording(
    {
      ...options,
      ...ground,
      open: () => new Parts({ disk: ground.disk, path, rotateBytes, header }),
      failed: fault,
      over: forgetAtExit,
    },
    redactor,
  );
  flushAtExit(recording);
  return recording;
}

/** The file of a session; in a folder, it is named after the session's start time. */
function pathOf(disk: Disk, where: string, { wallTime }: SessionAbout, id: string): string {
  if (!/[/\\]$/.test(where) && !disk.isFolder(where)) {
    disk.makeFolder(dirname(where));
    return where;
  }
  disk.makeFolder(where);
  const time = new Date(wallTime).toISOString().replaceAll(/[:.]/g, '-');
  return join(where, `${time}-${id.slice(0, 8)}.jsonl`);
}

function check(where: string, options: RecordOptions): Checked {
  must(typeof where === 'string' && where !== '', 'recordTo() takes the path of a file or of a folder.');
  checkObject(options, 'recordTo()');
  checkKeys(options, 'recordTo()', ['audio', 'content', 'rotateBytes', 'flushMs']);
  const { audio = 'left-out', content = 'redacted', rotateBytes = 64 * 1024 * 1024, flushMs = 100 } = options;
  must(['left-out', 'hashed', 'kept'].includes(audio), "audio is 'left-out', 'hashed' or 'kept'.");
  must(content === 'redacted' || content === 'kept', "content is 'redacted' or 'kept'.");
  must(Number.isFinite(rotateBytes) && rotateBytes >= 1024, 'rotateBytes is a number of bytes, 1024 or more.');
  must(Number.isFinite(flushMs) && flushMs >= 1, 'flushMs is a number of milliseconds, 1 or more.');
  return { audio, content, rotateBytes, flushMs };
}

function must(holds: boolean, message: string): asserts holds {
  if (!holds) throw new MisuseError(message);
}
