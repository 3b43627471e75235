import type { Detection, Trigger } from './automatic-answer.js';
import { type Budget, firstBudget } from './budget.js';
import type { Connection } from './connection.js';
import type { HangUp } from './hang-up.js';
import { firstItems, type Items } from './items.js';
import type { Line } from './line.js';
import { type Dimension, firstStanding, type Standing } from './machines.js';
import { firstRecovery, type Recovery } from './recovery.js';
import { firstRequests, type Requests } from './request.js';
import { firstResponses, type Responses } from './response.js';
import type { Rules } from './rules.js';
import { firstSpending, type Spending } from './spending.js';
import { firstToolRounds, type ToolRounds } from './tool-state.js';
import { firstPlayback, type Playback } from './track.js';
import { type Configuration, firstConfiguration } from './update.js';
import { firstUserTurn, type UserTurn } from './user-turn.js';

/** The whole state of a session: plain data, each part of it in the keeping of one small machine. */
export interface Session {
  rules: Rules;
  now: number;
  /** Counts inputs. */
  steps: number;
  framesRead: number;
  /** Counts ids that were made here. */
  ids: number;
  /** When a tick is due; Infinity if never. It may be too early. */
  due: number;
  /** Whether anything is due but the watch over the line. */
  awaits: 'something' | 'nothing';
  /** Where each table stands. Only the tables move it. */
  readonly is: Standing;
  /** When each of them last moved. */
  readonly since: { -readonly [Of in Dimension]: number };
  connection: Connection;
  configuration: Configuration;
  turn: UserTurn;
  detection: Detection;
  /** Null: no turn has ended since the server last answered by itself. */
  trigger: Trigger | null;
  items: Items;
  responses: Responses;
  /** The `event_id`s of frames whose refusal concerns nobody. */
  readonly housekeeping: Set<string>;
  requests: Requests;
  playback: Playback;
  tools: ToolRounds;
  recovery: Recovery;
  spending: Spending;
  budget: Budget;
  /** Null: none has been asked for, or the user took the floor. */
  hangUp: HangUp | null;
  line: Line;
}

export function createSession(rules: Rules): Session {
  const is = firstStanding();
  return {
    rules,
    now: 0,
    steps: 0,
    framesRead: 0,
    ids: 0,
    due: Infinity,
    awaits: 'nothing',
    is,
    since: Object.fromEntries(Object.keys(is).map((name) => [name, 0])) as Session['since'],
    connection: { ending: null },
    configuration: firstConfiguration(),
    turn: firstUserTurn(),
    detection: { responds: true, interrupts: true },
    trigger: null,
    items: firstItems(),
    responses: firstResponses(),
    housekeeping: new Set(),
    requests: firstRequests(),
    playback: firstPlayback(),
    tools: firstToolRounds(),
    recovery: firstRecovery(),
    spending: firstSpending(),
    budget: firstBudget(rules.budget),
    hangUp: null,
    line: { heardAt: 0 },
  };
}
