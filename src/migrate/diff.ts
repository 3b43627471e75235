import { type Edit, inOrder } from './edits.js';

const CONTEXT = 3;

/** A change of lines, numbered from 0: `removed` lines are replaced by `added`. */
interface Change {
  readonly from: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The edits of one file as a unified diff. Empty: no changes. */
export function unifiedDiff(path: string, before: string, edits: readonly Edit[]): string {
  const changes = changesOf(before, edits);
  if (changes.length === 0) return '';
  const lines = linesOf(before);
  const hunks: string[] = [];
  let moved = 0;
  for (const group of grouped(changes)) {
    hunks.push(hunk(lines, group, moved));
    moved += group.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0);
  }
  return [`--- a/${path}`, `+++ b/${path}`, ...hunks].join('\n');
}

/** Splits a text into lines, each with its line break. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function changesOf(before: string, edits: readonly Edit[]): readonly Change[] {
  const starts = [0];
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineAt = (at: number): number => starts.findLastIndex((start) => start <= at);
  const changes: Change[] = [];
  let touching: Edit[] = [];
  const flush = (): void => {
    const [first, last] = [touching[0], touching.at(-1)];
    if (first && last) changes.push(...changeOf(before, touching, starts[lineAt(first.start)] ?? 0, lineAt));
    touching = [];
  };
  for (const edit of inOrder(edits)) {
    const last = touching.at(-1);
    if (last && lineAt(edit.start) > lineAt(last.end)) flush();
    touching.push(edit);
  }
  flush();
  return changes.reduce<readonly Change[]>(joined, []);
}

/** Joins a change to the previous one if they are adjacent. */
function joined(changes: readonly Change[], { from, removed, added }: Change): readonly Change[] {
  const last = changes.at(-1);
  if (!last || last.from + last.removed.length < from) return [...changes, { from, removed, added }];
  const both = { from: last.from, removed: [...last.removed, ...removed], added: [...last.added, ...added] };
  return [...changes.slice(0, -1), both];
}

/** The change of whole lines that some edits cause. */
function changeOf(before: string, edits: readonly Edit[], start: number, lineAt: (at: number) => number): Change[] {
  const last = edits.at(-1)?.end ?? start;
  const isWhole = before[last - 1] === '\n' && edits.some(({ end, text }) => end === last && isLines(text));
  const next = before.indexOf('\n', last);
  const end = isWhole ? last : next < 0 ? before.length : next + 1;
  let text = '';
  let at = start;
  for (const edit of edits) {
    text += before.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  const removed = linesOf(before.slice(start, end));
  const added = linesOf(text + before.slice(at, end));
  return trimmed({ from: lineAt(start), removed, added });
}
const isLines = (text: string): boolean => text === '' || text.endsWith('\n');

/** Drops equal lines at both ends of a change. */
function trimmed({ from, removed, added }: Change): Change[] {
  let head = 0;
  while (head < removed.length && head < added.length && removed[head] === added[head]) head++;
  let tail = 0;
  const most = Math.min(removed.length, added.length) - head;
  while (tail < most && removed.at(-1 - tail) === added.at(-1 - tail)) tail++;
  const change = {
    from: from + head,
    removed: removed.slice(head, removed.length - tail),
    added: added.slice(head, added.length - tail),
  };
  return change.removed.length + change.added.length === 0 ? [] : [change];
}

/** Groups changes whose contexts touch into hunks. */
function grouped(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    const isNear = last && change.from - (last.from + last.removed.length) <= 2 * CONTEXT;
    if (isNear) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunk(lines: readonly string[], changes: readonly Change[], moved: number): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (!first || !last) return '';
  const from = Math.max(0, first.from - CONTEXT);
  const to = Math.min(lines.length, last.from + last.removed.length + CONTEXT);
  const shown: string[] = [];
  let at = from;
  for (const { from: next, removed, added } of changes) {
    shown.push(...lines.slice(at, next).map((line) => ` ${line}`));
    shown.push(...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`));
    at = next + removed.length;
  }
  shown.push(...lines.slice(at, to).map((line) => ` ${line}`));
  const grown = changes.reduce((sum, { added, removed }) => sum + added.length - removed.length, 0);
  const head = `@@ -${range(from, to - from)} +${range(from + moved, to - from + grown)} @@`;
  return [head, ...shown.map(written)].join('\n');
}

const range = (from: number, count: number): string => `${count === 0 ? from : from + 1},${count}`;
const written = (line: string): string =>
  line.endsWith('\n') ? line.slice(0, -1) : `${line}\n\\ No newline at end of file`;
