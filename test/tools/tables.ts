/** A table in Markdown, which Prettier leaves as it is. Cells are written as they are given. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['<!-- prettier-ignore -->', ...lines].join('\n');
}

/** A text that holds bars, as a cell. */
export const inCell = (text: string): string => text.replaceAll('|', '\\|');
