import type { Decision, Ending, Ledger, Observer, SessionAbout, Watch } from '../../types/index.js';
import type { Answer, Asking, Effects, Input } from '../machine/index.js';
import { asError } from './emitter.js';

/** The observers of one session. What they throw is told, and breaks nothing. */
export class Watches {
  #all: readonly Watch[] = [];
  #answers: Answer[] = [];
  readonly #threw: (error: Error) => void;

  constructor(threw: (error: Error) => void) {
    this.#threw = threw;
  }

  begin(observers: readonly Observer[], about: SessionAbout, fault: (error: Error) => void): void {
    this.#all = observers.map((each) => each.watch(about, fault));
  }

  /** Asks as `ask` does, and notes what is answered where anybody wants to know. */
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

  /** Whether a person will read of it. What an observer of faults throws is dropped, or it would go round. */
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

  #tell(tell: (watch: Watch) => void, threw = this.#threw): void {
    for (const watch of this.#all) {
      try {
        tell(watch);
      } catch (error) {
        threw(asError(error));
      }
    }
  }
}
