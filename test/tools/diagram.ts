/** Generates the parts of some pages that come from the tables of the machine and the consumers. */
import { fileURLToPath } from 'node:url';
import { deadlines, dimensions, guards, lives } from '../../src/machine/index.js';
import { parts as consumers } from '../consumers/page.js';
import { limitTable } from './limits.js';
import { tableOf } from './tables.js';

type Rows = Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;

/** The pages with parts that are generated. */
export const pages: readonly string[] = ['verdicts', 'operations', 'machine', 'typescript'].map((path) =>
  fileURLToPath(new URL(`../../docs/${path}.md`, import.meta.url)),
);

/** A page with its generated parts brought up to date. */
export function upToDate(text: string): string {
  const parts = {
    states: diagram(),
    guards: guardTable(),
    deadlines: deadlineTable(),
    limits: limitTable(),
    ...consumers(),
  };
  return Object.entries(parts).reduce((whole, [name, content]) => replacePart(whole, name, content), text);
}

/** A part that the page does not have is left out. */
function replacePart(text: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name}: generated -->\n)[^]*?(\n<!-- /${name} -->)`);
  return text.replace(part, (_, begin: string, end: string) => `${begin}\n${content}\n${end}`);
}

/** A diagram for each dimension of the state, and for each table of things that exist many times. */
export function diagram(): string {
  const tables: readonly { readonly name: string; readonly rows: Rows }[] = [
    ...Object.values(dimensions),
    ...Object.values(lives),
  ];
  const machines = tables.flatMap(({ name, rows }) => composite(name, rows));
  return ['```mermaid', 'stateDiagram-v2', ...machines, '```'].join('\n');
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
  return tableOf(['guard', 'kind', 'asked by', 'override', 'what a refusal says'], rows);
}

/** The table of states with a time limit: which, how long, and the fault that follows. */
function deadlineTable(): string {
  const rows = deadlines.map(({ dimension, state, limit, stoppedBy, then, fault }) => [
    `${dimension}: ${state}`,
    `\`limits.${limit}\``,
    stoppedBy ?? '–',
    then,
    fault === null ? '–' : `${fault} … ms.`,
  ]);
  return tableOf(['state', 'lasts for', 'its clock is stopped by', 'then', 'fault'], rows);
}
