import { describe, expect, it } from 'vitest';
import {
  anyIn,
  doubleCastIn,
  isOurs,
  outsideWorldIn,
  readSource,
  readSources,
  remarks,
  type Source,
} from './sources.js';

const ground = ['types', 'src/collections.ts', 'src/bounded.ts', 'src/secrets.ts', 'src/errors.ts', 'src/money'];
const driver = [...ground, 'src/copies.ts', 'src/queue.ts', 'src/clock.ts', 'src/tool.ts', 'src/session'];

/**
 * Every module, from the lowest layer up, and the modules that it may import from. A module may always import from
 * itself.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  types: [],
  'src/collections.ts': [],
  'src/bounded.ts': ['src/collections.ts'],
  'src/copies.ts': [],
  'src/queue.ts': [],
  'src/secrets.ts': [],
  'src/errors.ts': ['types', 'src/secrets.ts'],
  'src/clock.ts': ['types'],
  'src/tool.ts': [...ground, 'src/copies.ts'],
  'src/money': ['types'],
  'src/helpers.ts': [...ground, 'src/copies.ts'],
  'src/machine': ground,
  'src/wire': ground,
  'src/session': [...ground, 'src/copies.ts', 'src/queue.ts', 'src/clock.ts', 'src/tool.ts', 'src/machine', 'src/wire'],
  'src/transport': [...ground, 'src/clock.ts'],
  'src/observe': driver,
  'src/simulator/server': ['types'],
  'src/simulator': [...driver, 'src/wire', 'src/simulator/server'],
  'src/record': [...driver, 'src/machine', 'src/version.ts'],
  'src/index.ts': [...driver, 'src/helpers.ts', 'src/observe'],
  'src/ws.ts': [...driver, 'src/transport', 'src/index.ts'],
  'src/websocket.ts': [...driver, 'src/transport', 'src/index.ts'],
  'src/ws-in-browsers.ts': ['src/errors.ts', 'src/index.ts'],
  'src/detector': [],
  'src/version.ts': [],
  'src/lint': ['src/detector', 'src/version.ts'],
  'src/audit': ['src/detector'],
  'src/migrate': ['src/detector', 'src/audit'],
  'src/cli': [...driver, 'src/version.ts', 'src/index.ts', 'src/simulator', 'src/record', 'src/audit', 'src/migrate'],
};

/** The packages, and modules of Node, that each module may import. */
const guests: Readonly<Record<string, readonly RegExp[]>> = {
  types: [/^openai$/, /^@standard-schema\/spec$/, /^type-fest$/],
  'src/money': [/^openai$/],
  // A general matcher costs more than the step that it is part of.
  'src/machine': [/^openai$/, /^type-fest$/],
  'src/wire': [/^openai$/, /^type-fest$/],
  'src/simulator/server': [/^openai$/, /^type-fest$/],
  'src/detector': [],
  'src/lint': [/^eslint$/, /^node:path$/],
  'src/record': [/^ts-pattern$/, /^node:(?:crypto|fs|fs\/promises|path)$/],
  'src/session': [/^openai$/, /^@standard-schema\/spec$/, /^type-fest$/],
  'src/index.ts': [/^openai$/, /^@standard-schema\/spec$/],
};

const sources = [...readSources('types'), ...readSources('src')];
const roomOf = (path: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((one, other) => other.length - one.length)[0];
const inRooms = (...names: readonly string[]): Source[] =>
  sources.filter(({ path }) => names.includes(roomOf(path) ?? ''));

describe('the floors', () => {
  it('give every file a room', () => {
    expect(sources.map(({ path }) => path).filter((path) => roomOf(path) === undefined)).toEqual([]);
  });

  it.each(sources.map((source) => [source.path, source] as const))(
    'let %s look only downwards',
    (path, { imports }) => {
      const room = roomOf(path)!;
      const seen = imports.filter(isOurs).filter((imported) => !mayLook(room, roomOf(imported)));
      expect(seen, `${room} may look into: ${rooms[room]!.join(', ')}`).toEqual([]);
    },
  );

  it.each(Object.keys(guests))('let in few guests: %s', (room) => {
    const seen = inRooms(room).flatMap(({ imports }) => imports.filter((imported) => !isOurs(imported)));
    expect(seen.filter((name) => !guests[room]!.some((allowed) => allowed.test(name)))).toEqual([]);
  });

  it('have no way round: nothing loads itself by a detour', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('are one above the other: no room may look into one that may look back', () => {
    const mutual = Object.keys(rooms).filter((room) => reachable(rooms, rooms[room]!).has(room));
    expect(mutual).toEqual([]);
  });
});

describe('a pure machine', () => {
  it.each(['src/money', 'src/machine', 'src/wire', 'src/simulator/server'])(
    'has no clock, timer, promise, chance or console: %s',
    (room) => {
      expect(inRooms(room).flatMap((source) => remarks(source, outsideWorldIn))).toEqual([]);
    },
  );
});

describe('the sources', () => {
  it('have no file above 400 lines', () => {
    expect(sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('have no any', () => {
    expect(sources.filter(({ path }) => path.startsWith('src/')).flatMap((source) => remarks(source, anyIn))).toEqual(
      [],
    );
  });

  it('have one cast through unknown at most: the issuer of the capability', () => {
    expect(sources.flatMap((source) => remarks(source, doubleCastIn)).length).toBeLessThanOrEqual(1);
  });
});

describe('these rules themselves', () => {
  const looked = (text: string): string[] => remarks(readSource('src/machine/x.ts', text), outsideWorldIn);

  it.each([
    'Date.now();',
    'new Date();',
    'const later = setTimeout;',
    'globalThis.setTimeout(f, 1);',
    'Math.random();',
    'console.log(1);',
    'process.exit();',
    'let p: Promise<void>;',
    'async function f() {}',
    'const all = { setTimeout };',
  ])('notice %s', (text) => {
    expect(looked(text)).not.toEqual([]);
  });

  it.each([
    'input.process();',
    'interface Row { readonly process: string }',
    'const row = { Date: 1 };',
    "const word = 'Date';",
  ])('let pass %s', (text) => {
    expect(looked(text)).toEqual([]);
  });

  it('notice an import that is only a type, a re-export and a dynamic one', () => {
    const text = `import type { A } from '../session/a.js';\nexport * from '../wire/b.js';\nvoid import('./c.js');\n`;
    expect(readSource('src/machine/x.ts', text).imports).toEqual([
      'src/session/a.ts',
      'src/wire/b.ts',
      'src/machine/c.ts',
    ]);
  });

  it('notice a circle, if more than types go round', () => {
    const one = readSource('src/machine/one.ts', `import { two } from './two.js';`);
    const two = readSource('src/machine/two.ts', `import { one } from './one.js';`);
    const type = readSource('src/machine/two.ts', `import type { one } from './one.js';`);
    expect(circles([one, two])).toHaveLength(1);
    expect(circles([one, type])).toEqual([]);
  });
});

function mayLook(room: string, into: string | undefined): boolean {
  return into !== undefined && (into === room || rooms[room]!.includes(into));
}

function reachable(graph: Readonly<Record<string, readonly string[]>>, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from);
  for (const node of seen) for (const next of graph[node] ?? []) seen.add(next);
  return seen;
}

/** Each import cycle once, by the path that closes it. Type imports do not count, because they load nothing. */
function circles(files: readonly Source[]): string[] {
  const graph = Object.fromEntries(files.map(({ path, loads }) => [path, loads.filter(isOurs)]));
  const found: string[] = [];
  const left = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (trail.includes(path) || left.has(path)) return;
    for (const next of graph[path] ?? []) visit(next, [...trail, path]);
    left.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}
