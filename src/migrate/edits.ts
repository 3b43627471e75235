/** Replaces `text.slice(start, end)` by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const inOrder = (edits: readonly Edit[]): readonly Edit[] =>
  [...edits].sort((one, other) => one.start - other.start || one.end - other.end);

export function applied(text: string, edits: readonly Edit[]): string {
  let made = '';
  let at = 0;
  for (const edit of inOrder(edits)) {
    made += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return made + text.slice(at);
}

/** Whether two edits change the same characters. Two insertions at the same place do not clash. */
export const clash = (one: Edit, other: Edit): boolean => one.start < other.end && other.start < one.end;
