import { describe, expect, it } from 'vitest';
import { marked, removals, rewrites } from './pairs.js';
import { findings, migrated, parse } from './run.js';

const cases = <Each extends { readonly title: string }>(all: readonly Each[]) =>
  all.map((each) => [each.title, each] as const);
const texts = [
  ...[...rewrites, ...removals].map(({ title, before }) => [title, before] as const),
  ...marked.map(([title, before]) => [title, before] as const),
];

describe('a create in reach of a session', () => {
  it.each(cases(rewrites))('becomes respond(): %s', (_, { before, after }) => {
    expect(migrated(before).after).toBe(after);
    expect(findings(after)).toEqual([]);
  });
});

describe('the follow-up of a tool', () => {
  it.each(cases(removals))('is left to the runner: %s', (_, { before, after }) => {
    expect(migrated(before).after).toBe(after);
  });
});

describe('what cannot be proved', () => {
  it.each(marked)('gets a mark, and nothing else: %s', (_, before, words) => {
    const { after, steps } = migrated(before);
    const lines = after.split('\n');
    const isMark = (line: string): boolean => /^\s*\/\/ (gated-realtime: | {2})/.test(line);
    expect(lines.filter((line) => !isMark(line)).join('\n')).toBe(before);
    const said = lines
      .filter(isMark)
      .map((line) => line.replace(/^\s*\/\/ +/, ''))
      .join(' ');
    expect(said).toContain(words);
    expect(steps.map(({ does }) => does)).toContain('marked');
  });
});

describe('a second run', () => {
  it.each(texts)('changes nothing: %s', (_, before) => {
    const once = migrated(before).after;
    const twice = migrated(once);
    expect(twice.after).toBe(once);
    expect(twice.edits).toEqual([]);
  });

  it.each(texts)('can be parsed: %s', (_, before) => {
    expect(() => parse('agent.ts', migrated(before).after)).not.toThrow();
  });
});
