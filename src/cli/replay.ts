import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type CallRecord, explain, readRecord, replay, type Replay, type ReplayedVerdict } from '../record/index.js';
import { seconds } from '../record/explain.js';
import { commandFrom } from './command.js';
import { printable } from './printable.js';
import type { Terminal } from './run.js';

const help = `Usage: gated-realtime replay [options] <paths>

Gives recorded calls to today's machine, and shows what it decides otherwise: first the step where it first does, then all.
What follows the first difference is what would have come of the same inputs. Paths are records (call.jsonl), of a rotated
one its first part, and folders of them. Lines of plain Realtime events are read as well: each response.create is then asked
as a request, which shows what the gate would have stopped, and why.

Options:
  --assert         Exit with 1 if anything differs; print nothing where nothing does.
  --format <name>  pretty or json. Default pretty.
  --help           This.

Examples:
  npx gated-realtime replay recordings/call.jsonl
  npx gated-realtime replay --assert recordings
  npx gated-realtime replay --format json recordings

Exit codes: 0 replayed; 1 with --assert: something differs; 2 a path that cannot be read, a version that is not known, or a
wrong option.`;

const options = {
  assert: { type: 'boolean' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Asked {
  readonly paths: readonly string[];
  readonly format: 'pretty' | 'json';
  readonly mode: 'show' | 'assert';
}

export const replayCommand = commandFrom<Asked>({
  name: 'replay',
  summary: "Give recorded calls to today's machine.",
  help,
  options,
  read,
  carryOut,
});

function read(args: readonly string[]): Asked | string | null {
  const { values, positionals: paths } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  if (values.help) return null;
  const format = values.format ?? 'pretty';
  if (format !== 'pretty' && format !== 'json') return `--format must be pretty or json, not "${format}".`;
  if (paths.length === 0) return 'Which records?';
  return { paths, format, mode: values.assert ? 'assert' : 'show' };
}

async function carryOut({ paths, format, mode }: Asked, terminal: Terminal): Promise<number> {
  const unread: string[] = [];
  const files = await filesIn(terminal.cwd ?? process.cwd(), paths, unread);
  const told = new Set<string>();
  let differences = 0;
  for (const file of files) {
    const record = await readOr(file, unread);
    if (!record) continue;
    const shown = replay(record);
    differences += shown.differences.length;
    for (const remark of record.remarks) {
      // A remark about a limit of imports is printed once, not for every file.
      if (!record.header && told.has(remark)) continue;
      told.add(remark);
      terminal.complain(printable(`${file}: ${remark}`));
    }
    const lines =
      format === 'json' ? [asJson(file, record, shown)] : mode === 'show' ? account(file, record, shown) : [];
    for (const line of lines) terminal.print(printable(line));
    if (mode === 'assert' && format === 'pretty')
      for (const line of differing(file, shown)) terminal.print(printable(line));
  }
  for (const why of unread) terminal.complain(printable(why));
  if (unread.length > 0) return 2;
  return mode === 'assert' && differences > 0 ? 1 : 0;
}

// Reading ---------------------------------------------------------------------------------------------------------------

/** Finds the records in the given paths; of a rotated record, its first part. */
async function filesIn(cwd: string, paths: readonly string[], unread: string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(resolve(cwd, path)).catch(() => null);
    if (!found) unread.push(`There is no ${path}.`);
    else if (!found.isDirectory()) files.push(resolve(cwd, path));
    else files.push(...(await recordsIn(resolve(cwd, path), unread)));
  }
  return files;
}

async function recordsIn(folder: string, unread: string[]): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const firsts = names.filter((name) => !names.includes(name.replace(/\.\d+\.jsonl$/, '.jsonl')) || !isPart(name));
  if (firsts.length === 0) unread.push(`${folder}: There are no records in it: no file ends with .jsonl.`);
  return firsts.map((name) => join(folder, name));
}

const isPart = (name: string): boolean => /\.\d+\.jsonl$/.test(name);

async function readOr(file: string, unread: string[]): Promise<CallRecord | null> {
  try {
    return await readRecord(file);
  } catch (error) {
    unread.push(`${file}: ${(error as Error).message}`);
    return null;
  }
}

// Telling ---------------------------------------------------------------------------------------------------------------

function account(file: string, record: CallRecord, shown: Replay): readonly string[] {
  const { header, ending } = record;
  const model = header?.model ?? null;
  const about = [
    ...(header ? [header.startedAt, ...(model === null ? [] : [model])] : ['plain Realtime events']),
    `${shown.steps} steps`,
    ...(ending ? [`ended: ${ending.kind}`] : []),
  ];
  return [
    `${file}: ${about.join(', ')}`,
    ...shown.verdicts.map((verdict) => `  ${sayVerdict(verdict)}`),
    ...(header ? differing(null, shown) : [stopped(shown)]),
    '',
  ];
}

function sayVerdict({ at, purpose, verdict, by, heldBy, waitedMs, overrides }: ReplayedVerdict): string {
  const why = by === null ? '' : ` by ${by}`;
  const waited = heldBy.length > 0 ? `, held for ${seconds(waitedMs)} by ${heldBy.join(', ')}` : '';
  const overridden = overrides.length > 0 ? `, overriding ${overrides.join(', ')}` : '';
  return `${seconds(at).padStart(12)}  ${verdict.padEnd(6)} '${purpose}'${why}${waited}${overridden}`;
}

/** Reports the first difference, then all of them. */
function differing(file: string | null, { differences }: Replay): readonly string[] {
  const [first, ...rest] = differences.map((each) => explain(each).split('\n'));
  if (!first) return file === null ? ['No difference.'] : [];
  const more = rest.length === 0 ? [] : [`What would come of the same inputs from there, ${rest.length} more:`];
  return [...(file === null ? [] : [`${file}:`]), 'The first difference:', ...first, ...more, ...rest.flat()].map(
    (line) => (file === null || line === `${file}:` ? line : `  ${line}`),
  );
}

function stopped({ verdicts }: Replay): string {
  const refused = verdicts.filter(({ verdict }) => verdict === 'refuse').length;
  return `The gate would have stopped ${refused} of ${verdicts.length} creates.`;
}

function asJson(
  file: string,
  { header, remarks, ending }: CallRecord,
  { steps, verdicts, differences }: Replay,
): string {
  const told = differences.map(({ threw, ...rest }) => ({ ...rest, threw: threw?.message ?? null }));
  return JSON.stringify({ file, header, ending, remarks, steps, verdicts, differences: told });
}
