/**
 * Rewrites valid Python that the parser does not support, keeping all offsets: a bare `yield`, a form feed, `24.`,
 * `with … as (a, b)`, `with (a as b, c as d)`, `case module.Class()`, and a decorator that calls a call.
 */
export const mended = (text: string): string =>
  mends.reduce((code, [pattern, replace]) => code.replace(pattern, (found) => replace(found)), groups(text));

const blank = (text: string): string => ' '.repeat(text.length);

const mends: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/\f/g, blank],
  [/\byield(?=[ \t]*(?:[\r\n)\]},;#]|$))/g, () => 'None '],
  [/(?<![\w.])\d[\d_]*\.(?![\w.])/g, (number) => `${number.slice(0, -1)} `],
  [/\bas\s*\([^()]*\)(?=\s*[:,)])/g, onlyFirstName],
  [/^[ \t]*case\b[^\r\n]*/gm, (line) => line.replace(/(?<=\w)\.(?=[A-Za-z_])/g, '_').replace(/\(\s*\)/g, blank)],
  [/^[ \t]*@[^\r\n]*/gm, (line) => line.replace(/\(\s*\)(?=\.)/g, blank)],
];

/** `as (a, b)` becomes `as  a    `. */
function onlyFirstName(names: string): string {
  const end = /\(\s*\w*/.exec(names)?.[0].length ?? 0;
  const from = names.indexOf('(');
  const name = names.slice(from + 1, from + end);
  return names.slice(0, from) + ' ' + name.replace(/\s/g, ' ') + blank(names.slice(from + end));
}

/** `with (a as b, c as d):` without the parentheses, and on one line. */
function groups(text: string): string {
  let code = text;
  for (const { index, 0: opening } of text.matchAll(/\bwith\s*\(/g)) {
    const from = index + opening.length - 1;
    const to = closing(code, from);
    if (to === null || !/^\s*:/.test(code.slice(to + 1)) || !/\bas\b/.test(code.slice(from, to))) continue;
    const items = code
      .slice(from + 1, to)
      .replace(/#[^\r\n]*/g, blank)
      .replace(/,\s*$/, blank)
      .replace(/[\r\n]/g, ' ');
    code = `${code.slice(0, from)} ${items} ${code.slice(to + 1)}`;
  }
  return code;
}

/** The position of the parenthesis that closes the one at `from`; null: there is none. */
function closing(code: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return null;
}
