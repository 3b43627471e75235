import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, everyCompiler } from '../tools/compilers.js';
import { everything, openWorkshop, type Workshop } from '../tools/packed.js';

const config = `
import type { Linter } from 'eslint';
import gated, { rules } from 'gated-realtime/lint';
const own: Linter.Config = { rules: { 'gated-realtime/handle-verdict': ['error', { ignore: ['nudge'] }] } };
export default [gated.configs.recommended, own] satisfies Linter.Config[];
export const type: string | undefined = rules['no-patched-transport'].meta?.type;
`;
const majors = [
  ['ESLint 9', 'eslint-9'],
  ['ESLint 10', 'eslint'],
] as const;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.dispose());

describe.each(majors)('a configuration of %s', (name, eslint) => {
  it.each([everyCompiler[0]!, everyCompiler.at(-1)!])('compiles under %s', async (compiler) => {
    const compilerOptions = { target: 'es2022', module: 'nodenext', types: ['node'], strict: true, skipLibCheck: true };
    const project = await workshop.project(
      `${name} ${compiler}`.replaceAll(' ', '-'),
      { ...everything, eslint },
      {
        'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
        'tsconfig.json': JSON.stringify({ compilerOptions, files: ['eslint.config.ts'] }),
        'eslint.config.ts': config,
      },
    );
    expect(await compile(compiler, project)).toEqual([]);
  });
});
