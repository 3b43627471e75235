import type { Part } from './part.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { post, tell, type Work } from './work.js';

/** What the caller hears while no line is live: once in each absence, when it has lasted for a while. */
export const meanwhileTable = table<'quiet' | 'due'>('meanwhile', {
  quiet: { dropped: 'due' },
  due: { 'meanwhile-due': 'quiet', 'taken-over': 'quiet', close: 'quiet', gone: 'quiet' },
});

/** How long it lasts before, in milliseconds. */
const AFTER_MS = 2_000;

function dueAt({ is, since, rules }: Session): number {
  return is.meanwhile === 'due' && rules.reconnect?.meanwhile === 'given' ? since.meanwhile + AFTER_MS : Infinity;
}

export const meanwhile: Part = {
  tables: { meanwhile: meanwhileTable },
  handlers: { 'meanwhile-due': (work: Work) => tell(work, { kind: 'meanwhile' }) },
  dueAt,
  onTick: (work) => {
    if (work.session.now >= dueAt(work.session)) post(work, 'meanwhile-due');
  },
};
