/**
 * Records each step of a machine as a line of a record, because law 13 says that its inputs alone decide its effects.
 * It imports no machine, because it is used to replace the machine's module.
 */
import type { Answer, Asking, Effects, Input, Rules, Session } from '../../src/machine/index.js';
import { lineOf } from '../../src/record/lines.js';
import type { Machine } from '../../src/record/replay.js';

export type { Machine };

/** The recorded lines of a machine. */
export interface Recording {
  readonly rules: string;
  readonly steps: string[];
}

/** Called around each step of each machine: before it with its input, after it with its effects. */
export interface Witness {
  before?(session: Session, input: Input): void;
  after?(session: Session, input: Input, effects: Effects): void;
}

/** A machine whose steps are recorded. Its witnesses cannot change it. */
export class Recorder implements Machine {
  readonly recordings: Recording[] = [];
  readonly witnesses = new Set<Witness>();
  /** The machine that is recorded. */
  readonly machine: Machine;
  readonly #of = new WeakMap<Session, Recording>();

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Forgets the recordings; machines that go on are not recorded any more. */
  forget(): void {
    this.recordings.length = 0;
  }

  readonly createSession = (rules: Rules): Session => {
    const session = this.machine.createSession(rules);
    const recording: Recording = { rules: JSON.stringify(rules), steps: [] };
    this.#of.set(session, recording);
    this.recordings.push(recording);
    return session;
  };

  readonly step = (session: Session, input: Input, ask: Asking): Effects => {
    for (const witness of this.witnesses) witness.before?.(session, input);
    const answers: Answer[] = [];
    const asked: Asking = (question) => {
      const answer = ask(question);
      answers.push(answer);
      return answer;
    };
    const effects = this.machine.step(session, input, asked);
    this.#of.get(session)?.steps.push(JSON.stringify(lineOf({ input, answers, ...pick(effects) })));
    for (const witness of this.witnesses) witness.after?.(session, input, effects);
    return effects;
  };
}

const pick = ({ frames, notices, commands }: Effects): Effects => ({ frames, notices, commands });
