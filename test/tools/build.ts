/**
 * `npm run build`: builds dist, with one JavaScript file and one declaration file for each entry point. Shared code is in
 * chunks, because a module that is loaded twice is two modules, and a brand that is declared twice is two brands.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { root } from './packed.js';

const dist = join(root, 'dist');
const ways = {
  index: 'src/index.ts',
  ws: 'src/ws.ts',
  websocket: 'src/websocket.ts',
  simulator: 'src/simulator/index.ts',
  record: 'src/record/index.ts',
  lint: 'src/lint/index.ts',
};
/** Ways in that have no declarations of their own. */
const untyped = { 'ws-in-browsers': 'src/ws-in-browsers.ts', cli: 'src/cli/main.ts' };

process.chdir(root);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await Promise.all([emit(), declare()]);

async function emit(): Promise<void> {
  await build({
    entryPoints: { ...ways, ...untyped },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    chunkNames: 'chunks/[hash]',
    // The sources are in the package: maps name them.
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
}

async function declare(): Promise<void> {
  const bundle = await rollup({
    input: ways,
    plugins: [dts({ tsconfig: 'src/tsconfig.json', includeExternal: ['type-fest'] })],
    external: [/^node:/, /^openai($|\/)/, 'ws', 'eslint', '@standard-schema/spec'],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate({
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'contract.d.ts',
    // Compilers quote the exported names of the shared file when they compare two copies of a type.
    minifyInternalExports: false,
  });
  for (const file of output) {
    if (file.type !== 'chunk') continue;
    // Sessions are disposable, which a project that asks for no such library does not know.
    const needs = file.code.includes('AsyncDisposable') ? '/// <reference lib="esnext.disposable" />\n' : '';
    writeFileSync(join(dist, file.fileName), needs + tidy(file.code));
  }
}

function tidy(declarations: string): string {
  return (
    declarations
      // The bundler drops the `type` of `export type *`: the SDK has nothing to export at run time.
      .replaceAll(/^export \* from/gm, 'export type * from')
      .replaceAll(/^import '[^']+';\n/gm, '')
      // Removes the helpers' own doc comments: thirty pages about one `Except`.
      .replaceAll(/^[ \t]*\/\*\*\n(?! \*|[ \t]+\*)[^]*?\*\/\n/gm, '')
  );
}
