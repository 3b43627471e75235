import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../tools/packed.js';
import { complaintsAbout } from './examples.js';

const page = readFileSync(join(root, 'docs/recording.md'), 'utf8');
const programs = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
const surroundings = `
import type * as Vitest from 'vitest';
declare global {
  const test: typeof Vitest.test;
  const expect: typeof Vitest.expect;
}
`;

test('every program of the page about recording compiles', async () => {
  const files = new Map(programs.map((code, place) => [`program-${place}.ts`, code]));
  expect(files.size).toBe(3);
  const complaints = await complaintsAbout(files, surroundings);
  expect(complaints.map(({ file, line, text }) => `${file}:${line}: ${text}`)).toEqual([]);
});
