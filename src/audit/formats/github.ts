import type { Found, Unread } from '../report.js';
import { type Format, fromTheTop, functionOf, many, type Result, riskOf, sentence } from './result.js';

/** Workflow commands for GitHub Actions: an annotation for each finding. */
export const github: Format = (result) => commandsOf(fromTheTop(result));

const commandsOf = ({ files, findings, unread, baseline }: Result): readonly string[] => [
  ...findings.map(finding),
  ...unread.map(failure),
  ...(baseline?.gone ?? []).map(({ path, function: inside, kind }) =>
    command('notice', { title: 'gated-realtime: gone from the code' }, `${path}, ${functionOf(inside)}: ${kind}`),
  ),
  `${many(files, 'file')}: ${many(findings.length, 'finding')}, ${unread.length} not read.`,
];

function finding(found: Found): string {
  const { path, line, column, endLine, endColumn, rule, inside } = found;
  // GitHub ignores the columns of findings that span several lines.
  const ends = endLine === line ? { endLine, endColumn } : { endLine };
  const place = { file: path, line, ...ends, col: column, title: `gated-realtime: ${rule}` };
  const risks = found.dangers.map((danger) => riskOf(danger));
  const level = rule === 'no-raw-response-create' ? 'error' : 'warning';
  return command(level, place, [`${functionOf(inside)}: ${sentence(found)}`, ...risks].join('\n'));
}

const failure = ({ path, line, why }: Unread): string =>
  command('error', { file: path, ...(line !== null && { line }), title: 'gated-realtime: not read' }, why);

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapedProperty(String(value))}`);
  return `::${name} ${written.join(',')}::${escaped(message)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
