/** Reads the attempts from disk: a folder for each family, a file for each attempt. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools/packed.js';

export const folder = join(root, 'test/bypasses');

export interface Case {
  readonly family: string;
  /** The path within this folder: `cases/<family>/<name>.ts`. */
  readonly path: string;
  readonly title: string;
  readonly code: string;
}

export const readCases = (): Case[] => filesIn('cases').flatMap((family) => readFamily(family, `cases/${family}`));
/** Controls, which prove that the harness detects an attempt that bypasses the gate. */
export const readControl = (): Case[] => readFamily('control', 'control');

const readFamily = (family: string, within: string): Case[] =>
  filesIn(within).map((file) => readCase(family, `${within}/${file}`));

const filesIn = (within: string): string[] => readdirSync(join(folder, within)).sort();

function readCase(family: string, path: string): Case {
  const code = readFileSync(join(folder, path), 'utf8');
  const title = /^\/\*\* (.+?) \*\/\n/.exec(code)?.[1];
  if (title === undefined) throw new Error(`${path} does not begin with its title: /** … */`);
  return { family, path, title, code };
}

/** Groups things by key, in the order in which the keys first appear. */
export function grouped<Thing, Key>(things: readonly Thing[], keyOf: (thing: Thing) => Key): Map<Key, Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  return groups;
}
