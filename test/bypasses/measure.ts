/**
 * Measures every attempt: each compiler's first error, the lint rules that report it, and its outcome when it runs.
 */
import { fork } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { compile, type Compiler, everyCompiler } from '../tools/compilers.js';
import { everything, openWorkshop, type Workshop } from '../tools/packed.js';
import { type Case, folder, grouped, readCases, readControl } from './corpus.js';
import { rulesAgainst } from './linted.js';
import type { Played } from './run.js';

export interface Measured extends Case {
  /** The first line of the first error; null if it compiles. */
  readonly said: Readonly<Record<Compiler, string | null>>;
  /** The lint rules that report it. */
  readonly rules: readonly string[];
  readonly outcome: string;
}

/**
 * Attempts that augment the package's declarations are compiled apart, because the augmentation affects the whole
 * project.
 */
const COMPILED_APART = 'declaration-merging';
/** Attempts that change the process run alone, because the change affects all others. */
const RUN_ALONE = 'prototypes';

/** Measures every attempt. `control`: attempts that prove that the harness detects bypasses. */
export async function measureAll(): Promise<{ readonly cases: Measured[]; readonly control: Measured[] }> {
  const cases = readCases();
  const control = readControl();
  const workshop = await openWorkshop();
  try {
    const measured = await measure(workshop, [...cases, ...control]);
    return { cases: measured.slice(0, cases.length), control: measured.slice(cases.length) };
  } finally {
    await workshop.dispose();
  }
}

async function measure(workshop: Workshop, cases: readonly Case[]): Promise<Measured[]> {
  const together = await projectOf(
    workshop,
    'together',
    cases.filter((each) => each.family !== COMPILED_APART),
  );
  const apart = await projectOf(
    workshop,
    'apart',
    cases.filter((each) => each.family === COMPILED_APART),
  );
  const [complaints, outcomes] = await Promise.all([complaintsIn([together, apart]), outcomesOf(together, cases)]);
  return cases.map((each) => ({
    ...each,
    said: byCompiler((compiler) => complaints.get(compiler)?.get(each.path) ?? null),
    rules: rulesAgainst(each),
    outcome: outcomes.get(each.path) ?? 'does not end',
  }));
}

const byCompiler = <Value>(of: (compiler: Compiler) => Value): Record<Compiler, Value> =>
  Object.fromEntries(everyCompiler.map((compiler) => [compiler, of(compiler)])) as Record<Compiler, Value>;

/** A consumer's project with these attempts, and a second copy of the package under another name. */
async function projectOf(workshop: Workshop, name: string, cases: readonly Case[]): Promise<string> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const project = await workshop.project(name, everything, {
    'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['context.ts', 'cases', 'control'] }),
    'context.ts': await readFile(join(folder, 'context.ts'), 'utf8'),
    ...Object.fromEntries(cases.map(({ path, code }) => [path, code])),
  });
  await addCopy(join(project, 'node_modules'));
  return project;
}

/** Gives the copy another version, because the compiler reads only one of two copies of the same version. */
async function addCopy(modules: string): Promise<void> {
  const copy = join(modules, 'gated-realtime-copy');
  await cp(join(modules, 'gated-realtime'), copy, { recursive: true });
  const manifest = join(copy, 'package.json');
  const contents = JSON.parse(await readFile(manifest, 'utf8')) as object;
  await writeFile(manifest, JSON.stringify({ ...contents, version: '0.0.0-copy' }));
}

// Compile time ---------------------------------------------------------------------------------------------------------

type FirstLines = ReadonlyMap<string, string>;

async function complaintsIn(projects: readonly string[]): Promise<Map<Compiler, FirstLines>> {
  const found = new Map<Compiler, FirstLines>();
  for (const compiler of everyCompiler) {
    const lines = new Map<string, string>();
    for (const project of projects)
      for (const [path, line] of await firstLines(compiler, project)) lines.set(path, line);
    found.set(compiler, lines);
  }
  return found;
}

/** The first error of each file, by line, because compilers report them in different orders. */
async function firstLines(compiler: Compiler, project: string): Promise<FirstLines> {
  const complaints = await compile(compiler, project);
  const first = new Map<string, { readonly line: number; readonly text: string }>();
  for (const { file, line, text } of complaints) {
    const [before, here] = [first.get(file), { line, text: text.split('\n', 1)[0]! }];
    if (!before || line < before.line) first.set(file, here);
  }
  const strange = [...first.keys()].find((file) => !/^(cases|control)\//.test(file));
  if (strange !== undefined) throw new Error(`${compiler} complains of ${strange}: ${first.get(strange)!.text}`);
  return new Map([...first].map(([file, { text }]) => [file, text]));
}

// Run time -------------------------------------------------------------------------------------------------------------

/** Runs the attempts as plain JavaScript: the types are erased, and nothing is checked. */
async function outcomesOf(project: string, cases: readonly Case[]): Promise<Map<string, string>> {
  const runner = await Promise.all(
    ['run.ts', 'stage.ts'].map(async (path) => ({ path, code: await readFile(join(folder, path), 'utf8') })),
  );
  for (const { path, code } of [...runner, ...cases]) {
    const file = join(project, path.replace(/\.ts$/, '.js'));
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, (await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' })).code);
  }
  const outcomes = new Map<string, string>();
  for (const group of groupsOf(cases)) {
    for (const { path, outcome } of await playAll(project, group)) outcomes.set(path.replace(/\.js$/, '.ts'), outcome);
  }
  return outcomes;
}

/** Groups the paths of attempts that share a process. */
const groupsOf = (cases: readonly Case[]): string[][] =>
  [...grouped(cases, ({ family, path }) => (family === RUN_ALONE ? path : '')).values()].map((group) =>
    group.map(({ path }) => path.replace(/\.ts$/, '.js')),
  );

/**
 * Runs attempts in one process, and continues in another after one that does not end; that one gets a second try alone.
 */
async function playAll(project: string, paths: readonly string[]): Promise<Played[]> {
  const played = await play(project, paths);
  const rest = paths.slice(played.length);
  const last = played.at(-1);
  if (last?.outcome !== 'does not end' || paths.length === 1) return played;
  const again = await play(project, [last.path]);
  return [...played.slice(0, -1), ...again, ...(rest.length > 0 ? await playAll(project, rest) : [])];
}

function play(project: string, paths: readonly string[]): Promise<Played[]> {
  return new Promise((settle, fail) => {
    const played: Played[] = [];
    const relative = paths.map((path) => `./${path}`);
    const child = fork(join(project, 'run.js'), relative, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('message', (message: Played) => played.push({ ...message, path: message.path.replace('./', '') }));
    child.on('error', fail);
    child.on('exit', (code) => {
      if (code === 0 || played.at(-1)?.outcome === 'does not end') settle(played);
      else fail(new Error(`The process ended at ${paths[played.length] ?? 'its end'}: ${complaint}`));
    });
  });
}
