import { parseArgs } from 'node:util';
import { unifiedDiff } from '../migrate/diff.js';
import { type Counts, countsOf, migrate, type Report } from '../migrate/migrate.js';
import { commandFrom } from './command.js';
import { printable } from './printable.js';
import type { Terminal } from './run.js';
import { watched } from './watched.js';

const help = `Usage: gated-realtime migrate [options] [paths]

Rewrites raw response.create, where it can prove what was meant, and marks the rest with a comment that says what to write:
  // gated-realtime: goes around user-speaking …
Without --write it only prints the differences. Paths are files and folders; default: this folder.

Rewritten are:
  - a tool's own follow-up: it is removed, because the runner asks for it;
  - a create where a confirmed session is in reach: void session.respond('<function-name>', { response: … }). The purpose
    is declared in the plan's purposes where that is in the same file. "void" says what the raw create did: nobody looks at
    the outcome. A plain response.cancel right before becomes { interrupt: true }.
A create on what may be another line, such as the socket of a browser, is marked. Python, Vue and Svelte are audited, and
not rewritten: what is left is listed.

Options:
  --write   Writes the files. Refused, for all of them, if one is not committed, or cannot be written.
  --help    This.

Examples:
  npx gated-realtime migrate src
  npx gated-realtime migrate --write src/agent.ts

Exit codes:
  0  Nothing is left: no create goes around the gate, and no mark stands.
  1  Something would change, or is left: marked, or refused by --write, or in a language that is not rewritten.
  2  An option is wrong, a file could not be read, or no parser is installed for it.
  130  It was stopped: nothing was written.`;

const options = { write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

export const migrateCommand = commandFrom<Asked>({
  name: 'migrate',
  summary: 'Rewrite raw response.create to session.respond().',
  help,
  options,
  read,
  async carryOut({ mode, paths }, terminal) {
    const { cwd = process.cwd(), signal } = terminal;
    const report = await watched(terminal, (onProgress) => migrate({ cwd, paths, mode, signal, onProgress }));
    return tell(report, mode, terminal);
  },
});

interface Asked {
  readonly mode: 'plan' | 'write';
  readonly paths: readonly string[];
}

function read(args: readonly string[]): Asked | null {
  const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  if (values.help) return null;
  return { mode: values.write ? 'write' : 'plan', paths: positionals.length > 0 ? positionals : ['.'] };
}

function tell(report: Report, mode: 'plan' | 'write', { print, complain }: Terminal): number {
  const say = (line: string): void => print(shown(line));
  for (const remark of report.remarks) complain(shown(remark));
  if (mode === 'plan') {
    for (const { path, before, edits } of report.migrations) unifiedDiff(path, before, edits).split('\n').forEach(say);
  }
  for (const { path, steps } of report.migrations) {
    for (const { line, does, what, danger } of steps) say(`${path}:${line}: ${does}: ${what} (${danger})`);
  }
  for (const { path, line, what, danger, advice } of report.others) {
    say(`${path}:${line}: left: ${what} (${danger}). ${advice}`);
  }
  for (const { path, line, why } of report.unread) {
    complain(shown(`${path}${line === null ? '' : `:${line}`}: unread: ${why}`));
  }
  for (const { path, why } of report.refusals) complain(shown(`${path}: not written: ${why}`));
  const counts = countsOf(report);
  say(summary(report, counts, mode));
  return exitCode(report, counts, mode);
}

function summary({ refusals }: Report, { rewritten, marked, left, unread }: Counts, mode: 'plan' | 'write'): string {
  const nothing = mode === 'plan' ? ' Nothing was written: --write does.' : '';
  const refused = refusals.length > 0 ? ' Nothing was written.' : nothing;
  return `${rewritten} rewritten, ${marked} marked, ${left} left, ${unread} unread.${refused}`;
}

function exitCode({ migrations, refusals }: Report, { marked, left, unread }: Counts, mode: 'plan' | 'write'): number {
  if (unread > 0) return 2;
  const wouldChange = mode === 'plan' && migrations.some(({ before, after }) => before !== after);
  return wouldChange || marked + left + refusals.length > 0 ? 1 : 0;
}

/** Makes a line safe to print, except for its tabs. */
const shown = (line: string): string => line.replace(/\r$/, '').split('\t').map(printable).join('\t');
