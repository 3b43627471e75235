/** Compiles the project of a row, runs the result, and reports deviations. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Complaint, tsc } from '../tools/compilers.js';
import { readDirectives } from '../tools/directives.js';
import { root, run, type Workshop } from '../tools/packed.js';
import type { Row } from './matrix.js';
import { type Boundary, writeBoundary } from './boundaries.js';
import { type Files, installedHere, isBundled, type Project, writeProject } from './project.js';

/** Describes every deviation. */
export async function check(workshop: Workshop, row: Row, name: string): Promise<readonly string[]> {
  const project = await writeProject(workshop, row, name);
  const complaints = await compiled(row, project);
  const findings = judge(complaints, refusalsOf(row, project.programs));
  return [...findings, ...(await runs(row, project))];
}

/** The same for a boundary project, which is compiled and not run. */
export async function checkBoundary(
  workshop: Workshop,
  boundary: Boundary,
  typescript: Row['typescript'],
): Promise<readonly string[]> {
  const { folder, programs } = await writeBoundary(workshop, boundary, typescript);
  const complaints = await tsc(compilers[typescript], ['-p', folder, '--noEmit'], folder);
  return judge(complaints, refusalsIn(programs));
}

async function compiled(row: Row, { folder }: Project): Promise<Complaint[]> {
  const compiler = compilerOf(row);
  if (row.project !== 'library and app') return tsc(compiler, ['-p', folder], folder);
  const library = await tsc(compiler, ['-b', join(folder, 'library')], folder);
  // Compiled separately, because until 5.6 a build with errors writes nothing, and this one has expected errors.
  return [...library, ...(await tsc(compiler, ['-p', join(folder, 'app')], folder))];
}

const compilerOf = ({ typescript }: Row): string => compilers[typescript];
const compilers: Readonly<Record<Row['typescript'], string>> = {
  '5.5': join(root, 'node_modules/typescript-5.5'),
  '5.6': join(installedHere, 'typescript-5.6'),
  '5.7': join(installedHere, 'typescript-5.7'),
  '5.8': join(installedHere, 'typescript-5.8'),
  '5.9': join(root, 'node_modules/typescript-5.9'),
  '6.0': join(root, 'node_modules/typescript'),
  '7.0': join(root, 'node_modules/typescript-7'),
};

interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly words: string;
}

/** The errors that the compiler must report in this row. */
function refusalsOf(row: Row, programs: Files): readonly Refusal[] {
  const refusals = refusalsIn(programs);
  return row.strictness === 'not strict' ? refusals.filter(({ file }) => !file.includes('strict-refusals')) : refusals;
}

const refusalsIn = (programs: Files): readonly Refusal[] =>
  Object.entries(programs).flatMap(([file, text]) => readDirectives(text).map((directive) => ({ file, ...directive })));

/** Reports expected errors that are missing, and errors that are not expected. */
export function judge(complaints: readonly Complaint[], refusals: readonly Refusal[]): readonly string[] {
  const isMeant = (complaint: Complaint): boolean =>
    refusals.some(({ file, line }) => file === complaint.file && line === complaint.line);
  const unmet = refusals.filter(
    ({ file, line, words }) =>
      !complaints.some((each) => each.file === file && each.line === line && each.text.includes(words)),
  );
  return [
    ...unmet.map(({ file, line, words }) => `${file}(${line}): is not refused in these words: ${words}`),
    ...complaints
      .filter((each) => isOurs(each) && !isMeant(each))
      .map(({ file, line, code, text }) => `${file}(${line}): ${code} ${text}`),
  ];
}

/** Whether an error is in our files: other packages' declarations are not our concern. */
function isOurs({ file }: Complaint): boolean {
  const inside = file.split('node_modules/').slice(1);
  return inside.length === 0 || (inside.length === 1 && inside[0]!.startsWith('gated-realtime/'));
}

/** The compiled files that are run. */
const executed = ['call.js', 'rehearsal.js'];
const partsOf = ({ project }: Row): readonly string[] => {
  if (project === 'checked JavaScript') return executed;
  const parts = [...executed, 'money.js'];
  return project === 'program' ? parts : [...parts.map((part) => `app/${part}`), 'app/app.js'];
};

async function runs(row: Row, { folder }: Project): Promise<readonly string[]> {
  const out = partsOf(row).map((part) => join(folder, 'out', part));
  try {
    const files = isBundled(row) ? await bundled(out, folder) : out;
    const { stdout } = await run(process.execPath, [join(folder, 'run.mjs'), ...files], {
      cwd: folder,
      timeout: 60_000,
    });
    return stdout.trim() === 'ran' ? [] : [`what it compiled to ended early: ${stdout}`];
  } catch (error) {
    return [`what it compiled to does not run: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function bundled(entryPoints: string[], folder: string): Promise<readonly string[]> {
  const outdir = join(folder, 'bundled');
  const settings = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' } as const;
  await build({ ...settings, entryPoints, outdir, format: 'esm', external: ['ws'] });
  return entryPoints.map((path) => join(outdir, path.slice(join(folder, 'out/').length).replace(/^app\//, '')));
}
