import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  audit,
  baselineOf,
  compare,
  type Compared,
  type Entry,
  type FileOptions,
  folderInRepository,
  filesIn,
  type FormatName,
  formats,
  type Listed,
  parseBaseline,
  printBaseline,
  type Report,
  type Result,
} from '../audit/index.js';
import { version } from '../version.js';
import { commandFrom } from './command.js';
import { printable } from './printable.js';
import type { Terminal } from './run.js';
import { watched } from './watched.js';

const help = `Usage: gated-realtime audit [paths] [options]

Finds what goes around the gate: direct response.create, raw clients and connections, replaced transports and
verdicts that nobody reads. It reads JavaScript, TypeScript, JSX, Vue, Svelte and Python. Without paths it
looks into the current folder; what .gitignore names is left out.

Options:
  --format <name>          pretty, json, sarif or github. Default pretty.
  --baseline <file>        Report only what this file does not have, and what it has and the code no longer has.
  --write-baseline <file>  Accept what there is now: write it to this file, and exit with 0, or 2 for unread files.
  --no-tests               Leave out test files and test folders.
  --help                   This.

Examples:
  npx gated-realtime audit
  npx gated-realtime audit src --no-tests
  npx gated-realtime audit --write-baseline gate.json
  npx gated-realtime audit --baseline gate.json --format github

Exit codes: 0 nothing found; 1 findings; 2 files that could not be read, no files, or a wrong option; 130 stopped.
Parsers are those of the audited project: the audit runs them, so run it on code that you trust.`;

const options = {
  format: { type: 'string' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  'no-tests': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const auditCommand = commandFrom<Asked>({
  name: 'audit',
  summary: 'Find what goes around the gate, in a whole code base.',
  help,
  options,
  read,
  async carryOut(asked, terminal) {
    try {
      return await carryOut(asked, terminal);
    } catch (error) {
      if (terminal.signal.aborted) throw error;
      terminal.complain(printable((error as Error).message));
      return 2;
    }
  },
});

interface Asked {
  readonly paths: readonly string[];
  readonly format: FormatName;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly tests: 'with' | 'without';
}

function read(args: readonly string[]): Asked | string | null {
  const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  if (values.help) return null;
  const format = values.format ?? 'pretty';
  if (!isFormat(format)) return `--format must be pretty, json, sarif or github, not "${format}".`;
  return {
    paths: positionals.length > 0 ? positionals : ['.'],
    format,
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
    tests: values['no-tests'] ? 'without' : 'with',
  };
}

const isFormat = (name: string): name is FormatName => Object.hasOwn(formats, name);

async function carryOut({ paths, format, tests, ...asked }: Asked, terminal: Terminal): Promise<number> {
  const cwd = terminal.cwd ?? process.cwd();
  const baseline = asked.baseline === undefined ? null : await load(resolve(cwd, asked.baseline), cwd);
  const listed = await listFiles({ cwd, paths, tests, signal: terminal.signal });
  for (const remark of listed.remarks) terminal.complain(printable(remark));
  const { findings, unread, files } = await lookInto(cwd, listed.files, terminal);
  const report: Report = { files, findings, unread: [...listed.unread, ...unread] };
  const compared = baseline && compare(report, baseline, cwd);
  const written = formats[format](resultOf(report, compared, cwd), version);
  for (const line of written) terminal.print(printable(line));
  if (asked.writeBaseline !== undefined) {
    const file = resolve(cwd, asked.writeBaseline);
    await writeFile(file, printBaseline(baselineOf(report.findings), { file: dirname(file), cwd }));
  }
  if (report.unread.length > 0) return 2;
  const { fresh } = compared ?? { fresh: report.findings };
  return asked.writeBaseline === undefined && fresh.length > 0 ? 1 : 0;
}

/** @throws Where a path does not exist, or where there is nothing to audit. */
async function listFiles(options: FileOptions): Promise<Listed> {
  const listed = await filesIn(options);
  const { files, unread, unknown } = listed;
  if (unknown.length > 0) throw new Error(`There is no ${unknown.map((path) => `"${path}"`).join(', ')}.`);
  if (files.length > 0 || unread.length > 0) return listed;
  throw new Error('There are no files to audit: none is of a language that the audit reads.');
}

const lookInto = (cwd: string, files: readonly string[], terminal: Terminal): Promise<Report> =>
  watched(terminal, (onProgress) => audit({ cwd, files, signal: terminal.signal, onProgress }));

function resultOf({ files, findings, unread }: Report, compared: Compared | null, cwd: string): Result {
  const counted = { folder: folderInRepository(cwd), files: files.length, unread };
  if (!compared) return { ...counted, findings, baseline: null };
  const { fresh, known, gone } = compared;
  return { ...counted, findings: fresh, baseline: { known, gone } };
}

async function load(path: string, cwd: string): Promise<readonly Entry[]> {
  try {
    return parseBaseline(await readFile(path, 'utf8'), { file: dirname(path), cwd });
  } catch (error) {
    throw new Error(`The baseline ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
