/**
 * `npm run bench`: the figures, against a bare `ws` loop, the official SDK and the agents' SDK, in one run.
 * `--markdown` prints only the tables; `--wire` adds the wire alone. Measures plain JavaScript, as published, because
 * tools that run TypeScript directly add helpers to it.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const outfile = join(root, 'node_modules/.cache/gated-realtime/bench.mjs');

await build({
  entryPoints: [join(import.meta.dirname, 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});
spawn(process.execPath, ['--expose-gc', outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
