/** A session whose line may be replaced, on a bench, and the lines after the first. */
import { at, type ClientEvent, type Notice, type ReconnectRules, type ServerEvent } from '../../src/machine/index.js';
import { given, sessionUpdated, sessionWith, type Bench, type Detection } from './bench.js';

export const policy: ReconnectRules = {
  attempts: 5,
  withinMs: 30_000,
  inAll: 50,
  firstMs: 250,
  maxMs: 8_000,
  audioMs: 10_000,
  meanwhile: 'none',
  budgetTokens: 16_000,
  rotate: null,
  history: 'not given',
  seed: 1,
};

type Given = Parameters<typeof given>[0];

/** A confirmed session that outlives its line. */
export const lasting = (options: Given = {}, changed: Partial<ReconnectRules> = {}): Bench =>
  given({ ...options, reconnect: { ...policy, ...changed } });

/** The number of the line that was dialled last. */
export function lineOf(bench: Bench): number {
  const dialled = bench.commands.findLast((each) => each.do === 'dial');
  return dialled?.do === 'dial' ? dialled.line : 1;
}

export const rotate = { beforeMs: 600_000, latestMs: 60_000 };
export const HOUR = 3_600_000;

/** A confirmed session that moves to another line before its own ends. */
export const rotating = (options: Given = {}, changed: Partial<ReconnectRules> = {}): Bench =>
  lasting(options, { rotate, ...changed });

/** Waits until the live line is so near its end that the next one is begun. */
export function nears(bench: Bench): void {
  while (bench.session.is.rotation === 'early') bench.waits(bench.due - bench.now);
}

/** The next line stands ready beside the live one. */
export function stands(bench: Bench, detection: Detection = 'off'): void {
  if (bench.session.is.rotation === 'early') nears(bench);
  returns(bench, detection);
}

/** What a line brings that is neither live nor next, by its number. */
export function bringsBy(bench: Bench, line: number, ...events: readonly ServerEvent[]): void {
  for (const event of events) bench.step({ type: 'frame', event, audioBytes: 0, line });
}

/** What the next line brings. */
export function brings(bench: Bench, ...events: readonly ServerEvent[]): void {
  for (const event of events) bench.step({ type: 'frame', event, audioBytes: 0, line: lineOf(bench) });
}

export const greeted: ServerEvent = { type: 'session.created', session: {} };

/** Waits until the next line is dialled. */
export function dials(bench: Bench): number {
  const before = lineOf(bench);
  for (let waits = 0; waits < 100 && lineOf(bench) === before; waits++) bench.waits(100);
  return lineOf(bench);
}

/** As far as the next line has been told the conversation. */
export function configures(bench: Bench, detection: Detection = 'off'): void {
  dials(bench);
  brings(bench, greeted, sessionUpdated(sessionWith(detection)));
}

/** Another line takes over. */
export function returns(bench: Bench, detection: Detection = 'off'): void {
  configures(bench, detection);
  brings(bench, sessionUpdated(sessionWith(detection)));
}

/** Everything that was written for lines that were not live. */
export const beside = (bench: Bench): readonly ClientEvent[] =>
  bench.commands.flatMap((each) => (each.do === 'write' ? [each.frame] : []));

/** The items that were told to lines that were not live, after so many commands: who says what. */
export const told = (bench: Bench, after = 0): readonly string[] =>
  bench.commands.slice(after).flatMap((each) => (each.do === 'write' ? inWords(each.frame) : []));

export function inWords(frame: ClientEvent): readonly string[] {
  if (frame.type === 'conversation.item.delete') return [`delete ${String(frame['item_id'])}`];
  if (frame.type !== 'conversation.item.create') return [];
  const says = (at(frame, 'item', 'content') as readonly unknown[] | undefined)?.map((part) => at(part, 'text')).join();
  const what = String(at(frame, 'item', 'role') ?? at(frame, 'item', 'type'));
  const isNote = says?.startsWith('This is the same call') === true;
  return [isNote ? 'the note' : `${what}: ${says ?? String(at(frame, 'item', 'output') ?? at(frame, 'item', 'name'))}`];
}

export const noteIn = (bench: Bench): string =>
  beside(bench)
    .map((frame) => String(at((at(frame, 'item', 'content') as readonly unknown[] | undefined)?.[0], 'text')))
    .find((text) => text.startsWith('This is the same call')) ?? '';

export const kinds = (bench: Bench): readonly Notice['kind'][] =>
  bench.notices.map(({ kind }) => kind).filter((kind) => LINES.has(kind));
const LINES: ReadonlySet<Notice['kind']> = new Set(['away', 'back', 'closed', 'rotated', 'expiring']);

/** An item of the model's that was spoken: so much of its words, so many milliseconds of sound, and whether that is all. */
export function says(
  bench: Bench,
  said: { response?: string; item?: string; text?: string; ms?: number; whole?: boolean } = {},
): void {
  const { response = 'resp_1', text = '', ms = 0, whole = true } = said;
  const { item = `item_of_${response}` } = said;
  const named = { response_id: response };
  bench.reads({ type: 'response.output_item.added', ...named, item: { id: item, type: 'message' } });
  bench.reads({ type: 'response.output_audio_transcript.delta', ...named, item_id: item, delta: text });
  if (ms > 0) {
    const delta = Buffer.alloc(ms * 48).toString('base64');
    bench.reads({ type: 'response.output_audio.delta', ...named, item_id: item, delta });
  }
  const content = [{ type: 'output_audio', transcript: text }];
  const done = { id: item, type: 'message', status: 'completed', content };
  if (whole) bench.reads({ type: 'response.output_item.done', ...named, item: done });
}

/** A turn of the caller's, as the server has it. */
export function hears(bench: Bench, item: string, transcript?: string): void {
  bench.reads({ type: 'conversation.item.added', item: { id: item, type: 'message', role: 'user' } });
  const type = 'conversation.item.input_audio_transcription.completed';
  if (transcript !== undefined) bench.reads({ type, item_id: item, transcript });
}
