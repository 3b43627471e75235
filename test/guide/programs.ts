/** The programs of README and the pages: each block is a whole program, continues one, or shows what does not compile. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools/packed.js';

export interface Block {
  readonly language: 'ts' | 'js';
  readonly code: string;
  /** The line of the page on which its code begins, from 1. */
  readonly line: number;
  /** The output shown below it; null: none. */
  readonly prints: string | null;
  /** `whole` begins with an import; `continues` says so in its first line; `part` is neither. */
  readonly kind: 'whole' | 'continues' | 'part';
  /**
   * The compiler's words that it shows as `// ~~~ words`, about the line above them, from 1. `…` stands for words left
   * out.
   */
  readonly refusals: readonly Refusal[];
}

export interface Refusal {
  readonly line: number;
  readonly words: string;
}

/** A whole program with its continuations, up to the last block that compiles, or to one that does not. */
export interface Program {
  /** The file's name: unique, and derived from its page. */
  readonly name: string;
  readonly page: string;
  readonly blocks: readonly Block[];
  /** The compiler errors that the last block shows. Empty: the program compiles and runs. */
  readonly refusals: readonly Refusal[];
}

/** The pages that have programs. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

const fence = /^```(ts|js)\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?/gms;

export function blocksIn(text: string): Block[] {
  return [...text.matchAll(fence)].map(({ 1: language, 2: code, 3: prints, index }) => ({
    language: language as Block['language'],
    code: code!,
    line: text.slice(0, index).split('\n').length + 1,
    prints: prints ?? null,
    kind: kindOf(code!),
    refusals: refusalsIn(code!),
  }));
}

export const CONTINUES = '// continues the program above';

function kindOf(code: string): Block['kind'] {
  if (code.startsWith('import ')) return 'whole';
  return code.startsWith(`${CONTINUES}\n`) ? 'continues' : 'part';
}

function refusalsIn(code: string): Refusal[] {
  const shown: Refusal[] = [];
  let statement = 0;
  for (const [at, text] of code.split('\n').entries()) {
    const [, words] = /^ *\/\/ +~+ (?:… )?(.*)$/.exec(text) ?? [];
    if (words === undefined) statement = at + 1;
    else shown.push({ line: statement, words: words.replace(/ …$/, '') });
  }
  return shown;
}

export function programsIn(page: string, text: string): Program[] {
  const programs: Program[] = [];
  let whole: Block[] = [];
  const close = (): void => {
    if (whole.length > 0) programs.push(named(page, whole, []));
    whole = [];
  };
  for (const block of blocksIn(text)) {
    if (block.kind === 'part') continue;
    if (block.kind === 'whole') close();
    if (block.refusals.length > 0) programs.push(named(page, [...whole, block], block.refusals));
    else whole.push(block);
  }
  close();
  return programs;
}

const named = (page: string, blocks: readonly Block[], refusals: readonly Refusal[]): Program => {
  const { line, language } = blocks.at(-1)!;
  return { name: `${page.replaceAll(/\W/g, '-')}-${line}.${language}`, page, blocks, refusals };
};

export const codeOf = ({ blocks }: Program): string => blocks.map(({ code }) => code).join('');

/** The line of the program on which its last block begins, from 1. */
export const lastBegins = ({ blocks }: Program): number =>
  blocks.slice(0, -1).reduce((lines, { code }) => lines + code.split('\n').length - 1, 1);
