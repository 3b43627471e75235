import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isIgnored, type ReadRules, type Rules } from './ignored.js';

export interface Walk {
  readonly readRules: ReadRules;
  readonly signal: AbortSignal | undefined;
  readonly onFile: (path: string) => void;
  readonly onUnread: (path: string, error: Error) => void;
  /** Called for a folder whose ignore rules cannot be read, for lack of a package. */
  readonly onUnruled: (folder: string) => void;
}

/**
 * Finds every file in a folder, except in `node_modules`, in folders whose names begin with a dot, and where
 * `.gitignore` files exclude it: the folder's own, those below, and those above up to `top`. Never follows a link.
 */
export async function walk(folder: string, top: string, how: Walk): Promise<void> {
  const rules: Rules[] = [];
  for (const above of between(top, folder)) rules.push(...(await rulesOf(above, how)));
  if (folder === top || !isIgnored(folder, 'folder', rules)) await into(folder, rules, how);
}

async function into(folder: string, above: readonly Rules[], how: Walk): Promise<void> {
  how.signal?.throwIfAborted();
  const rules = [...above, ...(await rulesOf(folder, how))];
  for (const entry of await entriesOf(folder, how)) {
    const path = join(folder, entry.name);
    if (entry.isFile() && !isIgnored(path, 'file', rules)) how.onFile(path);
    const isOpen = entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.');
    if (isOpen && !isIgnored(path, 'folder', rules)) await into(path, rules, how);
  }
}

async function entriesOf(folder: string, { onUnread }: Walk): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    onUnread(folder, error as Error);
    return [];
  }
}

async function rulesOf(folder: string, { readRules, onUnruled }: Walk): Promise<readonly Rules[]> {
  const rules = await readRules(folder);
  if (rules === 'unreadable') onUnruled(folder);
  return rules === null || rules === 'unreadable' ? [] : [rules];
}

/** The folders from `top` down to the parent of `folder`; none if `folder` is not inside `top`. */
function between(top: string, folder: string): readonly string[] {
  if (folder === top || relative(top, folder).startsWith('..')) return [];
  const above: string[] = [];
  for (let at = dirname(folder); at.length >= top.length; at = dirname(at)) {
    above.unshift(at);
    if (at === top) break;
  }
  return above;
}
