/**
 * Law 13: what a machine was given is all that decides what it does. Everything that goes into it is kept as JSON (an
 * audio delta without its audio: its item, its response and its number of bytes), and folded again through another.
 */
import type { Answer, Asking, Effects, Input, Rules, Session } from '../../src/machine/index.js';

/** One step: what came in, what the user's own functions answered in it, what came of it. Each is JSON. */
interface Recorded {
  readonly input: string;
  readonly answers: string;
  readonly effects: string;
}

export interface Recording {
  readonly rules: string;
  readonly steps: Recorded[];
}

/** The part of the machine that is recorded, and that replays. */
export interface Machine {
  readonly createSession: (rules: Rules) => Session;
  readonly step: (session: Session, input: Input, ask: Asking) => Effects;
}

/** Sees each step of each machine: before it, its input; after it, its effects. */
export interface Witness {
  before?(session: Session, input: Input): void;
  after?(session: Session, input: Input, effects: Effects): void;
}

/** A machine whose every step is recorded. What it tells its witnesses changes nothing. */
export class Recorder implements Machine {
  readonly recordings: Recording[] = [];
  readonly witnesses = new Set<Witness>();
  /** What is recorded, itself unrecorded. */
  readonly machine: Machine;
  readonly #of = new WeakMap<Session, Recording>();

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Forgets what has been recorded; machines that go on are recorded no more. */
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
    const given = written(input);
    const effects = this.machine.step(session, input, asked);
    this.#of.get(session)?.steps.push({ input: given, answers: JSON.stringify(answers), effects: said(effects) });
    for (const witness of this.witnesses) witness.after?.(session, input, effects);
    return effects;
  };
}

/** Of audio the bytes themselves are no input. */
function written(input: Input): string {
  if (input.type !== 'frame' || input.audioBytes === 0) return JSON.stringify(input);
  const { type, response_id, item_id } = input.event;
  return JSON.stringify({ ...input, event: { type, response_id, item_id } });
}

const said = ({ frames, notices, commands }: Effects): string => JSON.stringify({ frames, notices, commands });

/** Folds a recording through a machine that has seen nothing, and says where it does otherwise; null: nowhere. */
export function replay(machine: Machine, { rules, steps }: Recording): string | null {
  const session = machine.createSession(JSON.parse(rules) as Rules);
  for (const [index, { input, answers, effects }] of steps.entries()) {
    const left = JSON.parse(answers) as Answer[];
    const where = `step ${index}, ${input.slice(0, 300)}`;
    const unasked: string[] = [];
    const again = machine.step(session, JSON.parse(input) as Input, (question) => {
      const answer = left.shift();
      if (!answer) unasked.push(JSON.stringify(question));
      return answer ?? { yes: false };
    });
    if (unasked.length > 0) return `L13: ${where} asks what was not asked then: ${unasked.join()}`;
    if (left.length > 0) return `L13: ${where} does not ask what was asked then`;
    if (said(again) !== effects) return `L13: ${where}\n  gave  ${effects}\n  gives ${said(again)}`;
  }
  return null;
}

/** Everything that has been recorded, replayed. */
export const replayAll = (machine: Machine, recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => replay(machine, recording) ?? []);
