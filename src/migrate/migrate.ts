import type { Unread } from '../audit/index.js';
import { type Again, eachSource, type Reading } from './load.js';
import { type Migration, migrationOf } from './migration.js';
import { type Left, leftIn } from './others.js';
import { type Refusal, writeAll } from './write.js';

export interface MigrateOptions extends Reading {
  /** `plan` writes nothing. */
  readonly mode: 'plan' | 'write';
}

export interface Report {
  /** Files with findings, or with marks. */
  readonly migrations: readonly Migration[];
  /** Findings in languages that are not rewritten. */
  readonly others: readonly Left[];
  readonly unread: readonly Unread[];
  /** Remarks about the list of files. */
  readonly remarks: readonly string[];
  /** Why nothing was written, by file. */
  readonly refusals: readonly Refusal[];
}

/**
 * Migrates what it finds under some paths.
 *
 * @throws The reason of `signal`, where that is aborted before anything is written. Later it is not heard: the files
 * are written to the last.
 */
export async function migrate(options: MigrateOptions): Promise<Report> {
  const migrations: Migration[] = [];
  const others: Left[] = [];
  const { unread, remarks } = await eachSource(options, async (source, again) => {
    if (source.language !== 'script') return void others.push(...leftIn(source));
    const migration = migrationOf(source);
    await check(migration, again);
    if (migration.steps.length > 0 || migration.marks > 0) migrations.push(migration);
  });
  const { cwd, mode, signal } = options;
  const changes = migrations.filter(({ before, after }) => before !== after);
  const refusals = mode === 'write' ? await writeAll(changes, { cwd, signal }) : [];
  return { migrations, others, unread, remarks, refusals };
}

/** Parses the result of a migration again; a result that does not parse is not written. */
async function check({ before, after }: Migration, again: Again): Promise<void> {
  if (before === after) return;
  await again(after).catch((error: unknown) => {
    throw new Error(`It would not parse any more: ${(error as Error).message}`, { cause: error });
  });
}

export interface Counts {
  readonly rewritten: number;
  readonly marked: number;
  readonly left: number;
  readonly unread: number;
}

/** Counts what was done and what is left: earlier marks, places without one, and languages that are not rewritten. */
export function countsOf({ migrations, others, unread }: Report): Counts {
  const steps = migrations.flatMap((each) => each.steps);
  const does = (...names: readonly string[]): number => steps.filter((each) => names.includes(each.does)).length;
  const marks = migrations.reduce((sum, each) => sum + each.marks, 0);
  const marked = does('marked');
  return {
    rewritten: does('rewritten', 'removed'),
    marked,
    left: Math.max(marks - marked, does('left')) + others.length,
    unread: unread.length,
  };
}
