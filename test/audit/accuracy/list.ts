import { readFileSync } from 'node:fs';

/** The verdict on one place: found, missed, reported falsely, or no longer reported falsely. */
export type Verdict = 'found' | 'missed' | 'false' | 'left alone';

export interface Place {
  readonly path: string;
  readonly line: number;
  /** Null: the module itself. */
  readonly function: string | null;
  /** The verdict of the first run; for code bases used while fixing the detector, the one after the fixes. */
  readonly first: Verdict;
  readonly now: Verdict;
}

export interface CodeBase {
  readonly repository: string;
  readonly commit: string;
  readonly language?: string;
  /** Whether the detector was fixed with this code base. */
  readonly seen: 'never' | 'while fixing';
  readonly files: number;
  readonly places: readonly Place[];
}

/** Every place that was checked by hand. */
export const codeBases = JSON.parse(
  readFileSync(new URL('./places.json', import.meta.url), 'utf8'),
) as readonly CodeBase[];

export interface Counts {
  /** The false findings among them. */
  readonly found: number;
  readonly missed: number;
  readonly false: number;
}

export function countsOf(bases: readonly CodeBase[], run: 'first' | 'now'): Counts {
  const verdicts = bases.flatMap(({ places }) => places.map((place) => place[run]));
  const count = (...meant: readonly Verdict[]): number => verdicts.filter((each) => meant.includes(each)).length;
  return { found: count('found', 'false'), missed: count('missed'), false: count('false') };
}

export const precision = ({ found, false: wrong }: Counts): string => percent(found - wrong, found);
export const recall = ({ found, missed, false: wrong }: Counts): string =>
  percent(found - wrong, found - wrong + missed);
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
