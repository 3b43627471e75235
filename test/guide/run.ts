/** Runs the programs of the pages in this process, with the simulated server, and captures their output. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatWithOptions } from 'node:util';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { openSession } from 'gated-realtime';
import { recordTo } from 'gated-realtime/record';
import { createSimulator, listen } from 'gated-realtime/simulator';
import type { Program } from './programs.js';

type Module = Readonly<Record<string, unknown>>;

/** What the programs take of a test runner. */
interface Runner {
  test(title: string, body: () => unknown): void;
  afterEach(body: () => unknown): void;
}

const known: Readonly<Record<string, () => Promise<Module>>> = {
  'gated-realtime': () => import('gated-realtime'),
  'gated-realtime/ws': () => import('gated-realtime/ws'),
  'gated-realtime/websocket': () => import('gated-realtime/websocket'),
  'gated-realtime/simulator': () => import('gated-realtime/simulator'),
  'gated-realtime/record': () => import('gated-realtime/record'),
  'ts-pattern': () => import('ts-pattern'),
  openai: () => import('openai'),
  pino: () => import('pino'),
  zod: () => import('zod'),
};

/** Writes the files that programs of the pages read. */
async function writeFiles(folder: string): Promise<void> {
  await writeFile(join(folder, 'events.jsonl'), '{"type":"session.created","session":{"type":"realtime"}}\n');
  const { transport, clock, stop } = createSimulator();
  const observe = [recordTo(join(folder, 'test/calls/2026-11-26.jsonl'))];
  const session = await openSession({ transport, clock, observe, purposes: ['greeting'] });
  await session.respond('greeting').done;
  await session.close();
  stop();
}

/** Runs a program in a folder of its own, with those files. */
export async function outputsOf(program: Program): Promise<readonly string[]> {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), 'gated-realtime-page-'));
  try {
    await writeFiles(folder);
    process.chdir(folder);
    return await outputsHere(program);
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The output of each block. Tests in the program must pass; errors are thrown. */
async function outputsHere(program: Program): Promise<readonly string[]> {
  const printed = program.blocks.map(() => '');
  let current = 0;
  const print = (...said: readonly unknown[]): void => {
    printed[current] = `${printed[current]!}${formatWithOptions({ colors: false }, ...said)}\n`;
  };
  const tests: (() => unknown)[] = [];
  const afterwards: (() => unknown)[] = [];
  const code = program.blocks.map((each, at) => `${each.code}\n$ended(${at});\n`).join('');
  const ended = (at: number): void => {
    current = Math.min(at + 1, printed.length - 1);
  };
  const modules = await modulesOf(code, {
    test: (_title, body) => void tests.push(body),
    afterEach: (body) => void afterwards.push(body),
  });
  await withServer(code, async () => {
    const run = compileFunction(`return (async () => {\n${emitted(program, code)}\n})();`, [
      ...['console', 'require', 'exports', '$ended'],
    ]) as (...given: unknown[]) => Promise<void>;
    const console = { log: print, warn: print, error: print };
    await run(console, (name: string) => modules.get(name), {}, ended);
    for (const test of tests) {
      try {
        await test();
      } finally {
        for (const body of afterwards) await body();
      }
    }
  });
  return printed;
}

/** Emits JavaScript with its syntax unchanged, so that syntax unknown to this version of Node is an error. */
function emitted({ blocks }: Program, code: string): string {
  const target = blocks[0]!.language === 'js' ? ts.ScriptTarget.ESNext : ts.ScriptTarget.ES2022;
  const compilerOptions = { target, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

async function modulesOf(code: string, runner: Runner): Promise<ReadonlyMap<string, Module>> {
  const names = [...code.matchAll(/^import (?!type ).*?from '([^']+)';$/gms)].map(([, name]) => name!);
  const modules = new Map<string, Module>();
  for (const name of names) modules.set(name, { ...(await load(name, runner)), __esModule: true });
  return modules;
}

async function load(name: string, runner: Runner): Promise<Module> {
  if (name === 'vitest') {
    const { expect, vi } = await import('vitest');
    return { ...runner, expect, vi };
  }
  if (name === 'node:test') return { ...runner };
  if (name.startsWith('node:')) return (await import(name)) as Module;
  const found = known[name];
  if (!found) throw new Error(`A program of the pages imports ${name}, which is not known in test/guide/run.ts.`);
  return found();
}

/** Runs code with a simulated server at the address in its environment. */
async function withServer(code: string, run: () => Promise<void>): Promise<void> {
  if (!code.includes("'gated-realtime/ws'")) return run();
  const server = await listen({ seed: 1 });
  const before = { ...process.env };
  process.env['OPENAI_BASE_URL'] = server.url.replace(/^ws/, 'http').replace(/\/realtime$/, '');
  process.env['OPENAI_API_KEY'] = 'simulated';
  try {
    await run();
  } finally {
    process.env = before;
    await server.close();
  }
}
