/** Replays recordings with another machine, and compares. */
import { createHmac } from 'node:crypto';
import type { Rules } from '../../src/machine/index.js';
import { explain } from '../../src/record/explain.js';
import type { CallRecord, StepLine } from '../../src/record/format.js';
import { redacted } from '../../src/record/lines.js';
import { Redactor } from '../../src/record/redact.js';
import { replayThrough } from '../../src/record/replay.js';
import { Words } from '../../src/record/words.js';
import type { Machine, Recording } from './recorder.js';

/** Reads a recording. */
export function read({ rules, steps }: Recording): CallRecord {
  const began = { startedAt: '', clock: 0, model: null, callId: null, audio: 'left-out', content: 'kept' } as const;
  const header = {
    gatedRealtime: 1,
    package: '',
    id: '',
    part: 1,
    ...began,
    rules: JSON.parse(rules) as Rules,
  } as const;
  const lines = steps.map((step) => JSON.parse(step) as StepLine);
  return { header, rules: header.rules, steps: lines, ending: null, remarks: [] };
}

/** Reads a recording in redacted form. */
export function readRedacted(recording: Recording): CallRecord {
  const words = new Words((text) => createHmac('sha256', 'a key').update(text).digest());
  const redactor = new Redactor({ content: 'redacted', audio: 'left-out', words, hash: () => '' });
  const { rules, steps, header, ...record } = read(recording);
  return {
    ...record,
    header: header && { ...header, content: 'redacted' },
    rules: redactor.machine(rules),
    steps: steps.map((step) => redacted(step, redactor)),
  };
}

/** Replays a record with a new machine; returns the first difference, or null. */
export function replayed(machine: Machine, record: CallRecord): string | null {
  const [first] = replayThrough(machine, record).differences;
  return first ? `L13: ${explain(first)}` : null;
}

/** Replays all recordings. */
export const replayAll = (machine: Machine, recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => replayed(machine, read(recording)) ?? []);

/** Replays all recordings in redacted form. */
export const replayAllRedacted = (machine: Machine, recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => replayed(machine, readRedacted(recording)) ?? []);
