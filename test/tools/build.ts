/**
 * `npm run build`: builds dist, with one JavaScript file and one declaration file for each entry point. Shared code is in
 * chunks, because a module that is loaded twice is two modules, and a brand that is declared twice is two brands.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import { rollup, type Plugin, type RollupLog } from 'rollup';
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

/**
 * The chunks, by the sources in them; what is in none of them stands where it is needed. Each file takes its time to load,
 * so they are few. A bundler leaves out a whole file that is not used, and so nobody has a session for `tool` alone.
 */
const chunks: Readonly<Record<string, RegExp>> = {
  version: /^version\.ts$/,
  basics:
    /^(?!index|ws|websocket)([^/]+|(money|observe)\/.*|session\/(check|shared-budget)|machine\/read|transport\/(checked-url|closing|credential-places|dialects))\.ts$/,
  session: /^(session|machine|wire)\//,
  simulator: /^simulator\//,
  record: /^record\//,
  detector: /^detector\//,
};

/** Resolves sources as TypeScript names them, and strips their types; whatever is not a source stays outside. */
const withoutTypes: Plugin = {
  name: 'without-types',
  resolveId(id, from) {
    const source = resolve(from === undefined ? '.' : dirname(from), id.replace(/\.js$/, '.ts'));
    return existsSync(source) ? source : { id, external: true };
  },
  transform: async (code, id) =>
    transform(code, {
      loader: 'ts',
      target: 'node20',
      pure: ['Object.freeze'],
      sourcefile: id,
      sourcemap: 'external',
      sourcesContent: false,
    }),
};

process.chdir(root);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await Promise.all([emit(), declare()]);

async function emit(): Promise<void> {
  const bundle = await rollup({
    input: { ...ways, ...untyped },
    plugins: [withoutTypes],
    // As `sideEffects` of package.json says.
    treeshake: { moduleSideEffects: false },
    onwarn,
  });
  await bundle.write({
    dir: dist,
    chunkFileNames: 'chunks/[name].js',
    manualChunks: (id) => Object.keys(chunks).find((name) => chunks[name]?.test(relative('src', id))),
    hoistTransitiveImports: false,
    // A chunk of another version that a browser still has fails by name, and is not taken for this one.
    minifyInternalExports: false,
    // The sources are in the package: maps name them.
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
}

async function declare(): Promise<void> {
  const bundle = await rollup({
    input: ways,
    plugins: [dts({ tsconfig: 'src/tsconfig.json', includeExternal: ['type-fest'] })],
    external: [/^node:/, /^openai($|\/)/, 'ws', 'eslint', '@standard-schema/spec'],
    onwarn,
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

function onwarn({ message }: RollupLog): never {
  throw new Error(message);
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
