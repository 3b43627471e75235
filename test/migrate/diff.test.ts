import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/migrate/diff.js';
import { applied, clash, type Edit } from '../../src/migrate/edits.js';
import { removals, rewrites } from './pairs.js';
import { Folder } from './folder.js';
import { migrated } from './run.js';

describe('the diff', () => {
  it('is empty where nothing changes', () => {
    expect(unifiedDiff('a.ts', 'a\n', [])).toBe('');
    expect(unifiedDiff('a.ts', 'a\n', [{ start: 0, end: 1, text: 'a' }])).toBe('');
  });

  it('has three lines around a change, and one hunk for changes that are near', () => {
    const text = Array.from({ length: 20 }, (_, at) => `${at}\n`).join('');
    const at = (line: string): Edit => ({ start: text.indexOf(line), end: text.indexOf(line) + line.length, text: '' });
    expect(unifiedDiff('a.ts', text, [at('5\n')])).toBe(
      '--- a/a.ts\n+++ b/a.ts\n@@ -3,7 +3,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8',
    );
    expect(unifiedDiff('a.ts', text, [at('5\n'), at('9\n')]).match(/@@ -/g)).toHaveLength(1);
    expect(unifiedDiff('a.ts', text, [at('2\n'), at('19\n')]).match(/@@ -/g)).toHaveLength(2);
    const far = unifiedDiff('a.ts', text, [at('2\n'), at('19\n')]);
    expect(far.match(/@@ .* @@/g)).toEqual(['@@ -1,6 +1,5 @@', '@@ -17,4 +16,3 @@']);
  });

  const applying = (before: string, edits: readonly Edit[]): string => {
    const folder = new Folder({ 'a.ts': before });
    const diff = unifiedDiff('a.ts', before, edits);
    if (diff !== '')
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder.path, input: `${diff}\n` });
    return folder.read('a.ts');
  };

  it.each([...rewrites, ...removals].map((pair) => [pair.title, pair] as const))(
    'is one that git applies: %s',
    (_, { before, after }) => {
      expect(applying(before, migrated(before).edits)).toBe(after);
    },
  );

  it('is one that git applies, for any edits of any text', () => {
    const line = fc.constantFrom('a', 'b', '', 'c d', '\n', '\n', '\r\n');
    const text = fc.array(line, { minLength: 1, maxLength: 30 }).map((each) => `x${each.join('')}`);
    const edit = fc.tuple(fc.nat(60), fc.nat(8), fc.constantFrom('', 'z', 'y\n', '\nw', 'v\nu\n'));
    fc.assert(
      fc.property(text, fc.array(edit, { maxLength: 4 }), (before, given) => {
        const edits: Edit[] = [];
        for (const [at, length, put] of given) {
          const start = Math.min(at, before.length);
          const each = { start, end: Math.min(start + length, before.length), text: put };
          if (!edits.some((other) => clash(each, other) || other.start === start || other.end === start))
            edits.push(each);
        }
        expect(applying(before, edits)).toBe(applied(before, edits));
      }),
      { numRuns: 30 },
    );
  });
});
