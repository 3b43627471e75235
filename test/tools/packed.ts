/** The package as a user gets it: packed, unpacked, and installed beside its peers. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Names under node_modules, and what stands there: another name under ours, or a folder. */
export type Installed = Readonly<Record<string, string>>;

export const everything: Installed = {
  openai: 'openai',
  ws: 'ws',
  eslint: 'eslint',
  zod: 'zod',
  tsd: 'tsd',
  'ts-pattern': 'ts-pattern',
  '@standard-schema/spec': '@standard-schema/spec',
  '@types/node': '@types/node',
  '@types/ws': '@types/ws',
};

export interface Workshop {
  /** How large the package is, packed and unpacked. */
  readonly tarball: { readonly bytes: number; readonly unpackedBytes: number };
  /** The unpacked files. */
  readonly unpacked: string;
  /** Makes a new project with the packed package installed. Returns its folder. */
  project(name: string, installed: Installed, files: Readonly<Record<string, string>>): Promise<string>;
  /** Installs a package inside the project's copy of ours, as a real copy, as an installer makes. */
  nest(project: string, name: string, from: string): Promise<void>;
  dispose(): Promise<void>;
}

/** Packs once; every project made from it links to the same unpacked files. */
export async function openWorkshop(): Promise<Workshop> {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('There is no dist/ to pack: npm run build');
  const folder = await mkdtemp(join(tmpdir(), 'gated-realtime-'));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
  });
  const [{ size, unpackedSize }] = JSON.parse(stdout) as [{ readonly size: number; readonly unpackedSize: number }];
  await run('sh', ['-c', 'tar -xzf *.tgz'], { cwd: folder });
  const unpacked = join(folder, 'package');
  return {
    tarball: { bytes: size, unpackedBytes: unpackedSize },
    unpacked,
    async project(name, installed, files) {
      const project = join(folder, name);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(project, path)), { recursive: true });
        await writeFile(join(project, path), text);
      }
      await install(project, unpacked, installed);
      return project;
    },
    async nest(project, name, from) {
      const modules = join(project, 'node_modules/gated-realtime/node_modules');
      await mkdir(modules);
      await copy(from, join(modules, name));
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function install(project: string, unpacked: string, installed: Installed): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(modules, { recursive: true });
  // Copied and not linked: a link would be resolved to its target, which has none of the project's packages beside it.
  await run('cp', ['-r', unpacked, join(modules, 'gated-realtime')]);
  for (const [name, from] of Object.entries(installed)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve(root, 'node_modules', from), join(modules, name));
  }
}

/** By hard links where the file system has them. */
const copy = async (from: string, to: string): Promise<void> => {
  await run('cp', ['-al', from, to]).catch(() => run('cp', ['-R', from, to]));
};
