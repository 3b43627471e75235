import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCases } from './corpus.js';
import { measureAll, type Measured } from './measure.js';
import { compiles, nameOf, page, pageOf, stops } from './page.js';
import { unstoppable } from './unstoppable.js';

let cases: readonly Measured[];
let control: readonly Measured[];
beforeAll(async () => {
  ({ cases, control } = await measureAll());
});

describe('the corpus of bypasses', () => {
  const all = readCases();

  it('has at least 120 attempts, each with a title of its own', () => {
    expect(all.length).toBeGreaterThanOrEqual(120);
    const titles = all.map(({ title }) => title);
    expect(titles.filter((title, at) => titles.indexOf(title) < at)).toEqual([]);
  });

  it.each(all.map(({ path, title }) => [title, path] as const))('is stopped, or cannot be: %s', (_, path) => {
    const measured = cases.find((each) => each.path === path)!;
    expect(measured.outcome).not.toMatch(/^does not end/);
    const reason = unstoppable[nameOf(measured)];
    if (stops(measured)) expect(reason).toBeUndefined();
    else expect(reason).toMatch(/\w.*\.$/);
  });

  it('gives reasons for attempts that exist', () => {
    const names = new Set(cases.map(nameOf));
    expect(Object.keys(unstoppable).filter((name) => !names.has(name))).toEqual([]);
  });

  it('is told in docs/bypasses.md as it was measured: `npm run docs` writes it', () => {
    expect(readFileSync(page, 'utf8')).toBe(pageOf(cases));
  });
});

describe('what observes the attempts', () => {
  const outcome = (name: string): string | undefined =>
    control.find(({ path }) => path === `control/${name}.ts`)?.outcome;

  it('sees a `response.create` over a socket of somebody else', () => {
    expect(outcome('raw-socket')).toBe('SENT');
  });

  it('sees a frame that is written twice, and admitted once', () => {
    expect(outcome('twice')).toBe('SENT');
  });

  it('does not take a request that the gate admits for a way around it', () => {
    expect(outcome('admitted')).toBe('admitted: greeting');
  });

  it('compiles what is right', () => {
    expect(control.filter((each) => !compiles(each))).toEqual([]);
  });
});
