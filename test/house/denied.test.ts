import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';

const reaches = [
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'console',
  'process',
  'fetch',
  'WebSocket',
  'performance',
];

describe.each(['machine', 'wire'])("src/%s's own compiler settings", (floor) => {
  let project: string;
  let complaints: Complaint[];

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'gated-realtime-denied-'));
    const config = {
      extends: `${root}/src/${floor}/tsconfig.json`,
      include: [`${root}/src/${floor}`, '.'],
      exclude: [],
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    const program = reaches.map((name) => `void ${name};`).join('\n');
    await writeFile(join(project, 'reaches.ts'), program);
    complaints = await compile('TypeScript 6.0', project);
  }, 60_000);
  afterAll(() => rm(project, { recursive: true, force: true }));

  it.each(reaches)('do not know %s', (name) => {
    const there = complaints.filter(({ file, line }) => file === 'reaches.ts' && line === reaches.indexOf(name) + 1);
    expect(there.map(({ text }) => text).join('\n')).toContain(`Cannot find name '${name}'`);
  });
});
