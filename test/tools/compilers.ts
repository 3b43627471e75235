/** Runs every supported compiler by its command, the only interface of the newest one. */
import { execFile } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { root } from './packed.js';

export const compilers = {
  'TypeScript 5.5': 'typescript-5.5',
  'TypeScript 5.9': 'typescript-5.9',
  'TypeScript 6.0': 'typescript',
  'TypeScript 7.0': 'typescript-7',
} as const;

/** The compilers for our own sources, whose settings the oldest compiler does not know. */
export const sourceCompilers = ['TypeScript 5.9', 'TypeScript 6.0', 'TypeScript 7.0'] as const;

export type Compiler = keyof typeof compilers;
export const everyCompiler = Object.keys(compilers) as Compiler[];

export interface Complaint {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** The whole of it, with what the compiler says further on. */
  readonly text: string;
}

/** The compiler's errors in a project. Throws if the compiler could not run. */
export const compile = (compiler: Compiler, project: string): Promise<Complaint[]> =>
  tsc(resolve(root, 'node_modules', compilers[compiler]), ['-p', project, '--noEmit'], project);

/** The same for any compiler, by its folder, and for any arguments. */
export async function tsc(folder: string, args: readonly string[], project: string): Promise<Complaint[]> {
  const output = await new Promise<string>((settle, fail) => {
    const command = [join(folder, 'bin/tsc'), ...args, '--pretty', 'false'];
    execFile(process.execPath, command, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && stdout === '') fail(new Error(`${folder} did not run: ${stderr}`));
      else settle(stdout);
    });
  });
  return readComplaints(output, project);
}

const opening = /^(?<file>.+?)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<text>.*)$/;

export function readComplaints(output: string, project: string): Complaint[] {
  const complaints: Complaint[] = [];
  for (const line of output.split('\n')) {
    const found = opening.exec(line)?.groups;
    const last = complaints.at(-1);
    if (found) {
      const file = relative(project, resolve(process.cwd(), found['file']!));
      complaints.push({ file, line: Number(found['line']), code: found['code']!, text: found['text']! });
    } else if (last && line.startsWith(' ')) {
      complaints[complaints.length - 1] = { ...last, text: `${last.text}\n${line.trim()}` };
    } else if (line.trim() !== '') {
      complaints.push({ file: '', line: 0, code: '', text: line });
    }
  }
  return complaints;
}
