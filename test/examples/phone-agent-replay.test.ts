import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain, readRecord, replay, type CallRecord } from 'gated-realtime/record';
import { scripts } from '../../examples/phone-agent/simulated/scripts.js';
import { startWorld } from '../../examples/phone-agent/simulated/world.js';
import { replayThrough } from '../../src/record/replay.js';
import { without } from '../support/changed-rule.js';

// The same twelve calls over real sockets, on a real clock, with real tools, recorded as a deployment records them: what
// each session's machine was given decides all that it did.

let folder: string;
let records: readonly CallRecord[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phone-agent-'));
  const world = await startWorld({ recordings: folder });
  try {
    await Promise.all(scripts.map((script) => script.play(world)));
  } finally {
    await world.close();
  }
  const names = await readdir(folder);
  records = await Promise.all(names.map((name) => readRecord(join(folder, name))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every call of the phone agent is recorded to its end', () => {
  expect(records.length).toBeGreaterThanOrEqual(scripts.length);
  expect(records.map(({ remarks }) => remarks)).toEqual(records.map(() => []));
});

test('what was recorded of it can be replayed, step by step and to the letter, though nothing that was said is in it', () => {
  const replays = records.map(replay);
  const steps = replays.reduce((sum, { steps: each }) => sum + each, 0);
  process.stdout.write(`The phone agent: ${steps} steps of ${records.length} sessions, replayed\n`);
  expect(replays.flatMap(({ differences }) => differences.map(explain))).toEqual([]);
});

test('a rule that is changed in a copy is named where it first decides otherwise', () => {
  const held = records.find((record) =>
    replay(record).verdicts.some(({ heldBy }) => heldBy.includes('response-active')),
  );
  const [first] = replayThrough(without('response-active'), held!).differences;
  const lines = explain(first!).split('\n');
  expect(lines[0]).toMatch(/^step \d+, at \d+\.\d{3} s: /);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}then {3}holds request -?\d+: response-active$/));
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}today {2}admits request -?\d+$/));
});
