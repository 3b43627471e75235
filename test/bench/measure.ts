/** Microseconds of processor time per call, over many calls in a row. For operations that leave no work for later. */
export function cpuOf(times: number, way: () => void): number {
  const start = process.cpuUsage();
  for (let count = 0; count < times; count++) way();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / times;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median, and the range of the middle four fifths. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.1),
  median: median(values),
  high: quantile(values, 0.9),
});

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A Markdown table; the first row is its head. */
export function markdown([head = [], ...lines]: readonly (readonly string[])[]): string {
  const rows = [head, head.map(() => '---'), ...lines];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`).join('\n');
}

/** Formats microseconds. */
export const us = (value: number): string => `${value.toFixed(1)} µs`;
