import type { Asking, Thrown } from './asking.js';
import type { ClientEvent, Command, Effects, Notice } from './effects.js';
import type { BareName, Fact, FactName, Facts } from './facts.js';
import type { Ask } from './request.js';
import type { Session } from './state.js';

/** One step under way: the session that it changes, the effects that it collects, the facts that wait to be heard. */
export interface Work extends Effects {
  readonly session: Session;
  readonly ask: Asking;
  readonly frames: ClientEvent[];
  readonly notices: Notice[];
  readonly commands: Command[];
  readonly facts: Fact[];
  /** Requests that are made in this step and not yet decided. */
  readonly newcomers: Ask[];
  /** The answers of the user's own guards in this step; null while none was asked. */
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

/** Tells the small machines a fact. It is heard before the step ends, after all that was posted before it. */
export function post<Name extends FactName>(
  work: Work,
  is: Name,
  ...[data]: Name extends BareName ? [] : [data: Facts[Name]]
): void {
  work.facts.push({ ...(data as object), is } as Fact);
}

export const send = (work: Work, frame: ClientEvent): void => void work.frames.push(frame);
export const tell = (work: Work, notice: Notice): void => void work.notices.push(notice);
export const command = (work: Work, what: Command): void => void work.commands.push(what);

/** Tells the operator of what went wrong, and by whom: what a function of the user's threw is told as it was thrown. */
export const fault = (
  work: Work,
  message: string,
  thrown: Thrown | null = null,
  whose: 'server' | 'network' | 'user' = 'server',
): void => tell(work, { kind: 'fault', whose, message, thrown });

/** Makes an id that no other writer makes up: for events, tokens and items. */
export const makeId = (session: Session): string => `${session.rules.prefix}_${++session.ids}`;
