/** The runtimes: how each is found, and how it runs the checks. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify, stripVTControlCharacters } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { root } from '../tools/packed.js';
import type { Finding } from './places.js';
import type { Stage } from './stage.js';

const run = promisify(execFile);
const installed = (path: string): string => join(root, 'test/runtimes/installed/node_modules', path);

/** A project with the packed package in it. */
export interface Surroundings {
  readonly stage: Stage;
  readonly project: string;
}

export interface Runtime {
  readonly name: string;
  /** The command; null where it is not installed. */
  command(): string | null;
  version(command: string): Promise<string>;
  run(command: string, surroundings: Surroundings): Promise<readonly Finding[]>;
}

const printed = async (command: string, ...args: string[]): Promise<string> =>
  (await run(command, args, { timeout: 120_000 })).stdout.trim();

/** Runtimes that run a file and find packages in `node_modules`. */
const fromFile = (name: string, path: string, version: RegExp, ...args: string[]): Runtime => ({
  name,
  command: () => (existsSync(installed(path)) ? installed(path) : null),
  version: async (command) => version.exec(await printed(command, '--version'))?.[1] ?? 'unknown',
  async run(command, { stage, project }) {
    const file = join(project, 'checks.mjs');
    const code = `console.log(JSON.stringify(await runChecks(${JSON.stringify(stage.places('taken'))})));`;
    await writeFile(file, await program(project, code, { packages: 'external' }));
    const { stdout } = await run(command, [...args, file], { cwd: project, timeout: 120_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as readonly Finding[];
  },
});

/** Node keeps the whole contract of transports as well, over its own WebSocket. */
function node(major: number): Runtime {
  const runtime = fromFile(`Node ${major}`, `node-${major}/bin/node`, /v([\d.]+)/);
  return {
    ...runtime,
    run: async (command, surroundings) => [...(await runtime.run(command, surroundings)), await contractIn(command)],
  };
}

async function contractIn(command: string): Promise<Finding> {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/contract/websocket.test.ts',
    '-t',
    'of this Node itself',
  ];
  const { stdout } = await run(command, args, { cwd: root, timeout: 120_000 }).catch((error: unknown) => {
    return error as { readonly stdout: string };
  });
  const counts = /Tests .*/.exec(stripVTControlCharacters(stdout))?.[0] ?? 'it did not run';
  const held = /\d+ passed/.test(counts) && !counts.includes('failed');
  return { check: 'the contract of transports, over its own WebSocket', wrong: held ? null : counts };
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome'];

const chromium: Runtime = {
  name: 'Chromium',
  command: () =>
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .flatMap((folder) => browsers.map((each) => join(folder, each)))
      .find((path) => existsSync(path)) ?? null,
  version: async (command) => /[\d.]+/.exec(await printed(command, '--version'))?.[0] ?? 'unknown',
  async run(command, { stage, project }) {
    const places = stage.places('refused');
    const report = `await fetch('/findings', { method: 'POST', body: JSON.stringify(await runChecks(${JSON.stringify(places)})) });`;
    const { url, findings } = stage.page(await program(project, report, { platform: 'browser' }));
    const profile = await mkdtemp(join(tmpdir(), 'gated-realtime-chromium-'));
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
    const child = spawn(command, [...flags, `--user-data-dir=${profile}`, url], { stdio: 'ignore' });
    try {
      return await orItsEnd(child, findings);
    } finally {
      await ended(child);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

const workerd: Runtime = {
  name: 'workerd (Workers)',
  command: () => (existsSync(installed('workerd/bin/workerd')) ? installed('workerd/bin/workerd') : null),
  version: async (command) => /[\d-]+$/.exec(await printed(command, '--version'))?.[0] ?? 'unknown',
  async run(command, { stage, project }) {
    const answer = `export default { fetch: async () => Response.json(await runChecks(${JSON.stringify(stage.places('taken'))})) };`;
    const settings: BuildOptions = { platform: 'neutral', mainFields: ['module', 'main'], conditions: ['workerd'] };
    await writeFile(join(project, 'worker.js'), await program(project, answer, settings));
    await writeFile(join(project, 'config.capnp'), config);
    const child = spawn(command, ['serve', 'config.capnp', '--control-fd=1'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const port = await orItsEnd(child, portOf(child));
      return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as readonly Finding[];
    } finally {
      await ended(child);
    }
  },
};

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01",
);
`;

/** Oldest first. Node 20 has no WebSocket of its own. */
export const runtimes: readonly Runtime[] = [
  node(22),
  node(24),
  node(26),
  fromFile('Deno', 'deno/deno', /deno ([\d.]+)/, 'run', '--allow-all', '--no-lock'),
  fromFile('Bun', '.bin/bun', /([\d.]+)/),
  workerd,
  chromium,
];

/** The checks and one statement after them, as the runtime gets them. */
async function program(project: string, code: string, settings: BuildOptions): Promise<string> {
  const contents = `import { runChecks } from '${join(root, 'test/runtimes/checks.ts')}';\n${code}`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project, loader: 'ts' },
    nodePaths: [join(project, 'node_modules')],
    tsconfigRaw: {},
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    ...settings,
  });
  return outputFiles![0]!.text;
}

async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const { event, port } = JSON.parse(line) as { readonly event: string; readonly port: number };
    if (event === 'listen') return port;
  }
  throw new Error('it ended before it listened');
}

function orItsEnd<Value>(child: ChildProcess, wanted: Promise<Value>): Promise<Value> {
  const gone = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended by itself, with ${code ?? 'a signal'}`)));
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('it did not report within two minutes')), 120_000).unref();
  });
  return Promise.race([wanted, gone, late]);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await exit;
}
