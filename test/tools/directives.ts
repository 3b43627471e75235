/** `// @ts-expect-error: <words>`: a refusal, and what the compiler must say of the statement under it. */
export interface Directive {
  /** The line of the refused statement, from 1. */
  readonly line: number;
  readonly words: string;
}

const directive = /^\s*\/\/ @ts-expect-error(?::\s*(?<words>.*?))?\s*$/;

export function readDirectives(source: string): Directive[] {
  const lines = source.split('\n');
  return lines.flatMap((line, index) => {
    const found = directive.exec(line);
    if (!found) return [];
    const words = found.groups?.['words'];
    if (!words) throw new Error(`line ${index + 1}: a refusal without its words`);
    return [{ line: nextStatement(lines, index + 1), words }];
  });
}

/** The same source without its directives, line for line. */
export const withoutDirectives = (source: string): string =>
  source
    .split('\n')
    .map((line) => (directive.test(line) ? '//' : line))
    .join('\n');

function nextStatement(lines: readonly string[], from: number): number {
  const index = lines.findIndex((line, at) => at >= from && line.trim() !== '' && !line.trim().startsWith('//'));
  if (index < 0) throw new Error(`line ${from}: a refusal of nothing`);
  return index + 1;
}
