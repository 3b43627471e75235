import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, openWorkshop, root, type Workshop } from '../tools/packed.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const doors = Object.entries(manifest.exports).filter(([name]) => name !== './package.json');
const names = doors.map(([name]) => name.replace(/^\./, 'gated-realtime'));
const run = promisify(execFile);

let workshop: Workshop;
let project: string;
let unpacked: string;
beforeAll(async () => {
  workshop = await openWorkshop();
  project = await workshop.project('a-stranger', everything, { 'package.json': '{ "type": "module" }' });
  unpacked = join(project, 'node_modules/gated-realtime');
});
afterAll(() => workshop.dispose());

const evaluate = async (kind: 'module' | 'commonjs', code: string): Promise<string> => {
  const { stdout } = await run(process.execPath, [`--input-type=${kind}`, '--eval', code], { cwd: project });
  return stdout.trim();
};

describe('the packed package', () => {
  it.each(doors)('has what it exports, types first: %s', (_, door) => {
    expect(Object.keys(door).filter((condition) => !['browser', 'workerd'].includes(condition))).toEqual([
      'types',
      'default',
    ]);
    for (const file of Object.values(door)) expect(existsSync(join(unpacked, file)), file).toBe(true);
  });

  it.each(names)('can be imported: %s', async (name) => {
    const exported = await evaluate('module', `console.log(Object.keys(await import('${name}')).length)`);
    expect(Number(exported)).toBeGreaterThan(0);
  });

  it.each(names)('can be required: %s', async (name) => {
    const exported = await evaluate('commonjs', `console.log(Object.keys(require('${name}')).length)`);
    expect(Number(exported)).toBeGreaterThan(0);
  });

  it('brings a licence, a readme and a changelog, and no test', () => {
    const shipped = readdirSync(unpacked);
    expect(shipped).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'dist', 'package.json']));
    expect(shipped.filter((name) => /^(?:test|test-d|examples|coverage)$|config/.test(name))).toEqual([]);
  });

  it('links from its pages only to files that it brings', () => {
    const shipped = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
    const dead = shipped
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => {
        const links = readFileSync(join(unpacked, name), 'utf8').matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g);
        return [...links].map(([, link]) => join(dirname(name), link!));
      })
      .filter((target) => !existsSync(join(unpacked, target)));
    expect(dead).toEqual([]);
  });

  it('has a command that starts', async () => {
    const command = join(unpacked, manifest.bin['gated-realtime']!);
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout } = await run(process.execPath, [command, '--help'], { cwd: project });
    expect(stdout).toContain('gated-realtime');
  });

  it('maps every file it ships to a source it ships', () => {
    const maps = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.map'),
    );
    const lost = maps.filter((name) => {
      const { sources } = JSON.parse(readFileSync(join(unpacked, 'dist', name), 'utf8')) as { sources: string[] };
      return sources.some((source) => !existsSync(join(unpacked, 'dist', name, '..', source)));
    });
    expect(maps.length).toBeGreaterThan(0);
    expect(lost).toEqual([]);
  });

  it('has no empty file, and no source map that holds a second copy of its source', () => {
    const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(unpacked, name)).isFile(),
    );
    const textOf = (name: string): string => readFileSync(join(unpacked, name), 'utf8');
    const empty = files.filter((name) => /^(?:export \{\};)?\s*(?:\/\/# sourceMappingURL=.*)?\s*$/.test(textOf(name)));
    const copies = files.filter((name) => name.endsWith('.map') && textOf(name).includes('"sourcesContent"'));
    const inline = files.filter((name) => name.endsWith('.js') && textOf(name).includes('sourceMappingURL=data:'));
    expect({ empty, copies, inline }).toEqual({ empty: [], copies: [], inline: [] });
  });

  it('loads nothing that it does not bring', () => {
    const files = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    );
    const all: string[] = [];
    const missing = files.flatMap((name) => {
      const text = readFileSync(join(unpacked, 'dist', name), 'utf8');
      const imported = [...text.matchAll(/(?:from|import\() ?["'](\.[^"']+)["']/g)].map(([, path]) => path!);
      all.push(...imported);
      return imported.filter((path) => !existsSync(join(unpacked, 'dist', name, '..', path)));
    });
    expect(missing).toEqual([]);
    expect(all.length).toBeGreaterThan(5);
  });

  it.each([
    ['index.js', ['chunks/basics.js', 'chunks/session.js', 'index.js']],
    ['ws.js', ['chunks/basics.js', 'chunks/session.js', 'ws.js']],
  ])('loads as few files as it can: %s', (door, files) => {
    const loaded = new Set<string>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      loaded.add(name);
      const text = readFileSync(join(unpacked, 'dist', name), 'utf8');
      for (const [, path] of text.matchAll(/^(?:import|export) .*from ["'](\.[^"']+)["']/gm)) {
        load(posix.join(posix.dirname(name), path!));
      }
    };
    load(door);
    expect([...loaded].sort()).toEqual(files);
  });

  it('is of the size that CONTRIBUTING states', () => {
    const stated = /^The tarball has ([\d.]+) MB, unpacked ([\d.]+) MB\.$/m.exec(
      readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'),
    );
    const measured = [workshop.tarball.bytes, workshop.tarball.unpackedBytes].map((bytes) => bytes / 1e6);
    for (const [index, megabytes] of measured.entries()) {
      expect(Math.abs(Number(stated?.[index + 1]) - megabytes), `${megabytes} MB`).toBeLessThan(0.1 * megabytes);
    }
  });

  it('is small enough to read: no source, page or declaration above 100 kB', () => {
    const bundled = /^dist[\\/].*\.js(?:\.map)?$/;
    const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((name) => !bundled.test(name));
    const sizes = files.map((name) => join(unpacked, name)).map((file) => [file, statSync(file)] as const);
    expect(sizes.filter(([, stat]) => stat.isFile() && stat.size > 100_000).map(([file]) => file)).toEqual([]);
  });

  it('is loaded from one file for each way in, and what they share', () => {
    const files = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.js')).length).toBeLessThanOrEqual(20);
  });
});

describe('what an installing project gets', () => {
  it('is ts-pattern and packages of types, nothing else', () => {
    const allowed = ['@standard-schema/spec', 'ts-pattern'];
    expect(Object.keys(manifest.dependencies).filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('is asked for every peer, and forced to have none', () => {
    const forced = Object.keys(manifest.peerDependencies).filter(
      (name) => !manifest.peerDependenciesMeta[name]?.optional,
    );
    expect(forced).toEqual([]);
  });

  it('can import the root with neither openai nor ws installed', async () => {
    const { openai: _openai, ws: _ws, ...rest } = everything;
    const without = await workshop.project('without-peers', rest, { 'package.json': '{ "type": "module" }' });
    const code = `console.log(typeof (await import('gated-realtime')).tool)`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: without });
    expect(stdout.trim()).toBe('function');
  });
});
