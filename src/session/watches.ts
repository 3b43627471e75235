import type { Decision, Ending, Ledger, Observer, SessionAbout, Watch } from '../../types/index.js';
import { emptyList } from '../collections.js';
import type { Answer, Asking, Effects, Input } from '../machine/index.js';
import { asError } from './emitter.js';

/** The observers of one session. Their errors are reported as faults, and break nothing. */
export class Watches {
  #all: readonly Watch[] = emptyList;
  #answers: Answer[] = [];
  readonly #reports: { fault(error: Error): void };

  constructor(reports: { fault(error: Error): void }) {
    this.#reports = reports;
  }

  begin(observers: readonly Observer[], about: SessionAbout, fault: (error: Error) => void): void {
    this.#all = observers.map((each) => each.watch(about, fault));
  }

  get areAny(): boolean {
    return this.#all.length > 0;
  }

  /** Wraps `ask` so that the answers are noted for observers, if there are any. */
  noting(ask: Asking): Asking {
    if (this.#all.length === 0) return ask;
    this.#answers = [];
    const answers = this.#answers;
    return (question) => {
      const answer = ask(question);
      answers.push(answer);
      return answer;
    };
  }

  stepped(input: Input, effects: Effects): void {
    if (this.#all.length === 0) return;
    const { frames, notices, commands } = effects;
    const step = { input, answers: this.#answers, frames, notices, commands };
    this.#tell((watch) => watch.stepped?.(step));
  }

  appended(text: string, now: number): void {
    if (this.#all.length === 0) return;
    this.#tell((watch) => watch.appended?.(text, now));
  }

  decided(decision: Decision): void {
    this.#tell((watch) => watch.decided?.(decision));
  }

  /**
   * Returns whether an observer has told a person of the fault. An error thrown by an observer is dropped here, because
   * reporting it would cause an endless loop.
   */
  fault(error: Error, sessionId: string | null): boolean {
    let isTold = false;
    this.#tell(
      (watch) => void (isTold = watch.fault?.(error, sessionId) === 'told' || isTold),
      () => undefined,
    );
    return isTold;
  }

  ended(ending: Ending, ledger: Ledger, sessionId: string | null): void {
    this.#tell((watch) => watch.ended?.(ending, ledger, sessionId));
  }

  #tell(tell: (watch: Watch) => void, threw = (error: Error): void => this.#reports.fault(error)): void {
    for (const watch of this.#all) {
      try {
        tell(watch);
      } catch (error) {
        threw(asError(error));
      }
    }
  }
}
