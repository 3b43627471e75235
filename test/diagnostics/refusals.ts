/** The errors that each compiler prints for each mistake, in a project that has installed the package. */
import { compile, type Compiler, type Complaint, everyCompiler } from '../tools/compilers.js';
import { everything, type Installed, type Workshop } from '../tools/packed.js';
import { type Mistake, mistakes } from './mistakes.js';

interface Place {
  readonly options: object;
  readonly installed: Installed;
  holds(mistake: Mistake): boolean;
}

const { '@types/node': _node, '@types/ws': _ws, ...withoutNode } = everything;
const { openai: _openai, ...withoutOpenai } = withoutNode;
const withNode = { types: ['node'], lib: ['es2022'] };
const bare = { types: [], lib: ['es2022'] };
const apart: ReadonlySet<string> = new Set(['installing/without-openai.ts']);

/** Where mistakes are compiled. Most share one project; one is about a missing package. */
const places: Readonly<Record<string, Place>> = {
  'with-everything': { options: withNode, installed: everything, holds: ({ file }) => !apart.has(file) },
  'without-openai': { options: bare, installed: withoutOpenai, holds: ({ file }) => file.endsWith('openai.ts') },
};

export interface Refusals {
  /** All errors about this mistake. */
  of(mistake: Mistake, compiler: Compiler): readonly Complaint[];
  /** All other errors. */
  readonly others: readonly Complaint[];
}

export async function measureRefusals(workshop: Workshop): Promise<Refusals> {
  const said = new Map<string, readonly Complaint[]>(everyCompiler.map((compiler) => [compiler, []]));
  const compileAll = async (compilers: readonly Compiler[]): Promise<void> => {
    for (const compiler of compilers) said.set(compiler, await complaintsOf(compiler, workshop));
  };
  await Promise.all([compileAll(everyCompiler.slice(0, 2)), compileAll(everyCompiler.slice(2))]);
  const files = new Set(mistakes.map(({ file }) => file));
  return {
    of: ({ file }, compiler) => said.get(compiler)!.filter((each) => each.file === file),
    others: [...said.values()].flat().filter(({ file }) => !files.has(file)),
  };
}

async function complaintsOf(compiler: Compiler, workshop: Workshop): Promise<readonly Complaint[]> {
  const complaints: Complaint[] = [];
  for (const [name, place] of Object.entries(places)) {
    const project = await workshop.project(`${compiler} ${name}`.replaceAll(' ', '-'), place.installed, filesOf(place));
    const [only, ...more] = mistakes.filter(place.holds);
    const said = await compile(compiler, project);
    complaints.push(...(only && more.length === 0 ? said.map((each) => placed(each, only)) : said));
  }
  return complaints;
}

/** Assigns an error of the whole project to its only mistake. */
const placed = (complaint: Complaint, { file, lines }: Mistake): Complaint =>
  complaint.file === ''
    ? { ...complaint, file, line: lines.first, text: complaint.text.replace(/^error TS\d+: /, '') }
    : complaint;

function filesOf({ options, holds }: Place): Record<string, string> {
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', moduleDetection: 'force' },
    ...{ strict: true, noEmit: true, skipLibCheck: true, ...options },
  };
  const held = mistakes.filter(holds).map(({ file, source }) => [file, source] as const);
  return {
    ...Object.fromEntries(held),
    'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: held.map(([file]) => file) }),
  };
}
