import type { Decision, Ending, Ledger, Observer, SessionAbout } from '../../types/index.js';
import type { Asking, Effects, Input } from '../machine/index.js';
import { channelOf, type ChannelName } from './channels.js';
import { Decisions } from './decisions.js';
import type { Emitter } from './emitter.js';
import { warn } from './warn.js';
import { Watches } from './watches.js';

/** What reports need to know of the session. */
export interface Subject {
  /** The server's id of the session; empty before the server has sent it. */
  readonly id: string;
  readonly ledger: Ledger;
}

/** Reports on a session to the outside: its observers, its listeners, and the process's diagnostics channels. */
export class Reports {
  readonly #emitter: Emitter;
  readonly #subject: Subject;
  readonly #watches = new Watches(this);
  #about: Pick<SessionAbout, 'model' | 'callId'> = { model: null, callId: null };
  #decisions: Decisions | null = null;
  #due: Decision[] = [];
  #isAnnounced = false;

  constructor(emitter: Emitter, subject: Subject) {
    this.#emitter = emitter;
    this.#subject = subject;
  }

  begin(observers: readonly Observer[], about: SessionAbout, fault: (error: Error) => void): void {
    const { model, callId, startedAt, wallTime } = about;
    this.#about = { model, callId };
    this.#decisions = new Decisions({ callId, startedAt, wallTime });
    this.#watches.begin(observers, about, fault);
  }

  noting(ask: Asking): Asking {
    return this.#watches.noting(ask);
  }

  get areWatched(): boolean {
    return this.#watches.areAny;
  }

  appended(text: string, now: number): void {
    this.#watches.appended(text, now);
  }

  stepped(input: Input, effects: Effects): void {
    this.#watches.stepped(input, effects);
    if (!this.#isAnnounced) this.#announce();
    if (effects.notices.length === 0) return;
    const decisions = this.#decisions;
    const over = decisions?.note(effects.notices, input.now);
    if (!decisions || !over?.length || !this.#areDecisionsTold) return;
    this.#due.push(...decisions.told(over, this.#subject.id));
  }

  /** Composing a decision costs more than the step that completes it, and often nobody is told. */
  get #areDecisionsTold(): boolean {
    return this.areWatched || this.#emitter.hasListeners('decision') || channelOf('decision') !== null;
  }

  /** Queues the decisions that the last steps completed. */
  decided(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    for (const decision of due) {
      this.#watches.decided(decision);
      this.#emitter.queue('decision', decision);
      this.#publish('decision', decision);
    }
  }

  /** Reports a fault to its listeners; where there are none, as a process warning or on the console. */
  fault(error: Error): void {
    const isTold = this.#watches.fault(error, this.#sessionId);
    this.#publish('fault', { error, ...this.#ids });
    if (this.#emitter.hasListeners('fault')) this.#emitter.queue('fault', error);
    else if (!isTold) warn(error);
  }

  ended(ending: Ending): void {
    const ledger = this.#subject.ledger;
    this.#publish('session', { is: 'ended', ...this.#ids, ending, ledger });
    this.#emitter.flush();
    this.#watches.ended(ending, ledger, this.#sessionId);
  }

  /** Announces the session once, as soon as it has an id. */
  #announce(): void {
    if (this.#subject.id === '') return;
    this.#isAnnounced = true;
    this.#publish('session', { is: 'open', ...this.#ids });
  }

  /** Publishes to subscribers in the same order as to listeners, and never inside a step. */
  #publish(name: ChannelName, message: object): void {
    const channel = channelOf(name);
    if (channel) this.#emitter.queueCall(() => channel.publish(message));
  }

  get #sessionId(): string | null {
    return this.#subject.id || null;
  }

  get #ids(): object {
    return { sessionId: this.#sessionId, callId: this.#about.callId, model: this.#about.model };
  }
}
