import type { Found } from '../report.js';
import { counts, type Format, functionOf, many, type Result, riskOf, sentence } from './result.js';

/** The format for people: the riskiest finding first, each with the guards that it bypasses, then counts. */
export const pretty: Format = (result) => [
  ...result.findings.flatMap(described),
  ...unread(result),
  ...gone(result),
  ...totals(result),
];

function described(finding: Found): readonly string[] {
  const { path, line, column, inside, kind } = finding;
  const guards = finding.dangers.map((danger) => `    ${riskOf(danger)}`);
  return [`${path}:${line}:${column}  ${functionOf(inside)}  [${kind}] ${sentence(finding)}`, ...guards, ''];
}

function unread({ unread }: Result): readonly string[] {
  if (unread.length === 0) return [];
  const lines = [...counts(unread.map(({ why }) => why)).keys()].flatMap((reason) => [
    `  ${reason}`,
    ...unread.flatMap(({ path, line, why }) =>
      why === reason ? [`    ${path}${line === null ? '' : `:${line}`}`] : [],
    ),
  ]);
  return [`Not read, so nothing is known of ${unread.length === 1 ? 'it' : 'them'}:`, ...lines, ''];
}

function gone({ baseline }: Result): readonly string[] {
  if (!baseline || baseline.gone.length === 0) return [];
  const lines = baseline.gone.map(
    ({ path, function: inside, kind, count }) =>
      `  ${path}  ${functionOf(inside)}  [${kind}]${count > 1 ? ` × ${count}` : ''}`,
  );
  const hint = `${many(lines.length, 'entry')} of the baseline ${lines.length === 1 ? 'is' : 'are'} gone`;
  return [`${hint} from the code. To shrink it, write it again with --write-baseline:`, ...lines, ''];
}

function totals({ files, findings, unread, baseline }: Result): readonly string[] {
  const table = (title: string, names: readonly string[]): readonly string[] =>
    names.length === 0
      ? []
      : [`${title}:`, ...[...counts(names)].map(([name, count]) => `  ${String(count).padStart(5)}  ${name}`), ''];
  const parts = [
    many(findings.length, baseline ? 'new finding' : 'finding'),
    ...(baseline ? [`${many(baseline.known, 'finding')} in the baseline`] : []),
    ...(unread.length > 0 ? [`${many(unread.length, 'file')} not read`] : []),
  ];
  return [
    ...table(
      'By kind',
      findings.map(({ kind }) => kind),
    ),
    ...table(
      'By function',
      findings.map(({ path, inside }) => `${functionOf(inside)}  (${path})`),
    ),
    `${many(files, 'file')}: ${parts.join(', ')}.`,
  ];
}
