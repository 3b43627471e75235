/**
 * Writes what README says of the gate from the gate's own tables: `npm run docs`. With `--check`, only tells whether it
 * is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dimensions, guards, requestLife, responseLife, transcribedTurn } from '../../src/machine/index.js';

type Rows = Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;
const readme = fileURLToPath(new URL('../../README.md', import.meta.url));

/** README with its generated parts as they should be. */
export function upToDate(text: string): string {
  return replacePart(replacePart(text, 'states', diagram()), 'guards', guardTable());
}

function replacePart(text: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name}: generated -->\n)[^]*?(\n<!-- /${name} -->)`);
  if (!part.test(text)) throw new Error(`README has no part '${name}'.`);
  return text.replace(part, (_, begin: string, end: string) => `${begin}\n${content}\n${end}`);
}

/** Each dimension of the state as a diagram of its own, side by side. */
export function diagram(): string {
  const machines: readonly (readonly [string, Rows])[] = [
    ...Object.entries(dimensions),
    ['turn, until transcribed', transcribedTurn],
    ['request', requestLife],
    ['response', responseLife],
  ];
  return ['```mermaid', 'stateDiagram-v2', ...machines.flatMap(([name, rows]) => composite(name, rows)), '```'].join(
    '\n',
  );
}

function composite(name: string, rows: Rows): readonly string[] {
  const [first] = Object.keys(rows);
  const arrows = new Map<string, string[]>();
  for (const [from, row] of Object.entries(rows)) {
    for (const [fact, to] of Object.entries(row)) {
      const arrow = `${id(name, from)} --> ${id(name, to ?? from)}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), fact]);
    }
  }
  const reached = Object.keys(rows).filter(
    (state) => state === first || [...arrows.keys()].some((arrow) => arrow.endsWith(`> ${id(name, state)}`)),
  );
  return [
    `  state "${name}" as ${id(name)} {`,
    ...reached.map((state) => `    state "${state}" as ${id(name, state)}`),
    `    [*] --> ${id(name, first ?? '')}`,
    ...[...arrows].map(([arrow, facts]) => `    ${arrow}: ${facts.join(', ')}`),
    '  }',
  ];
}

const id = (...names: readonly string[]): string => names.join('_').replaceAll(/\W+/g, '_');

function guardTable(): string {
  const rows = guards.map(({ name, kind, askedBy, override, says }) => [
    `\`${name}\``,
    kind,
    askedBy,
    override ? 'by name' : name === 'response-active' ? 'by `interrupt`' : '–',
    says,
  ]);
  const head = ['guard', 'kind', 'asked by', 'override', 'what a refusal says'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['<!-- prettier-ignore -->', ...table].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(readme, upToDate(readFileSync(readme, 'utf8')));
}
