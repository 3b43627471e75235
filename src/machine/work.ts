import type { Asking, Thrown } from './asking.js';
import type { ClientEvent, Command, Effects, Notice } from './effects.js';
import type { BareName, Fact, FactName, Facts } from './facts.js';
import type { Ask } from './request.js';
import type { Session } from './state.js';

/**
 * One step in progress: the session that it changes, the effects that it collects, and the facts still to be handled.
 */
export interface Work extends Effects {
  readonly session: Session;
  readonly ask: Asking;
  readonly frames: ClientEvent[];
  readonly notices: Notice[];
  readonly commands: Command[];
  readonly facts: Fact[];
  /** Requests made in this step and not yet decided. */
  readonly newcomers: Ask[];
  /** The answers of the user's own guards in this step; null while none has been asked. */
  answered: Map<string, boolean> | null;
}

export const begin = (session: Session, ask: Asking): Work => ({
  session,
  ask,
  frames: [],
  notices: [],
  commands: [],
  facts: [],
  newcomers: [],
  answered: null,
});

/** Posts a fact, to be handled in this step after those posted before it. */
export function post<Name extends FactName>(
  work: Work,
  is: Name,
  ...[data]: Name extends BareName ? [] : [data: Facts[Name]]
): void {
  work.facts.push({ is, data });
}

export const send = (work: Work, frame: ClientEvent): void => void work.frames.push(frame);
export const tell = (work: Work, notice: Notice): void => void work.notices.push(notice);
export const command = (work: Work, what: Command): void => void work.commands.push(what);

/**
 * Reports a fault to the operator, and names the party. An error thrown by a user's function is passed on as thrown.
 */
export const fault = (
  work: Work,
  message: string,
  thrown: Thrown | null = null,
  whose: 'server' | 'network' | 'user' = 'server',
): void => tell(work, { kind: 'fault', whose, message, thrown });

/** Makes a unique id for an event, token or item. */
export const makeId = (session: Session): string => `${session.rules.prefix}_${++session.ids}`;
