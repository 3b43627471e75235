import { type Members, noMembers } from '../collections.js';
import type { Detection, Trigger } from './automatic-answer.js';
import { type Budget, firstBudget } from './budget.js';
import { type Connection, firstConnection } from './connection.js';
import { type Conversation, firstConversation } from './conversation.js';
import type { HangUp } from './hang-up.js';
import { firstInputAudio, type InputAudio } from './input-audio.js';
import { firstItems, type Items } from './items.js';
import type { Line } from './line.js';
import { type Dimension, firstStanding, type Standing } from './machines.js';
import { firstRecovery, type Recovery } from './recovery.js';
import { firstRequests, type Requests } from './request.js';
import type { BrokenOff } from './resume.js';
import { firstRestore, type Restore } from './next-line.js';
import { firstRotation, type Rotation } from './rotation.js';
import { firstResponses, type Responses } from './response.js';
import type { Rules } from './rules.js';
import { firstSpending, type Spending } from './spending.js';
import { firstToolRounds, type ToolRounds } from './tool-state.js';
import { firstPlayback, type Playback } from './track.js';
import { type Configuration, firstConfiguration } from './update.js';
import { firstUserTurn, type UserTurn } from './user-turn.js';

/** The whole state of a session: plain data, each part owned by one small machine. */
export interface Session {
  rules: Rules;
  now: number;
  /** Counts steps. */
  steps: number;
  framesRead: number;
  /** Counts the ids made here. */
  ids: number;
  /** When a tick is needed; Infinity if never. May be too early. */
  due: number;
  /** Whether any deadline is set besides the line watch. */
  awaits: 'something' | 'nothing';
  /** The current state of each table. Only the tables change it. */
  readonly is: Standing;
  /** When each state last changed. */
  readonly since: { -readonly [Of in Dimension]: number };
  connection: Connection;
  configuration: Configuration;
  turn: UserTurn;
  input: InputAudio;
  detection: Detection;
  /** Null: no turn has ended since the server last answered by itself. */
  trigger: Trigger | null;
  items: Items;
  responses: Responses;
  /** The `event_id`s of frames whose refusal can be ignored. */
  housekeeping: Members<string>;
  requests: Requests;
  playback: Playback;
  tools: ToolRounds;
  recovery: Recovery;
  /** Null: nothing was broken off, or nobody wants it resumed. */
  brokenOff: BrokenOff | null;
  spending: Spending;
  budget: Budget;
  /** Null: no hang-up was requested, or the user took the floor. */
  hangUp: HangUp | null;
  line: Line;
  restore: Restore;
  rotation: Rotation;
  conversation: Conversation;
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
    connection: firstConnection(),
    configuration: firstConfiguration(),
    turn: firstUserTurn(),
    input: firstInputAudio(),
    detection: { responds: true, interrupts: true },
    trigger: null,
    items: firstItems(),
    responses: firstResponses(),
    housekeeping: noMembers,
    requests: firstRequests(),
    playback: firstPlayback(),
    tools: firstToolRounds(),
    recovery: firstRecovery(),
    brokenOff: null,
    spending: firstSpending(),
    budget: firstBudget(rules.budget),
    hangUp: null,
    line: { heardAt: 0 },
    restore: firstRestore(),
    rotation: firstRotation(),
    conversation: firstConversation(),
  };
}
