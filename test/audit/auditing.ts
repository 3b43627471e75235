import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { audit, filesIn, type Found, type Report } from '../../src/audit/index.js';
import { run, type Terminal } from '../../src/cli/run.js';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Makes a folder with these files, removed after the test. It is below this package, so that its parsers are found. */
export function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) write(folder, path, text);
  return folder;
}

export function write(folder: string, path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

export const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Audits a folder with these files. */
export async function auditFiles(files: Files, tests: 'with' | 'without' = 'with'): Promise<Report> {
  const cwd = folderWith(files);
  const { files: listed } = await filesIn({ cwd, paths: ['.'], tests });
  return audit({ cwd, files: listed });
}

/** The findings of one file, each as `line kind what in function`. */
export async function findingsOf(path: string, text: string): Promise<readonly string[]> {
  const { findings, unread } = await auditFiles({ [path]: text });
  if (unread.length > 0) throw new Error(unread.map(({ why, line }) => `${line ?? '?'}: ${why}`).join('\n'));
  return [...findings].sort((one, other) => one.line - other.line).map(described);
}

export const described = ({ line, kind, what, inside }: Found): string => `${line} ${kind} ${what} in ${inside ?? '–'}`;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as typed. */
export const type = (cwd: string, ...args: readonly string[]): Promise<Ran> => typeWatched(cwd, args, {});

/** The same with a progress line, and a way to stop it. */
export async function typeWatched(cwd: string, args: readonly string[], watched: Partial<Terminal>): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const { signal } = new AbortController();
  const terminal = { print: (line: string) => out.push(line), complain: (line: string) => err.push(line), signal, cwd };
  const code = await run(['audit', ...args], { ...terminal, ...watched });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

export const create = `ws.send(JSON.stringify({ type: 'response.create' }));\n`;
