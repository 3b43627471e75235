import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Compiler, type Complaint, everyCompiler } from '../tools/compilers.js';
import { readDirectives, withoutDirectives } from '../tools/directives.js';
import { twoAtATime } from '../tools/two-at-a-time.js';
import { everything, type Installed, openWorkshop, root, type Workshop } from '../tools/packed.js';

const laws = readdirSync(join(root, 'test-d')).filter((name) => name.endsWith('.test-d.ts'));
const sources = new Map(
  ['test/types/contract-use.ts', ...laws.map((name) => `test-d/${name}`)].map((path) => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]),
);
const stripped = (path: string): string => `without-directives/${path}`;

const nodeNext = { module: 'nodenext', types: ['node'], skipLibCheck: true };
const bundler = { module: 'esnext', moduleResolution: 'bundler', types: ['node'], skipLibCheck: false };
const openai7: Installed = { ...everything, 'type-fest': 'type-fest' };
const openai6: Installed = { ...openai7, openai: 'openai-6' };

interface Kind {
  readonly options: object;
  readonly installed: Installed;
  readonly compilers: readonly Compiler[];
}
/** Every compiler, and every kind of project; which kind makes no difference to a compiler, so not each with each. */
const kinds = {
  'with openai 7': { options: nodeNext, installed: openai7, compilers: everyCompiler },
  'with openai 6': { options: nodeNext, installed: openai6, compilers: ['TypeScript 5.5'] },
  'with openai 7, a bundler, and every library checked': {
    options: bundler,
    installed: openai7,
    compilers: ['TypeScript 7.0'],
  },
} satisfies Record<string, Kind>;
type KindName = keyof typeof kinds;
const everyKind = Object.keys(kinds) as KindName[];
const kindsOf = (compiler: Compiler): readonly KindName[] =>
  everyKind.filter((name) => (kinds[name].compilers as readonly Compiler[]).includes(compiler));

let workshop: Workshop;
const findings = new Map<string, readonly Complaint[]>();
const found = (kind: KindName, compiler: Compiler): readonly Complaint[] => findings.get(`${kind}, ${compiler}`) ?? [];

beforeAll(async () => {
  workshop = await openWorkshop();
  const projects = everyKind.map(
    async (name) =>
      [name, await workshop.project(name.replaceAll(' ', '-'), kinds[name].installed, filesFor(name))] as const,
  );
  const folders = new Map(await Promise.all(projects));
  const pairs = everyCompiler.flatMap((compiler) => kindsOf(compiler).map((kind) => ({ kind, compiler })));
  await twoAtATime(pairs, async ({ kind, compiler }) => {
    findings.set(`${kind}, ${compiler}`, await compile(compiler, folders.get(kind)!));
  });
}, 300_000);
afterAll(() => workshop.dispose());

function filesFor(name: KindName): Record<string, string> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    ...kinds[name].options,
  };
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['test', 'test-d', 'without-directives'] }),
  };
  for (const [path, source] of sources) {
    files[path] = source;
    files[stripped(path)] = withoutDirectives(source);
  }
  return files;
}

describe.each(everyCompiler)('%s', (compiler) => {
  describe.each([...sources.keys()])('of %s', (path) => {
    const directives = readDirectives(sources.get(path)!);

    it.each(kindsOf(compiler))('accepts it as it stands, every refusal in use, %s', (kind) => {
      expect(found(kind, compiler).filter(({ file }) => file === path)).toEqual([]);
    });

    it.each(directives)('refuses line $line in these words: $words', ({ line, words }) => {
      for (const kind of kindsOf(compiler)) {
        const there = found(kind, compiler).filter(({ file, line: at }) => file === stripped(path) && at === line);
        // Advice is of use where it is read: in the first line.
        const read = /^(Advice|OneEvent|Taken)</.test(words)
          ? there.map(({ text }) => text.split('\n', 1)[0])
          : there.map(({ text }) => text);
        expect(read.join('\n'), kind).toContain(words);
      }
    });

    it('refuses nothing else', () => {
      const refused = new Set(directives.map(({ line }) => line));
      for (const kind of kindsOf(compiler)) {
        const others = found(kind, compiler).filter(({ file, line }) => file === stripped(path) && !refused.has(line));
        expect(others, kind).toEqual([]);
      }
    });
  });

  it.each(kindsOf(compiler))('finds no fault in the packed declarations, %s', (kind) => {
    expect(found(kind, compiler).filter(({ file }) => isOurs(file) || file === '')).toEqual([]);
  });
});

const isOurs = (file: string): boolean => file.startsWith('node_modules/gated-realtime/');
