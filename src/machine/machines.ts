import { automaticAnswer, automaticTable } from './automatic-answer.js';
import { budget, budgetTable, leaseTable } from './budget.js';
import { configuration } from './configuration.js';
import { connection, connectionTable } from './connection.js';
import { conversation } from './conversation.js';
import type { FactName } from './facts.js';
import { hangUpPart, hangUpTable, legTable } from './hang-up.js';
import { inputAudio, inputTable } from './input-audio.js';
import { items } from './items.js';
import { backlogTable, line, lineTable } from './line.js';
import type { Part } from './part.js';
import { meanwhile, meanwhileTable } from './meanwhile.js';
import { playback } from './playback.js';
import { attemptLife, recovery } from './recovery.js';
import { requestLife } from './request.js';
import { requests } from './requests.js';
import { responseLife } from './response.js';
import { responses } from './responses.js';
import { restoreTable } from './next-line.js';
import { restore } from './restore.js';
import { quietTable, retiredTable, rotation, rotationTable } from './rotation.js';
import type { Session } from './state.js';
import { resume } from './resume.js';
import { retelling } from './retelling.js';
import { spending } from './spending.js';
import { next, type StateOf, type Table } from './table.js';
import { toolRounds } from './tool-rounds.js';
import { callLife, roundLife } from './tool-state.js';
import { playbackTable, trackLife } from './track.js';
import { configurationTable, updateLife } from './update.js';
import { buttonTable, transcriptTable, userTurn, voiceTable } from './user-turn.js';
import type { Work } from './work.js';

/** Every small machine, in the order in which they handle facts. */
export const machines: readonly Part[] = [
  connection,
  configuration,
  spending,
  budget,
  userTurn,
  automaticAnswer,
  inputAudio,
  conversation,
  items,
  responses,
  requests,
  playback,
  retelling,
  toolRounds,
  recovery,
  resume,
  hangUpPart,
  line,
  rotation,
  restore,
  meanwhile,
];

/** The dimensions of a session's state, one table each. */
export const dimensions = {
  connection: connectionTable,
  configuration: configurationTable,
  voice: voiceTable,
  button: buttonTable,
  transcript: transcriptTable,
  input: inputTable,
  automatic: automaticTable,
  playback: playbackTable,
  hangup: hangUpTable,
  leg: legTable,
  budget: budgetTable,
  lease: leaseTable,
  line: lineTable,
  backlog: backlogTable,
  restore: restoreTable,
  meanwhile: meanwhileTable,
  rotation: rotationTable,
  quiet: quietTable,
  retired: retiredTable,
} as const;

/** The tables of things that exist many times, such as requests. */
export const lives = {
  request: requestLife,
  response: responseLife,
  call: callLife,
  round: roundLife,
  attempt: attemptLife,
  track: trackLife,
  update: updateLife,
} as const;

export type Dimension = keyof typeof dimensions;
export type Standing = { -readonly [Of in Dimension]: StateOf<(typeof dimensions)[Of]> };

export const firstStanding = (): Standing =>
  Object.fromEntries(Object.entries(dimensions).map(([name, { first }]) => [name, first])) as Standing;

/** Which dimensions each fact can move. */
const movedBy: ReadonlyMap<FactName, readonly Dimension[]> = (() => {
  const columns = new Map<FactName, Dimension[]>();
  for (const name of Object.keys(dimensions) as Dimension[]) {
    const { rows } = dimensions[name] as Table<string>;
    for (const fact of new Set(Object.values(rows).flatMap((row) => Object.keys(row) as FactName[]))) {
      columns.set(fact, [...(columns.get(fact) ?? []), name]);
    }
  }
  return columns;
})();

function set<Name extends Dimension>(is: Standing, name: Name, state: string): void {
  is[name] = state as Standing[Name];
}

/** Moves every dimension whose table names this fact. */
function move(session: Session, fact: FactName): void {
  for (const name of movedBy.get(fact) ?? []) {
    const state = next(dimensions[name] as Table<string>, session.is[name], fact);
    if (state === undefined) continue;
    set(session.is, name, state);
    session.since[name] = session.now;
  }
}

type Handler = (work: Work, data: unknown, is: FactName) => void;

/** The handlers of each fact, in the order of the small machines. */
const handlersByFact: ReadonlyMap<FactName, readonly Handler[]> = (() => {
  const all = new Map<FactName, Handler[]>();
  for (const { handlers } of machines) {
    for (const [name, handler] of Object.entries(handlers) as [FactName, Handler][]) {
      all.set(name, [...(all.get(name) ?? []), handler]);
    }
  }
  return all;
})();

/** Delivers the posted facts, and those that they cause, until none is left. */
export function spread(work: Work): void {
  for (let fact = work.facts.shift(); fact; fact = work.facts.shift()) {
    move(work.session, fact.is);
    for (const handle of handlersByFact.get(fact.is) ?? []) handle(work, fact.data, fact.is);
  }
}
