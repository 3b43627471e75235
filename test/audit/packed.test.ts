import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, openWorkshop, root, run, type Workshop } from '../tools/packed.js';
import { create } from './auditing.js';

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const source = { 'package.json': '{ "type": "module" }', 'src/a.ts': create };

let workshop: Workshop;
beforeAll(async () => void (workshop = await openWorkshop()));
afterAll(() => workshop.dispose());

async function audit(project: string): Promise<{ code: number; stdout: string }> {
  const command = join(project, 'node_modules/gated-realtime', bin['gated-realtime']);
  const done = run(process.execPath, [command, 'audit', 'src'], { cwd: project });
  return done.then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
}

describe('the audit of the packed package', () => {
  it('reads with a parser of the project', async () => {
    const installed = { ...everything, '@babel/parser': '@babel/parser' };
    expect(await audit(await workshop.project('audited', installed, source))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('src/a.ts:1:1'),
    });
  });

  it('says what to install where there is none', async () => {
    expect(await audit(await workshop.project('without-parser', everything, source))).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('npm install --save-dev oxc-parser'),
    });
  });
});
