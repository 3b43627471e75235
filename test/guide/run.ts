/** Runs the programs of the pages here, against the simulated server, and hears what they print. */
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

/** The files that programs of the pages read. */
async function writeFiles(folder: string): Promise<void> {
  await writeFile(join(folder, 'events.jsonl'), '{"type":"session.created","session":{"type":"realtime"}}\n');
  const { transport, clock, stop } = createSimulator();
  const observe = [recordTo(join(folder, 'test/calls/2026-11-26.jsonl'))];
  const session = await openSession({ transport, clock, observe, purposes: ['greeting'] });
  await session.respond('greeting').done;
  await session.close();
  stop();
}

/** Runs it in a folder of its own, which holds what programs of the pages read. */
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

/** What each block of the program prints. The tests in it have passed; no test, no promise: what it throws is thrown. */
async function outputsHere(program: Program): Promise<readonly string[]> {
  const printed = program.blocks.map(() => '');
  let current = 0;
  const print = (...said: readonly unknown[]): void => {
    printed[current] = `${printed[current]!}${formatWithOptions({ colors: false }, ...said)}\n`;
  };
  const tests: (() => unknown)[] = [];
  const code = program.blocks.map((each, at) => `${each.code}\n$ended(${at});\n`).join('');
  const ended = (at: number): void => {
    current = Math.min(at + 1, printed.length - 1);
  };
  const modules = await modulesOf(code, tests);
  await withServer(code, async () => {
    const run = compileFunction(`return (async () => {\n${emitted(program, code)}\n})();`, [
      ...['console', 'require', 'exports', '$ended'],
    ]) as (...given: unknown[]) => Promise<void>;
    const console = { log: print, warn: print, error: print };
    await run(console, (name: string) => modules.get(name), {}, ended);
    for (const test of tests) await test();
  });
  return printed;
}

/** Plain JavaScript keeps its syntax: what the Node that runs this does not know is an error. */
function emitted({ blocks }: Program, code: string): string {
  const target = blocks[0]!.language === 'js' ? ts.ScriptTarget.ESNext : ts.ScriptTarget.ES2022;
  const compilerOptions = { target, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

async function modulesOf(code: string, tests: (() => unknown)[]): Promise<ReadonlyMap<string, Module>> {
  const names = [...code.matchAll(/^import (?!type ).*?from '([^']+)';$/gms)].map(([, name]) => name!);
  const modules = new Map<string, Module>();
  for (const name of names) modules.set(name, { ...(await load(name, tests)), __esModule: true });
  return modules;
}

async function load(name: string, tests: (() => unknown)[]): Promise<Module> {
  if (name === 'vitest') {
    const { expect } = await import('vitest');
    return { expect, test: (_title: string, body: () => unknown) => void tests.push(body) };
  }
  if (name.startsWith('node:')) return (await import(name)) as Module;
  const found = known[name];
  if (!found) throw new Error(`A program of the pages imports ${name}, which is not known in test/guide/run.ts.`);
  return found();
}

/** A program over a socket finds the simulated server where its environment says. */
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
