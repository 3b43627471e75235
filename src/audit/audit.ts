import { resolve } from 'node:path';
import { type Danger, dangers, detect, type Finding, mayHoldAny, spanOf } from '../detector/index.js';
import { normalised } from './code.js';
import { eachFile } from './each.js';
import { languageOf } from './languages.js';
import { findParsers, type Parsers } from './parsers.js';
import { placesIn } from './places.js';
import { programOf } from './program.js';
import type { Found, Report, Unread, UnreadableError } from './report.js';
import { unreadable } from './script.js';

export interface AuditOptions {
  readonly cwd: string;
  /** Paths relative to `cwd`: see `filesIn`. */
  readonly files: readonly string[];
  /** @default Those of each file's project, of `cwd`, and beside this package. */
  readonly parsers?: Parsers;
  /** Called after every file with the number done and the total. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Looks into every file for what goes around the gate. Never rejects because of a file: what cannot be read is listed.
 *
 * @throws The reason of `signal`, once that is aborted.
 */
export async function audit(options: AuditOptions): Promise<Report> {
  const { files, cwd, parsers = findParsers(cwd), onProgress, signal } = options;
  const findings: Found[] = [];
  const unread: Unread[] = [];
  await eachFile({ cwd, files, onProgress, signal }, async ({ path, text }) => {
    try {
      if (text instanceof Error) throw text;
      const { found, gap } = await auditText(path, text, { cwd, parsers });
      findings.push(...found);
      if (gap) unread.push(unreadFrom(path, gap));
    } catch (error) {
      unread.push(unreadFrom(path, unreadable(error, typeof text === 'string' ? text : '')));
    }
  });
  return { files, findings: findings.sort(byRisk), unread };
}

const unreadFrom = (path: string, { message, line }: UnreadableError): Unread => ({ path, line, why: message });

/** The findings in one file, and what could not be read of it. A file without the relevant words is not parsed. */
async function auditText(
  path: string,
  text: string,
  { cwd, parsers }: { readonly cwd: string; readonly parsers: Parsers },
): Promise<{ readonly found: readonly Found[]; readonly gap: UnreadableError | null }> {
  const language = languageOf(path);
  if (language === null || !mayHoldAny(text)) return { found: [], gap: null };
  const { root, gap } = await programOf({ language, path: resolve(cwd, path), text, parsers });
  const placeOf = placesIn(text);
  return { found: detect(root, text).map((finding) => foundAt(path, text, finding, placeOf)), gap };
}

function foundAt(path: string, text: string, finding: Finding, placeOf: ReturnType<typeof placesIn>): Found {
  const [start, end] = spanOf(finding.node);
  const from = placeOf(start);
  const to = placeOf(end);
  const { rule, kind, what, inside, dangers } = finding;
  return {
    ...{ path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column },
    ...{ inside, rule, kind, what, dangers, code: normalised(text.slice(start, end)) },
  };
}

const risks = Object.keys(dangers) as Danger[];
const ofCreates = 'no-raw-response-create';

/** Sorts code that sends before code that could, then by danger, path and line. */
function byRisk(one: Found, other: Found): number {
  const rank = ({ rule, dangers: [worst] }: Found): number =>
    (rule === ofCreates ? 0 : risks.length) + risks.indexOf(worst ?? 'elsewhere');
  const byPath = one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
  return rank(one) - rank(other) || byPath || one.line - other.line || one.column - other.column;
}
