import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { play } from '../laws/play.js';
import { plays } from '../laws/scripts.js';
import { readRedacted } from '../support/replay.js';
import { root } from '../tools/packed.js';
import { recorded } from './ground.js';

const schema = JSON.parse(readFileSync(join(root, 'docs/record.schema.json'), 'utf8')) as object;
const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile(schema);
const wrongIn = (line: unknown): string => (validate(line) === true ? '' : ajv.errorsText(validate.errors));

it.each(['left-out', 'hashed', 'kept'] as const)('is kept by every line that is written, audio %s', async (audio) => {
  const { session, server, disk, flush } = await recorded({ audio });
  server.says({ type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1', delta: 'AQID' });
  session.appendAudio('AQID');
  await flush();
  await session.close();
  await flush();
  const lines = disk.lines('/calls/call.jsonl');
  expect(lines.length).toBeGreaterThan(6);
  expect(lines.map(wrongIn).filter((wrong) => wrong !== '')).toEqual([]);
});

it('is kept by whatever happens to a session', () => {
  const scripts = fc.sample(plays(60), { seed: 15, numRuns: 10 });
  const lines = scripts
    .flatMap((script) => play(script).recordings)
    .flatMap((recording) => readRedacted(recording).steps);
  expect(lines.length).toBeGreaterThan(200);
  expect(lines.map(wrongIn).filter((wrong) => wrong !== '')).toEqual([]);
});

it.each([
  [{ gatedRealtime: 2 }],
  [{ in: { type: 'alive' } }],
  [{ in: { type: 'no such input', now: 1 } }],
  [{ in: { type: 'alive', now: 1 }, out: {} }],
  [{ appended: { count: 0, bytes: 0, from: 0, to: 0 } }],
  [{ ended: { kind: 'somehow' } }],
])('refuses what is no line: %o', (line) => {
  expect(wrongIn(line)).not.toBe('');
});
