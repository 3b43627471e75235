import type { Facts } from './facts.js';
import { addedThrough } from './items.js';
import type { Part } from './part.js';
import { at, isRecord, type Json } from './read.js';
import { isSideband } from './sideband.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { post, type Work } from './work.js';

/**
 * Whether the server is about to answer a turn by itself. `untold`: a response may be open, begun while the control line
 * of a call was away.
 */
export const automaticTable = table<'quiet' | 'imminent' | 'untold'>('automatic', {
  quiet: {
    'slot-untold': 'untold',
    'answer-triggered': 'imminent',
    'answer-due': 'imminent',
    'conflict-unnamed': 'imminent',
  },
  imminent: {
    'answer-triggered': 'imminent',
    'answer-due': 'imminent',
    'conflict-unnamed': 'imminent',
    'slot-freed': 'imminent',
    'answer-created': 'quiet',
    'answer-overdue': 'quiet',
    dropped: 'quiet',
    parted: 'quiet',
    gone: 'quiet',
  },
  untold: {
    'answer-triggered': 'imminent',
    'answer-due': 'imminent',
    'conflict-unnamed': 'imminent',
    'slot-freed': 'quiet',
    'answer-created': 'quiet',
    'answer-overdue': 'quiet',
    parted: 'quiet',
    gone: 'quiet',
  },
});

/** The turn detection, as the server last described it. */
export interface Detection {
  readonly responds: boolean;
  readonly interrupts: boolean;
}
/** The end of a turn, and the items that had been added by then: the server's answer has seen exactly those. */
export interface Trigger {
  readonly step: number;
  readonly seen: number;
}

export const answerIsImminent = ({ is }: Session): boolean => is.automatic !== 'quiet';
export const serverAnswers = ({ detection }: Session): boolean => detection.responds;
/** Whether the server cuts off its own speech when the user begins to speak. */
export const serverInterrupts = ({ detection }: Session): boolean => detection.interrupts;

/** Notes whether the server answers by itself, and whether it lets the user interrupt. */
export function noteDetection(work: Work, session: Json): void {
  const detection = at(session, 'audio', 'input', 'turn_detection');
  if (detection === undefined) return;
  if (!isRecord(detection)) {
    work.session.detection = { responds: false, interrupts: false };
    return post(work, 'detection-off');
  }
  work.session.detection = {
    responds: detection['create_response'] !== false,
    interrupts: detection['interrupt_response'] !== false,
  };
}

function onTriggered({ session }: Work): void {
  session.trigger = { step: session.steps, seen: addedThrough(session) };
}

function onCreated({ session }: Work, { response }: Facts['answer-created']): void {
  response.automatic = {
    step: session.steps,
    triggeredAt: session.trigger?.step ?? session.steps,
    seen: session.trigger?.seen ?? 0,
  };
  session.trigger = null;
}

export const automaticAnswer: Part = {
  tables: { automatic: automaticTable },
  handlers: {
    'session-told': (work, { session }) => noteDetection(work, session),
    'answer-triggered': onTriggered,
    'answer-created': onCreated,
    'taken-over': (work) => {
      if (isSideband(work.session)) post(work, 'slot-untold');
    },
    dropped: ({ session }) => void (session.trigger = null),
    parted: ({ session }) => void (session.trigger = null),
    gone: ({ session }) => void (session.trigger = null),
  },
};
