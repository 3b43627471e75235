import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { upToDate } from '../tools/diagram.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('what README says of the gate is what the tables say: `npm run docs` writes it', () => {
  expect(upToDate(readme)).toBe(readme);
});
