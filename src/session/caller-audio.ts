import { asksForAudio, isAway, isOpen, keptBytes, type Session, takesAudio } from '../machine/index.js';
import type { Clock } from '../clock.js';
import type { Outbound } from './outbound.js';
import type { Reports } from './reports.js';

interface Around {
  readonly machine: Session;
  readonly outbound: Outbound;
  /** Gives the machine what it wants to know. */
  readonly runtime: {
    call(what: { readonly type: 'audio-kept' } | { readonly type: 'backlog'; readonly is: Backlog }): void;
  };
  readonly reports: Reports;
  readonly clock: Clock;
}
type Backlog = NonNullable<Outbound['backlog']>;

/** Takes the caller's audio: it is sent, kept for the next line, or dropped. */
export class CallerAudio {
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  append(text: string): void {
    const { machine, outbound } = this.#around;
    if (isAway(machine)) this.#keep(text);
    else if (!isOpen(machine) || !outbound.isAttached) outbound.dropped++;
    else this.#send(text);
  }

  #send(text: string): void {
    const { machine, outbound } = this.#around;
    this.watchBacklog();
    if (!takesAudio(machine)) {
      outbound.dropped++;
      return;
    }
    outbound.append(text, keptBytes(machine));
    this.#appended(text);
  }

  #keep(text: string): void {
    const { machine, outbound } = this.#around;
    outbound.keep(text, keptBytes(machine));
    this.#appended(text);
    this.watchKept();
  }

  #appended(text: string): void {
    const { reports, clock } = this.#around;
    if (reports.areWatched) reports.appended(text, clock.now());
  }

  /** Informs the machine when the unsent bytes cross a threshold. */
  watchBacklog(): void {
    const { machine, outbound, runtime } = this.#around;
    const { backlog } = outbound;
    const isNews = backlog === 'far over' || (backlog === 'over') === takesAudio(machine);
    if (backlog !== null && isNews) runtime.call({ type: 'backlog', is: backlog });
  }

  /** Informs it when there is audio for the next line. */
  watchKept(): void {
    const { machine, outbound, runtime } = this.#around;
    if (asksForAudio(machine) && outbound.keepsAudio) runtime.call({ type: 'audio-kept' });
  }
}
