import type { Ending } from '../../types/index.js';
import { isRecord } from '../machine/index.js';
import { type CallRecord, FORMAT, type RecordHeader, type StepLine } from './format.js';
import { importEvents } from './import.js';

/** Thrown for a record that cannot be read: not JSON, of an unknown version, or without its beginning. */
export class RecordError extends Error {
  /** The name of the class. */
  override readonly name = 'RecordError';
}

/**
 * Reads a record out of its text; of one that was rotated, out of its parts, in their order. Lines of plain Realtime events
 * are read as well. Throws `RecordError` for what is no record.
 *
 * @example
 * ```ts
 * const { differences } = replay(parseRecord(text));
 * ```
 */
export function parseRecord(...parts: readonly string[]): CallRecord {
  const remarks: string[] = [];
  const read = parts.map((text, index) => linesIn(text, index === parts.length - 1 ? remarks : null));
  const [first] = read[0] ?? [];
  if (first === undefined) throw new RecordError('There is nothing in it.');
  if (!isRecord(first) || !('gatedRealtime' in first)) return importEvents(read.flat(), remarks);
  const header = headerIn(first);
  if (header.part !== 1) throw new RecordError(`It is part ${header.part} of a record: begin with the first.`);
  const lines = read.flatMap((each, index) => linesOfPart(each, index + 1, header));
  return recordOf(header, lines, remarks);
}

/** Parses the lines of one part. The last may be torn, if the process was killed or the disk was full. */
function linesIn(text: string, remarks: string[] | null): unknown[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const values: unknown[] = [];
  const last = lines.findLastIndex((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      if (index !== last || !remarks || values.length === 0) {
        throw new RecordError(`Line ${index + 1} is not JSON.`);
      }
      remarks.push(`Line ${index + 1}, the last, is torn: it is skipped.`);
    }
  }
  return values;
}

function headerIn(line: Readonly<Record<string, unknown>>): RecordHeader {
  const { gatedRealtime: format, rules } = line;
  if (format !== FORMAT) {
    throw new RecordError(`It is of version ${JSON.stringify(format)} of the format; this reads version ${FORMAT}.`);
  }
  if (!isRecord(rules)) throw new RecordError('Its first line has no rules.');
  return line as object as RecordHeader;
}

function linesOfPart([first, ...rest]: readonly unknown[], part: number, { id }: RecordHeader): readonly unknown[] {
  const header = isRecord(first) ? headerIn(first) : null;
  if (header?.id !== id || header.part !== part) throw new RecordError(`Part ${part} is not of the same record.`);
  return rest;
}

function recordOf(header: RecordHeader, lines: readonly unknown[], remarks: string[]): CallRecord {
  const steps: StepLine[] = [];
  let ending: Ending | null = null;
  let isStopped = false;
  for (const line of lines) {
    if (!isRecord(line)) throw new RecordError('One of its lines is no object.');
    if (isStep(line)) steps.push(line as object as StepLine);
    if (isRecord(line['ended'])) ending = line['ended'] as object as Ending;
    if (typeof line['stopped'] === 'string') remarks.push(`Recording stopped early: ${line['stopped']}`);
    isStopped ||= 'stopped' in line;
  }
  if (!ending && !isStopped) remarks.push('It ends before the session did.');
  return { header, rules: header.rules, steps, ending, remarks };
}

function isStep(line: Readonly<Record<string, unknown>>): boolean {
  if (!('in' in line)) return false;
  const input = line['in'];
  if (!isRecord(input) || typeof input['type'] !== 'string' || typeof input['now'] !== 'number') {
    throw new RecordError('One of its inputs has no type or no time.');
  }
  const { answers, out = {} } = line;
  if (!isRecord(out) || ![answers, ...Object.values(out)].every(isListOfObjects)) {
    throw new RecordError('What came of one of its inputs cannot be read.');
  }
  return true;
}

/** Whether a value is a list of objects. A list left out counts as empty. */
const isListOfObjects = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every(isRecord));
