/** The fixture project of a row: its settings, its programs, and its packages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { withoutDirectives } from '../tools/directives.js';
import { everything, type Installed, root, type Workshop } from '../tools/packed.js';
import { beforeRequire, type Row } from './matrix.js';

export type Files = Readonly<Record<string, string>>;
export interface Project {
  readonly folder: string;
  /** Its programs as written, by path. */
  readonly programs: Files;
}

const here = join(root, 'test/consumers');
/** Each program by name, with its directives. */
const programs: Files = Object.fromEntries(
  readdirSync(join(here, 'programs')).map((name) => [name, readFileSync(join(here, 'programs', name), 'utf8')]),
);
const inJavaScript = ['call.ts', 'rehearsal.ts', 'refusals.ts', 'strict-refusals.ts', 'walls.ts'];

export async function writeProject(workshop: Workshop, row: Row, name: string): Promise<Project> {
  const written = programsOf(row);
  const installed: Installed = {
    ...everything,
    openai: row.installed === 'openai beside' ? openaiOf(row) : otherThan(row),
  };
  const folder = await workshop.project(name, installed, {
    ...Object.fromEntries(Object.entries(written).map(([path, text]) => [path, withoutDirectives(text)])),
    ...settingsOf(row, written),
    'package.json': JSON.stringify({ name: 'a-stranger', ...(isCommonJs(row) ? {} : { type: 'module' }) }),
    'run.mjs': runner,
  });
  if (row.installed === 'openai nested') await workshop.nest(folder, 'openai', openaiOf(row));
  return { folder, programs: written };
}

/** Runs the compiled or bundled files: `node run.mjs <file>…`. */
const runner = `
for (const file of process.argv.slice(2)) {
  const { call, rehearsal, accounts } = await import(file);
  await call?.();
  await rehearsal?.();
  await accounts?.();
}
console.log('ran');
`;

function programsOf(row: Row): Files {
  const { 'library.ts': library, 'app.ts': app, 'require.cts': required, ...rest } = programs;
  switch (row.project) {
    case 'program': {
      const { 'official-client.ts': client, ...alone } = rest;
      return {
        ...(row.installed === 'openai beside' ? { ...alone, 'official-client.ts': client! } : alone),
        ...(requires(row) && { 'require.cts': required! }),
      };
    }
    case 'checked JavaScript':
      return Object.fromEntries(inJavaScript.map((name) => [name.replace('.ts', '.js'), asJavaScript(rest[name]!)]));
    case 'library and app': {
      const { 'official-client.ts': _, ...alone } = rest;
      const inApp = { ...alone, 'app.ts': app!, ...(requires(row) && { 'require.cts': required! }) };
      const moved = Object.entries(inApp).map(([name, text]) => [`app/${name}`, text]);
      return { 'library/library.ts': library!, ...Object.fromEntries(moved) };
    }
  }
}

/** `import … = require()` needs non-erasable syntax; for our modules, the compiler supports it since 5.8. */
const requires = ({ modules, syntax, typescript }: Row): boolean =>
  modules.startsWith('nodenext') && syntax !== 'erasable only' && !beforeRequire.includes(typescript);

function asJavaScript(program: string): string {
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Preserve, removeComments: false },
  });
  return outputText;
}

function settingsOf(row: Row, written: Files): Files {
  const paths = Object.keys(written);
  if (row.project !== 'library and app') {
    return { 'tsconfig.json': JSON.stringify({ compilerOptions: optionsOf(row), files: paths }) };
  }
  const compilerOptions = { ...optionsOf(row), composite: true, declaration: true };
  const of = (folder: string): string[] =>
    paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
  const part = (folder: string, references: readonly object[]): string =>
    JSON.stringify({
      compilerOptions: { ...compilerOptions, rootDir: '..', outDir: '../out' },
      files: of(folder),
      references,
    });
  return {
    'library/tsconfig.json': part('library', []),
    'app/tsconfig.json': part('app', [{ path: '../library' }]),
  };
}

function optionsOf(row: Row): object {
  return {
    target: 'es2022',
    rootDir: '.',
    outDir: 'out',
    ...moduleOptions[row.modules],
    strict: row.strictness !== 'not strict',
    ...(row.strictness === 'strict, exact' && { exactOptionalPropertyTypes: true }),
    skipLibCheck: row.libraries === 'skipped',
    ...(row.project === 'checked JavaScript' && { allowJs: true, checkJs: true }),
    ...syntaxOptions[row.syntax],
    ...platformOptions[row.platform],
  };
}

const moduleOptions: Readonly<Record<Row['modules'], object>> = {
  'nodenext, ESM': { module: 'nodenext' },
  'nodenext, CommonJS': { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  preserve: { module: 'preserve' },
};
const syntaxOptions: Readonly<Record<Row['syntax'], object>> = {
  any: {},
  'verbatim modules': { verbatimModuleSyntax: true },
  'erasable only': { erasableSyntaxOnly: true },
  'isolated declarations': { isolatedDeclarations: true, declaration: true },
};
const platformOptions: Readonly<Record<Row['platform'], object>> = {
  Node: { types: ['node'], lib: ['es2023', 'esnext.disposable'] },
  'ES2022 alone': { types: [], lib: ['es2022'] },
};

export const isCommonJs = ({ modules }: Row): boolean => modules === 'nodenext, CommonJS';
export const isBundled = ({ modules }: Row): boolean => modules === 'bundler' || modules === 'preserve';

const openaiOf = ({ openai }: Row): string => folders[openai];
/** A directive for the top of a program if the package resolves another version of the SDK, with other names. */
const otherThan = ({ openai }: Row): string => folders[openai === 'newest 7' ? 'newest 6' : 'newest 7'];
/** Packages that the root lacks; `npm run consumers` installs them. */
export const installedHere = join(here, 'installed/node_modules');
const folders: Readonly<Record<Row['openai'], string>> = {
  'newest 7': join(root, 'node_modules/openai'),
  'newest 6': join(root, 'node_modules/openai-6'),
  '6.0.0': join(installedHere, 'openai-6.0'),
};
