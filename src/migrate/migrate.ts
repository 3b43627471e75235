import { findParser, load, type Loaded, type Parse, type Unread } from './load.js';
import { type Migration, migrationOf } from './migration.js';
import { type Refusal, writeAll } from './write.js';

export interface MigrateOptions {
  readonly cwd: string;
  readonly paths: readonly string[];
  /** `plan`: nothing is written. */
  readonly mode: 'plan' | 'write';
}

export interface Report {
  /** The files in which something was found, or in which a mark stands. */
  readonly migrations: readonly Migration[];
  readonly others: Loaded['others'];
  readonly unread: readonly Unread[];
  /** Why nothing was written, by file. */
  readonly refusals: readonly Refusal[];
}

/** Migrates what it finds under some paths. Null: no parser is installed. */
export async function migrate({ cwd, paths, mode }: MigrateOptions): Promise<Report | null> {
  const parse = await findParser(cwd);
  if (!parse) return null;
  const { sources, others, unread } = await load(paths, cwd, parse);
  const migrations = sources.map(migrationOf).filter(({ steps, marks }) => steps.length > 0 || marks > 0);
  const broken = migrations.flatMap((each) => brokenBy(each, parse));
  const sound = migrations.filter(({ path }) => !broken.some((each) => each.path === path));
  const changes = sound.filter(({ before, after }) => before !== after);
  const refusals = mode === 'write' ? await writeAll(changes, cwd) : [];
  return { migrations: sound, others, unread: [...unread, ...broken], refusals };
}

/** What a migration makes is parsed again: what cannot be is not written. */
function brokenBy({ path, after }: Migration, parse: Parse): readonly Unread[] {
  try {
    parse(path, after);
    return [];
  } catch (error) {
    return [{ path, why: `it would not parse any more: ${(error as Error).message}` }];
  }
}

export interface Counts {
  readonly rewritten: number;
  readonly marked: number;
  readonly left: number;
  readonly unread: number;
}

/** What was done, and what is left: marks that stood there before, places without one, and languages that are not rewritten. */
export function countsOf({ migrations, others, unread }: Report): Counts {
  const steps = migrations.flatMap((each) => each.steps);
  const does = (...names: readonly string[]): number => steps.filter((each) => names.includes(each.does)).length;
  const marks = migrations.reduce((sum, each) => sum + each.marks, 0);
  const marked = does('marked');
  const lines = others.reduce((sum, each) => sum + each.lines.length, 0);
  const bare = steps.filter(({ does: what }) => what === 'left').length;
  return {
    rewritten: does('rewritten', 'removed'),
    marked,
    left: Math.max(marks - marked, bare) + lines,
    unread: unread.length,
  };
}
