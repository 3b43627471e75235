/** Common mistakes: small programs, each with one wrong statement below `// wrong:`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Mistake {
  /** The folder, named after what the user was doing. */
  readonly area: string;
  /** The path, relative to the folder of the mistakes. */
  readonly file: string;
  readonly title: string;
  /** Why TypeScript allows no better first line; null if the line is good. */
  readonly why: string | null;
  readonly source: string;
  /** The wrong statement, and its lines, from 1. */
  readonly statement: string;
  readonly lines: { readonly first: number; readonly last: number };
}

const folder = join(import.meta.dirname, 'mistakes');

export const mistakes: readonly Mistake[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .map((file) => readMistake(file, readFileSync(join(folder, file), 'utf8')));

export function readMistake(file: string, source: string): Mistake {
  const [, comment] = /^\/\*\*(.*?)\*\/\n/s.exec(source) ?? [];
  if (comment === undefined) throw new Error(`${file} has no title.`);
  const [title, why = null] = comment
    .replaceAll(/\n \* ?/g, '\n')
    .trim()
    .split(/\n+Why: /)
    .map((part) => part.replaceAll('\n', ' ').trim());
  const [area] = file.split('/');
  return { area: area!, file, title: title!, why, source, ...wrongStatement(file, source) };
}

function wrongStatement(file: string, source: string): Pick<Mistake, 'statement' | 'lines'> {
  const program = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const [wrong, ...others] = program.statements.filter((each) =>
    source.slice(each.getFullStart(), each.getStart()).includes('// wrong:'),
  );
  if (!wrong || others.length > 0) throw new Error(`${file} does not have one statement that is wrong.`);
  const lineAt = (position: number): number => program.getLineAndCharacterOfPosition(position).line + 1;
  return {
    statement: wrong.getText(),
    lines: { first: lineAt(wrong.getStart()), last: lineAt(wrong.getEnd()) },
  };
}
