/** A Markdown table in Prettier's format. Cells are written as given. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['<!-- prettier-ignore -->', ...lines].join('\n');
}

/** Escapes the bars in a cell. */
export const inCell = (text: string): string => text.replaceAll('|', '\\|');
