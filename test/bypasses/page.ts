/** Writes `docs/bypasses.md` from the measurements. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compiler, everyCompiler } from '../tools/compilers.js';
import { root } from '../tools/packed.js';
import { inCell, tableOf } from '../tools/tables.js';
import { grouped } from './corpus.js';
import { measureAll, type Measured } from './measure.js';
import { unstoppable } from './unstoppable.js';

export const page = join(root, 'docs/bypasses.md');

export const nameOf = ({ path }: Measured): string => path.replace(/^cases\//, '').replace(/\.ts$/, '');
export const compiles = ({ said }: Measured): boolean => everyCompiler.some((compiler) => said[compiler] === null);
/** Whether a response was requested: past the gate, or because the attempt had opened it. */
export const succeeds = ({ outcome }: Measured): boolean => outcome === 'SENT' || outcome.startsWith('admitted');
export const stops = (measured: Measured): boolean => !compiles(measured) || !succeeds(measured);

export function pageOf(cases: readonly Measured[]): string {
  const families = [...grouped(cases, ({ family }) => family)];
  return `${[head(cases), unstopped(cases), ...families.map(([family, each]) => section(family, each))].join('\n\n')}\n`;
}

const head = (cases: readonly Measured[]): string => `# Ways around the gate

Each row is a way to have the model speak when it may not. Each is a program in the repository (which the installed package
leaves out): under its title stands its name in \`test/bypasses/cases\`. \`npm run docs\` measures all ${cases.length} of them and
writes this page; a test measures them again and compares.

- **Compilers**: the first line of the first complaint of ${listOf(everyCompiler.map(shortName))}, from the packed package
  in a strict project. Long types are cut with \`…\`. Where the compilers differ, each is named.
- **Lint**: the recommended rules of \`gated-realtime/lint\` that report it, without types. They find what is written in one
  file; what the compiler refuses already they need not find.
- **Run time**: what comes of the same program as plain JavaScript, with the packed package and the simulated server, while
  the caller is speaking (or whatever else the program arranges). It is read from the frames that the server received and
  from the verdict records, never from what the program says of itself. \`SENT\` is a \`response.create\` on the wire that no
  record admits; \`admitted\`, one that the gate let through; \`held\` and \`refused\`, the gate's verdicts, with the guard;
  \`nothing is sent\`, no \`response.create\`, and no request either; \`fault\`, what the session told its operator.

${count(cases, (each) => !compiles(each))} do not compile. ${count(cases, (each) => each.rules.length > 0)} are reported by a lint rule.
${count(cases, (each) => !succeeds(each))} come to nothing when they run.
${count(cases, (each) => !stops(each))} do neither:`;

function unstopped(cases: readonly Measured[]): string {
  const rows = cases
    .filter((each) => !stops(each))
    .map((each) => [titleOf(each), ruleColumn(each), code(each.outcome), unstoppable[nameOf(each)] ?? '?']);
  return tableOf(['what nothing here can stop', 'lint', 'run time', 'why'], rows);
}

function section(family: string, cases: readonly Measured[]): string {
  const rows = cases.map((each) => [titleOf(each), compileColumn(each), ruleColumn(each), code(each.outcome)]);
  return `## ${heading(family)}\n\n${tableOf(['attempt', 'compilers', 'lint', 'run time'], rows)}`;
}

const ruleColumn = ({ rules }: Measured): string =>
  rules.length === 0 ? '–' : rules.map((name) => `[${name}](rules/${name}.md)`).join('<br>');

/** The column of compiler errors, with one entry where all compilers agree. */
function compileColumn({ said }: Measured): string {
  const groups = [...grouped(everyCompiler, (compiler) => shortened(said[compiler] ?? 'compiles'))];
  const [[alike] = ['']] = groups;
  if (groups.length === 1) return code(alike);
  return groups.map(([text, by]) => `${by.map(shortName).join(', ')}: ${code(text)}`).join('<br>');
}

const LONGEST_TYPE = 80;
const LONGEST_LINE = 220;

/**
 * Unifies what compilers write differently: the order of a union, which depends on the rest of the program, and quotes.
 * Cuts long unions and types.
 */
function shortened(text: string): string {
  const short = text
    .replaceAll(/'(?=[\w.]+'[;\]])([\w.]+)'/g, '"$1"')
    .replaceAll(MEMBERS, unionOf)
    .replaceAll(/'((?:[^']|'(?! |\.(?: |$)|$))*)'/g, (whole, type: string) =>
      type.length > LONGEST_TYPE ? `'${type.slice(0, LONGEST_TYPE)}…'` : whole,
    );
  return short.length > LONGEST_LINE ? `${short.slice(0, LONGEST_LINE)}…` : short;
}

/** Names and literals, joined by bars. */
const MEMBER = /"[^"]*"|unique symbol|\.\.\. \d+ more \.\.\.|\w+\b(?![<.(])/.source;
const MEMBERS = new RegExp(`(?:${MEMBER})(?: \\| (?:${MEMBER}))+`, 'g');

function unionOf(union: string): string {
  const members = union.split(' | ').sort();
  return members.length > 3 ? '…' : members.join(' | ');
}

const count = (cases: readonly Measured[], holds: (each: Measured) => boolean): number => cases.filter(holds).length;
const shortName = (compiler: Compiler): string => compiler.replace('TypeScript ', '');
const listOf = (names: readonly string[]): string => `TypeScript ${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
const titleOf = (each: Measured): string => `${inCell(each.title)}<br>${code(nameOf(each))}`;
const heading = (family: string): string =>
  `${family[0]!.toUpperCase()}${family.slice(1).replaceAll('-', ' ')}`.replace('Json', 'JSON');
/** Formats text as code, whatever backticks it contains. */
const code = (text: string): string => {
  const fence = text.includes('`') ? '``' : '`';
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${inCell(text)}${space}${fence}`;
};

export async function writePage(): Promise<void> {
  writeFileSync(page, pageOf((await measureAll()).cases));
}
