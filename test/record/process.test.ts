import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type CallRecord, readRecord, replay } from '../../src/record/index.js';
import { root } from '../tools/packed.js';

const folder = mkdtempSync(join(tmpdir(), 'record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Records in a process of its own. One that `waits` is killed when everything must have been written. */
async function recordOf(how: 'waits' | 'throws' | 'exits'): Promise<CallRecord> {
  const file = join(folder, `${how}.jsonl`);
  const program = join(root, 'test/record/programs/call.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, file, how], { cwd: root });
  child.stdout.on('data', () => child.kill('SIGKILL'));
  await once(child, 'exit');
  return readRecord(file);
}

const purposesOf = (record: CallRecord): readonly string[] => replay(record).verdicts.map(({ purpose }) => purpose);

it.each(['throws', 'exits'] as const)('a program that %s loses nothing', async (how) => {
  const record = await recordOf(how);
  expect(purposesOf(record)).toEqual(['greeting', 'last']);
  expect(record.remarks).toEqual(['It ends before the session did.']);
  expect(replay(record).differences).toEqual([]);
});

it('a program that is killed has written what happened a tenth of a second before', async () => {
  const record = await recordOf('waits');
  expect(purposesOf(record)).toEqual(['greeting']);
  expect(replay(record).differences).toEqual([]);
});
