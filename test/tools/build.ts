/**
 * `npm run build`: builds dist, with a JavaScript file for each source, and a declaration file for each entry point.
 * Shared declarations are in `contract.d.ts`, because a brand that is declared twice is two brands.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { root, run } from './packed.js';

const dist = join(root, 'dist');
const ways = {
  index: 'src/index.ts',
  ws: 'src/ws.ts',
  simulator: 'src/simulator/index.ts',
  record: 'src/record/index.ts',
  lint: 'src/lint/index.ts',
};

process.chdir(root);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await Promise.all([emit(), declare()]);

async function emit(): Promise<void> {
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src']).catch((error: unknown) => {
    throw new Error((error as { readonly stdout: string }).stdout);
  });
  // Files with only types compile to empty modules.
  rmSync(join(dist, 'types'), { recursive: true, force: true });
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const file = join(dist, name);
    if (file.endsWith('.js') && /^export \{\};\s*(?:\/\/.*)?$/.test(readFileSync(file, 'utf8'))) {
      for (const each of [file, `${file}.map`]) rmSync(each);
    }
  }
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
