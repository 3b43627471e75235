import {
  type Answer,
  type Asking,
  createSession,
  type Effects,
  type Input,
  type Question,
  type Rules,
  type Session,
  step,
} from '../machine/index.js';
import { inShape, isSame } from './compare.js';
import type { CallRecord, Came, StepDifference, StepLine } from './format.js';
import { type ReplayedVerdict, verdictsIn } from './verdicts.js';

/** The result of a replay. */
export interface Replay {
  /** How many steps were replayed. */
  readonly steps: number;
  /** The verdicts of today's machine, one for each request, in the order of settlement. */
  readonly verdicts: readonly ReplayedVerdict[];
  /**
   * The differing steps. Those after the first show the same recorded inputs, although the call itself would have gone
   * on differently.
   */
  readonly differences: readonly StepDifference[];
}

/** The machine functions that a replay needs. */
export interface Machine {
  readonly createSession: (rules: Rules) => Session;
  readonly step: (session: Session, input: Input, ask: Asking) => Effects;
}

/**
 * Gives what was recorded to today's machine, and says where it does otherwise. The user's functions are not called: what
 * they answered is in the record.
 *
 * @example
 * ```ts
 * const { differences } = replay(await readRecord('call.jsonl'));
 * if (differences.length > 0) console.log(explain(differences[0]!));
 * ```
 */
export const replay = (record: CallRecord): Replay => replayThrough({ createSession, step }, record);

/** Replays with another machine. */
export function replayThrough(machine: Machine, { header, rules, steps }: CallRecord): Replay {
  const session = machine.createSession(copyOf(rules) as Rules);
  const startedAt = header?.clock ?? steps[0]?.in.now ?? 0;
  const verdicts: ReplayedVerdict[] = [];
  const differences: StepDifference[] = [];
  const seen = header?.content === 'redacted' ? inShape : (came: Came): Came => came;
  for (const [index, line] of steps.entries()) {
    const played = play(machine, session, line);
    verdicts.push(...verdictsIn(played.today as Effects, startedAt));
    const then = { ...nothing, ...line.out };
    const differs = header !== null && !(isSame(seen(then), seen(played.today)) && isAnswered(played));
    if (!differs && !played.threw) continue;
    differences.push({ step: index, at: line.in.now - startedAt, input: line.in, then, ...played });
    if (played.threw) break;
  }
  return { steps: steps.length, verdicts, differences };
}

const nothing: Effects = { frames: [], notices: [], commands: [] };

type Played = Pick<StepDifference, 'today' | 'unanswered' | 'unasked' | 'threw'>;

const isAnswered = ({ unanswered, unasked }: Played): boolean => unanswered.length + unasked.length === 0;

function play(machine: Machine, session: Session, line: StepLine): Played {
  const left = [...(line.answers ?? [])] as Answer[];
  const unanswered: Question[] = [];
  const ask: Asking = (question) => {
    const answer = left.shift();
    if (!answer) unanswered.push(question);
    return answer ?? { yes: false };
  };
  try {
    const { frames, notices, commands } = machine.step(session, copyOf(line.in) as Input, ask);
    const today = copyOf({ frames, notices, commands });
    return { today, unanswered, unasked: left, threw: null };
  } catch (error) {
    const threw = error instanceof Error ? error : new Error(String(error));
    return { today: nothing, unanswered, unasked: left, threw };
  }
}

/** Copies a value through JSON, the form in which it was recorded. */
const copyOf = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
