/**
 * Changes the machine in small ways, one at a time, and counts the changes that its unit tests notice:
 * `npm run mutants -- [file …]`, all of src/machine by default. Incremental: what has not changed is not tried again.
 * Prints each survivor and the score; exits with 1 below 95 %. What is evaluated once, at load, is left as it is (the
 * tables, the sentences of the guards): the exploration and the named tests of each transition are for that.
 */
import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { root } from './packed.js';

const BREAK = 95;
const given = process.argv.slice(2).map((path) => relative(root, path));
const mutate = given.length > 0 ? given : ['src/machine/**/*.ts'];

process.chdir(root);
const options: Readonly<Record<string, unknown>> = {
  mutate,
  testRunner: 'vitest',
  vitest: { configFile: 'test/tools/mutants.vitest.ts', related: false },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  incremental: true,
  incrementalFile: '.mutants/results.json',
  tempDirName: '.mutants/sandboxes',
  concurrency: 2,
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  thresholds: { high: 100, low: BREAK, break: null },
  logLevel: 'warn',
};
const results = await new Stryker(options).runMutationTest();

const count = (...statuses: readonly string[]): number =>
  results.filter(({ status }) => statuses.includes(status)).length;
const noticed = count('Killed', 'Timeout');
const tried = noticed + count('Survived', 'NoCoverage');
const score = tried === 0 ? 100 : (100 * noticed) / tried;
console.log(`${noticed} of ${tried} changes were noticed: ${score.toFixed(1)} %`);
process.exitCode = score < BREAK ? 1 : 0;
