import { describe, expect, it } from 'vitest';
import { readComplaints } from './compilers.js';
import { readDirectives, withoutDirectives } from './directives.js';

describe('a refusal', () => {
  it('is of the next statement, comments and blank lines aside', () => {
    const source = ['// @ts-expect-error: no such thing', '// why', '', 'f();', 'g();'].join('\n');
    expect(readDirectives(source)).toEqual([{ line: 4, words: 'no such thing' }]);
  });

  it.each(['// @ts-expect-error\nf();', '// @ts-expect-error:\nf();'])('says in which words: %j', (source) => {
    expect(() => readDirectives(source)).toThrow('without its words');
  });

  it('is of something', () => {
    expect(() => readDirectives('// @ts-expect-error: words\n')).toThrow('a refusal of nothing');
  });

  it('leaves every line where it was once it is taken away', () => {
    expect(withoutDirectives('a();\n  // @ts-expect-error: words\nb();')).toBe('a();\n//\nb();');
  });
});

describe('what a compiler prints', () => {
  it('is read with all that it says further on, and each complaint for itself', () => {
    const output = `x/a.ts(3,5): error TS2345: Argument.\n  Type 'A'.\n    Property 'b'.\nx/b.ts(1,1): error TS1: Other.\n`;
    expect(readComplaints(output, 'x')).toEqual([
      { file: 'a.ts', line: 3, code: 'TS2345', text: "Argument.\nType 'A'.\nProperty 'b'." },
      { file: 'b.ts', line: 1, code: 'TS1', text: 'Other.' },
    ]);
  });

  it('is never passed over, whatever it is', () => {
    expect(readComplaints('error TS5083: Cannot read file.\n', 'x')).toHaveLength(1);
  });
});
