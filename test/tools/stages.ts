/** The stages of `npm test`. A stage is one command; most count as one test, some count their own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilers, sourceCompilers } from './compilers.js';
import { root } from './packed.js';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type Ended = 'succeeded' | 'failed';

export interface Stage {
  readonly name: string;
  /** A script for node, and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
  /** Reads how many tests ran. Left out: the stage counts as one, and its output is shown only if it failed. */
  count?(ended: Ended, output: string): Counts;
}

const bin = (path: string): string => join(root, 'node_modules', path);
const tsc = (alias: string, ...args: string[]): Stage['command'] => [bin(`${alias}/bin/tsc`), ...args];
const report = join(root, 'coverage/vitest.json');

/** All other stages read its output. */
export const build: Stage = {
  name: 'build',
  command: [bin('tsx/dist/cli.mjs'), join(root, 'test/tools/build.ts')],
};

const vitest: Stage = {
  name: 'vitest: behaviour, laws, refusals, floors, coverage',
  command: [
    bin('vitest/vitest.mjs'),
    'run',
    '--coverage',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  count: countVitest,
};

/** Reads what the tests have recorded. */
const transitions: Stage = {
  name: 'transitions: every one of every table is taken by a test',
  command: [bin('tsx/dist/cli.mjs'), join(root, 'test/tools/transitions.ts')],
};

interface VitestReport extends Record<
  'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests',
  number
> {
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Counts failures outside of tests as well: a file that does not load, a threshold, an unhandled rejection. */
function countVitest(ended: Ended, output: string): Counts {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { testResults, ...total } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const thresholds = output.match(/ERROR: Coverage for/g)?.length ?? 0;
  const failed = total.numFailedTests + unloaded + thresholds;
  return {
    passed: total.numPassedTests,
    failed: ended === 'failed' ? Math.max(failed, 1) : failed,
    skipped: total.numPendingTests + total.numTodoTests,
  };
}

const types: readonly Stage[] = [
  ...sourceCompilers.map((compiler) => ({ name: `types: ${compiler}`, command: tsc(compilers[compiler]) })),
  ...['machine', 'wire'].map((floor) => ({
    name: `types: src/${floor} without timers, sockets, process or console`,
    command: tsc('typescript', '-p', `src/${floor}`),
  })),
  { name: 'tsd: the laws of the types', command: [bin('tsd/dist/cli.js')] },
];

const manners: readonly Stage[] = [
  { name: 'eslint', command: [bin('eslint/bin/eslint.js'), '.'] },
  { name: 'prettier', command: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
];

const parcel: readonly Stage[] = [
  { name: 'publint', command: [bin('publint/src/cli.js'), '--strict', '--pack', 'false'] },
  { name: 'attw', command: [bin('@arethetypeswrong/cli/dist/index.js'), '--pack', '.', '--profile', 'esm-only'] },
  { name: 'size-limit', command: [bin('size-limit/bin.js')] },
];

/** Runs in parallel: the long stage, and all others. */
export const lanes: readonly (readonly Stage[])[] = [
  [vitest, transitions],
  [...types, ...manners, ...parcel],
];
