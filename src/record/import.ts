import {
  type Answer,
  createSession,
  dueAt,
  type Input,
  isRecord,
  type Json,
  type Rules,
  type ServerEvent,
  type Session,
  step,
  textOf,
} from '../machine/index.js';
import { defaultRules } from '../session/plan.js';
import type { CallRecord, StepLine } from './format.js';
import { type Entry, entryOf, timesIn } from './entries.js';
import { Ownership } from './ownership.js';

/** The purpose of every imported create, since events do not say why they were sent. */
export const IMPORTED = 'response.create';

const UNKNOWN: readonly string[] = [
  'These are plain Realtime events, not a record. Each response.create is asked as a request with whenBlocked "refuse".',
  'Unknown, and taken as usual: the plan and its limits; purposes; overrides; what the carrier has played; hand-made turns.',
  'Unknown too: which tools the program answers. Calls are left to it, and its follow-ups are creates like any other.',
  'A response is taken to answer the oldest create that the gate let pass, unless its metadata says otherwise.',
];

/** Converts plain Realtime events to the inputs that a session would have had. */
export function importEvents(lines: readonly unknown[], read: readonly string[]): CallRecord {
  const entries = lines.map(entryOf).filter((entry) => entry !== null);
  const times = timesIn(entries);
  const events = lines.length - entries.length;
  const importer = new Importer(entries);
  entries.forEach((entry, index) => importer.take(entry, times?.[index] ?? null, index));
  const remarks = [
    ...read,
    ...UNKNOWN,
    ...(times ? [] : ['No line says when it happened: a millisecond lies between two lines, and no deadline passes.']),
    ...(events > 0 ? [`Lines that hold no event: ${events}. They are left out.`] : []),
  ];
  return { header: null, rules: importer.rules, steps: importer.steps, ending: null, remarks };
}

/** Runs the events through a machine, to learn when its deadlines pass and which create a response answers. */
class Importer {
  readonly steps: StepLine[] = [];
  readonly rules: Rules;
  readonly #session: Session;
  readonly #ownership = new Ownership();
  #asked = 0;
  #updates = 0;
  #now = 0;

  constructor(entries: readonly Entry[]) {
    const isGreeted = entries.some(({ event }) => event.type === 'session.created');
    const usual = defaultRules(isGreeted ? 'own' : 'sideband', null);
    this.rules = { ...usual, prefix: 'imported', accept: 'asked', unknownTools: 'leave' };
    this.#session = createSession(this.rules);
  }

  take(entry: Entry, time: number | null, index: number): void {
    const now = Math.max(this.#now, time ?? index);
    if (time !== null) this.#elapse(now);
    this.#now = now;
    const happening = entry.direction === 'received' ? this.#received(entry.event) : this.#sent(entry.event);
    if (happening) this.#step({ ...happening, now } as Input);
  }

  /** Adds the ticks that are due before the next line. */
  #elapse(until: number): void {
    for (let due = dueAt(this.#session); due <= until; due = dueAt(this.#session)) {
      this.#step({ type: 'tick', now: Math.max(this.#session.now, due) });
      // `dueAt` may have been too early: then a later tick follows, or none.
      if (dueAt(this.#session) <= due) return;
    }
  }

  #step(input: Input): void {
    const answers: Answer[] = [];
    // Accepts every difference in an echo, because the program's own `accept` is unknown.
    const { frames } = step(this.#session, input, () => {
      answers.push({ yes: true });
      return { yes: true };
    });
    this.#ownership.wrote(frames);
    this.steps.push({ in: input, ...(answers.length > 0 && { answers }) });
  }

  #received(event: ServerEvent): object {
    const audioBytes = event.type === 'response.output_audio.delta' ? bytesOf(event['delta']) : 0;
    const { type, response_id, item_id } = event;
    const kept = audioBytes > 0 ? { type, response_id, item_id } : this.#ownership.received(event);
    return { type: 'frame', event: kept, audioBytes };
  }

  #sent(event: ServerEvent): object | null {
    switch (event.type) {
      case 'input_audio_buffer.append':
        return null;
      case 'session.update':
        return { type: 'update', update: this.#update(event) };
      case 'response.create':
        this.#ownership.asks(event);
        return { type: 'respond', ask: this.#ask(event) };
      case 'response.cancel':
        return { type: 'cancel', of: { response: textOf(event['response_id']) ?? this.#ownership.latest } };
      default:
        return { type: 'send', event };
    }
  }

  #update(event: ServerEvent): object {
    const { type: _, ...session } = (isRecord(event['session']) ? event['session'] : {}) as Record<string, unknown>;
    return { id: ++this.#updates, session, timeoutMs: this.rules.limits.confirmMs, tools: null };
  }

  #ask(event: ServerEvent): object {
    const params: Json | null = isRecord(event['response']) ? event['response'] : null;
    const plain = { override: [], interrupt: false, holdForMs: 1, origin: 'user', depth: 0, attempt: 0, root: null };
    const request = { id: ++this.#asked, purpose: IMPORTED, params, whenBlocked: 'refuse' };
    return { ...request, ...plain, unseenBefore: 0, withdrawn: false };
  }
}

function bytesOf(base64: unknown): number {
  if (typeof base64 !== 'string') return 0;
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}
