import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages, upToDate } from '../tools/diagram.js';
import { limits } from '../tools/limits.js';

test.each(pages)('what is generated in %s is what the tables say: `npm run docs` writes it', (page) => {
  const text = readFileSync(page, 'utf8');
  expect(text).toContain(': generated -->');
  expect(upToDate(text)).toBe(text);
});

test.each(limits())('the default of limits.$name is what its doc comment says', (limit) => {
  expect(limit.documented).toBe(limit.default);
});
