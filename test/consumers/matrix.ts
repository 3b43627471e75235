/**
 * The properties of a consumer's project, the combinations that cannot occur, and the rows that are compiled and
 * run.
 */
import { type Exclusion, type RowOf, selectRows } from './pairwise.js';

export const dimensions = {
  typescript: ['5.5', '5.6', '5.7', '5.8', '5.9', '6.0', '7.0'],
  modules: ['nodenext, ESM', 'nodenext, CommonJS', 'bundler', 'preserve'],
  project: ['program', 'checked JavaScript', 'library and app'],
  strictness: ['strict', 'strict, exact', 'not strict'],
  syntax: ['any', 'verbatim modules', 'erasable only', 'isolated declarations'],
  openai: ['newest 7', 'newest 6', '6.0.0'],
  installed: ['openai beside', 'openai nested'],
  libraries: ['checked', 'skipped'],
  platform: ['Node', 'ES2022 alone'],
} as const;

export type Matrix = typeof dimensions;
export type Row = RowOf<Matrix>;

/** The compilers that do not know yet that `require()` can load an ES module. */
export const beforeRequire: readonly Row['typescript'][] = ['5.5', '5.6', '5.7'];

export const exclusions: readonly Exclusion<Matrix>[] = [
  {
    never: { typescript: beforeRequire, modules: ['nodenext, CommonJS'] },
    because: 'before 5.8 the compiler does not know that `require()` may load an ES module',
  },
  {
    never: { typescript: ['5.5', '5.6', '5.7'], syntax: ['erasable only'] },
    because: '`erasableSyntaxOnly` came with 5.8',
  },
  {
    never: { modules: ['nodenext, CommonJS'], syntax: ['verbatim modules'] },
    because: '`verbatimModuleSyntax` refuses `import` in CommonJS',
  },
  {
    never: { project: ['checked JavaScript'], syntax: ['isolated declarations'] },
    because: 'the compiler refuses `isolatedDeclarations` beside `allowJs`',
  },
  {
    never: { project: ['library and app'], syntax: ['isolated declarations'] },
    because: 'the library leaves its types to be inferred, which `isolatedDeclarations` forbids',
  },
];

const common = { syntax: 'any', libraries: 'checked', platform: 'ES2022 alone' } as const;
/**
 * The rows of `npm test`, with compilers that are already installed: each compiler, kind of project and kind of
 * modules.
 */
export const firstRows: readonly Row[] = [
  {
    ...common,
    typescript: '5.5',
    modules: 'nodenext, ESM',
    project: 'program',
    strictness: 'strict, exact',
    openai: 'newest 6',
    installed: 'openai beside',
  },
  {
    ...common,
    typescript: '5.9',
    modules: 'nodenext, CommonJS',
    project: 'program',
    strictness: 'strict',
    syntax: 'erasable only',
    openai: 'newest 7',
    installed: 'openai beside',
  },
  {
    ...common,
    typescript: '6.0',
    modules: 'nodenext, ESM',
    project: 'library and app',
    strictness: 'strict',
    openai: 'newest 7',
    installed: 'openai nested',
    libraries: 'skipped',
  },
  {
    ...common,
    typescript: '7.0',
    modules: 'nodenext, ESM',
    project: 'program',
    strictness: 'not strict',
    openai: 'newest 7',
    platform: 'Node',
    installed: 'openai beside',
  },
  {
    ...common,
    typescript: '7.0',
    modules: 'bundler',
    project: 'checked JavaScript',
    strictness: 'strict, exact',
    openai: 'newest 7',
    installed: 'openai beside',
  },
  {
    ...common,
    typescript: '7.0',
    modules: 'preserve',
    project: 'library and app',
    strictness: 'strict, exact',
    syntax: 'verbatim modules',
    openai: 'newest 6',
    platform: 'Node',
    installed: 'openai nested',
  },
];

export const rows: readonly Row[] = selectRows(dimensions, exclusions, firstRows);

export const nameOf = (row: Row): string =>
  [`TypeScript ${row.typescript}`, row.modules, row.project, row.strictness, syntaxes[row.syntax]]
    .concat([
      `openai ${row.openai} ${row.installed.slice('openai '.length)}`,
      `libraries ${row.libraries}`,
      row.platform,
    ])
    .filter((part) => part !== '')
    .join(' · ');

const syntaxes: Readonly<Record<Row['syntax'], string>> = {
  any: '',
  'verbatim modules': 'verbatimModuleSyntax',
  'erasable only': 'erasableSyntaxOnly',
  'isolated declarations': 'isolatedDeclarations',
};
