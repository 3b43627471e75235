import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit, findParsers } from '../../src/audit/index.js';
import { create, folderWith } from './auditing.js';

/** Pretends that this package is installed in that folder, without any parser beside it. */
const alone = (cwd: string) => findParsers(cwd, pathToFileURL(join(cwd, 'x.js')).href);

describe('a parser', () => {
  it.each([
    ['a.ts', 'oxc-parser'],
    ['a.vue', '@vue/compiler-sfc'],
    ['a.svelte', 'svelte'],
    ['a.py', '@lezer/python'],
  ])('that is missing is told with the command that installs it: %s', async (path, name) => {
    const cwd = folderWith({ [path]: create, 'clean.py': '' });
    const { findings, unread } = await audit({ cwd, files: [path, 'clean.py'], parsers: alone(cwd) });
    expect(findings).toEqual([]);
    expect(unread).toMatchObject([{ path, why: expect.stringContaining(`npm install --save-dev ${name}"`) }]);
  });

  const fake = (name: string) => ({
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.cjs' }),
    [`node_modules/${name}/index.cjs`]: `exports.name = '${name}';`,
  });

  it('of the project is taken before one beside this package', async () => {
    const cwd = folderWith({ 'in/a.ts': create, ...fake('@babel/parser') });
    const [first, second] = await findParsers(cwd).forFile('script', join(cwd, 'in/a.ts'));
    expect(first).toMatchObject({ name: '@babel/parser', exports: { name: '@babel/parser' } });
    expect(second?.name).toBe('oxc-parser');
  });

  it('that does not load, or is of Vue 2, is passed over', async () => {
    const broken = { 'node_modules/oxc-parser/index.js': 'throw new Error("no binding");' };
    const cwd = folderWith({ 'a.ts': create, ...broken, ...fake('@vue/compiler-sfc') });
    expect((await findParsers(cwd).forFile('script', join(cwd, 'a.ts')))[0]?.exports).toHaveProperty('parseSync');
    expect((await findParsers(cwd).forFile('vue', join(cwd, 'a.vue')))[0]?.exports).toHaveProperty('version');
    await expect(alone(cwd).forFile('vue', join(cwd, 'a.vue'))).rejects.toThrow('@vue/compiler-sfc');
  });
});
