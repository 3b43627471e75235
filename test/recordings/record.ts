import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Recorded sessions are not part of the project: this is their folder. */
export const directory = process.env['REALTIME_RECORDINGS'];

export interface Entry {
  readonly direction: 'received' | 'sent';
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
}
export interface Recording {
  readonly name: string;
  /** A second connection to a call, which the server does not greet. */
  readonly kind: 'own' | 'sideband';
  readonly entries: readonly Entry[];
}

export const recordings: readonly Recording[] = directory === undefined ? [] : readAll(directory);

function readAll(folder: string): readonly Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
      const kind = entries[0]?.event.type === 'session.created' ? 'own' : 'sideband';
      return { name: basename(file, '.jsonl'), kind, entries };
    });
}

/** The value at the end of a path of keys; undefined where the path ends early. */
export const inside = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((here, key) => (here as Record<string, unknown> | null | undefined)?.[key], value);

/**
 * An independent reading of which default responses are open, from `created` and `done` only. A default response that
 * is created takes the slot from any holder.
 */
export class SlotReading {
  #holder: string | null = null;

  read({ direction, event }: Entry): void {
    const id = inside(event, 'response', 'id') as string;
    if (direction === 'sent' || inside(event, 'response', 'conversation_id') === null) return;
    if (event.type === 'response.created') this.#holder = id;
    if (event.type === 'response.done' && this.#holder === id) this.#holder = null;
  }

  get holders(): readonly string[] {
    return this.#holder === null ? [] : [this.#holder];
  }
}

/**
 * Changes a recording as if we had been its writer. The server repeats a create's metadata in the `created` and `done`
 * of its response, and uses the client's item ids: so ours are inserted there.
 */
export class Ownership {
  readonly #metadata = new Map<unknown, unknown>();
  readonly #created: unknown[] = [];
  readonly #items: unknown[];

  constructor({ entries }: Recording) {
    this.#items = entries.filter(isAddedByHand).map(({ event }) => inside(event, 'item', 'id'));
  }

  /** Notes that the next recorded create is ours; its response repeats this metadata. */
  creates(frame: unknown): void {
    this.#created.push(inside(frame, 'response', 'metadata'));
  }

  /** A recorded item as it is sent: with the id that it received later. */
  names(event: Entry['event']): Entry['event'] {
    if (event.type !== 'conversation.item.create') return event;
    return { ...event, item: { ...(event['item'] as object), id: this.#items.shift() } };
  }

  received(event: Entry['event']): Entry['event'] {
    const id = inside(event, 'response', 'id');
    if (event.type === 'response.created' && this.#created.length > 0) this.#metadata.set(id, this.#created.shift());
    if (id === undefined || !this.#metadata.has(id)) return event;
    return { ...event, response: { ...(event['response'] as object), metadata: this.#metadata.get(id) } };
  }
}

/** No recording mixes spoken and written turns; the model's items are added before they are complete. */
const isAddedByHand = ({ event }: Entry): boolean =>
  event.type === 'conversation.item.added' &&
  inside(event, 'item', 'status') !== 'in_progress' &&
  inside(event, 'item', 'content', '0', 'type') !== 'input_audio';

/** The settings of a recorded `session.update`, as a plan has them. */
export function settingsIn(event: Entry['event']): Readonly<Record<string, unknown>> {
  const { type: _, ...settings } = event['session'] as Record<string, unknown>;
  return settings;
}

/**
 * The same settings as a plan may have them: without empty instructions, which are misuse because they clear nothing.
 */
export function plannedIn(event: Entry['event']): Readonly<Record<string, unknown>> {
  const { instructions, ...settings } = settingsIn(event);
  return instructions === '' || instructions === undefined ? settings : { ...settings, instructions };
}

/** Whether a difference comes from empty instructions: the server replaces them by its own, as recordings show. */
export const isServersOwnPersona = ({ path, asked }: { readonly path: string; readonly asked: unknown }): boolean =>
  path === 'instructions' && asked === '';
