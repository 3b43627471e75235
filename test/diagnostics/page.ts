/** Writes `docs/diagnostics.md`, what compilers and editors say of the package, as measured: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { type Complaint, everyCompiler } from '../tools/compilers.js';
import { openWorkshop, root, type Workshop } from '../tools/packed.js';
import { inCell, tableOf } from '../tools/tables.js';
import { type Mistake, mistakes } from './mistakes.js';
import { measureRefusals, type Refusals } from './refusals.js';
import { type Editor, type Hover, openEditor } from './editor.js';
import { completions, doors, onThePage } from './subjects.js';

export interface Measured {
  readonly refusals: Refusals;
  readonly editor: Editor;
}

export const page = join(root, 'docs/diagnostics.md');

/** Needs `dist`, which `npm run build` makes. */
export async function measure(workshop: Workshop): Promise<Measured> {
  const refusals = measureRefusals(workshop);
  const editor = await openEditor(workshop);
  return { refusals: await refusals, editor };
}

export async function pageOf({ refusals, editor }: Measured): Promise<string> {
  const parts = [INTRODUCTION, ...areas(refusals), ...hovers(editor), ...completed(editor)];
  const settings = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as object;
  return format(`${parts.join('\n\n')}\n`, { ...settings, parser: 'markdown' });
}

const INTRODUCTION = `# What the compiler says

Mistakes that are easy to make, and the first line that TypeScript 5.5, 5.9, 6.0 and 7.0 print of each. Where they differ,
each stands with its version. Below: what an editor shows over every member, and what it completes. This page is measured
on the packed package by \`npm run build && npm run docs\`; a test holds it to what is measured.`;

const AREAS = {
  connecting: 'Connecting, updating and hanging up',
  planning: 'The plan',
  responding: 'Asking for a response',
  sending: 'Sending events and audio',
  reading: 'Verdicts, outcomes and events',
  tools: 'Tools',
  installing: 'Installing',
} as const;

const areas = (refusals: Refusals): readonly string[] =>
  Object.entries(AREAS).flatMap(([area, title]) => [
    `## ${title}`,
    ...mistakes.filter((mistake) => mistake.area === area).map((mistake) => section(mistake, refusals)),
  ]);

function section(mistake: Mistake, refusals: Refusals): string {
  const words = firstLines(mistake, refusals).map(({ line, versions }) =>
    versions.length === everyCompiler.length ? `> ${code(line)}` : `> ${versions.join(', ')}: ${code(line)}`,
  );
  const why = mistake.why === null ? [] : [mistake.why];
  return [`**${mistake.title}**`, `\`\`\`ts\n${mistake.statement}\n\`\`\``, words.join('\n>\n'), ...why].join('\n\n');
}

/** What each compiler prints first, once where they agree. */
export function firstLines(
  mistake: Mistake,
  refusals: Refusals,
): readonly { readonly line: string; readonly versions: readonly string[] }[] {
  const said = new Map<string, string[]>();
  for (const compiler of everyCompiler) {
    const line = firstLine(refusals.of(mistake, compiler));
    said.set(line, [...(said.get(line) ?? []), compiler.replace('TypeScript ', '')]);
  }
  return [...said].map(([line, versions]) => ({ line, versions }));
}

const firstLine = ([first]: readonly Complaint[]): string => first?.text.split('\n', 1)[0] ?? '';

const hovers = (editor: Editor): readonly string[] => [
  '## Hovers',
  ...onThePage.flatMap(({ name, type }) => [`### ${name}`, hoverTable(editor.hoversOf(type))]),
  ...doors.flatMap((door) => [`### ${code(door)}`, hoverTable(functionsOf(editor.exportsOf(door)))]),
];

const functionsOf = (exported: ReadonlyMap<string, Hover>): ReadonlyMap<string, Hover> =>
  new Map([...exported].filter(([, { signature }]) => /^(function|const|class) /.test(signature)));

const hoverTable = (shown: ReadonlyMap<string, Hover>): string =>
  table(
    ['name', 'type', 'what it says first'],
    [...shown].map(([name, { signature, doc }]) => [code(name), code(signature), firstSentence(doc)]),
  );

const firstSentence = (doc: string): string => doc.replaceAll('\n', ' ').split(/(?<=[.!?]) /, 1)[0]!;

const completed = (editor: Editor): readonly string[] => [
  '## Completions',
  'Asked for at `‸`.',
  table(
    ['written', 'offered'],
    completions.map((each) => [
      code(each.code),
      editor
        .completionsIn(each)
        .map((name) => code(name))
        .join(', '),
    ]),
  ),
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableOf(
    head,
    rows.map((cells) => cells.map(inCell)),
  );

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

export async function writePage(): Promise<void> {
  const workshop = await openWorkshop();
  try {
    writeFileSync(page, await pageOf(await measure(workshop)));
  } finally {
    await workshop.dispose();
  }
}
