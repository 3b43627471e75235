/** What a client can know from the frames it has read, from those it wrote, and from what it was told. */
import { readError } from './complaints.js';
import { firstPurse, notePurse, type Purse } from './purse.js';
import {
  contains,
  field,
  isObject,
  merged,
  text,
  type Constants,
  type Entry,
  type Frame,
  type Json,
  type Told,
} from './wire-log.js';

export type Lane = 'default' | 'out-of-band';

export interface Response {
  is: 'open' | 'superseded' | 'ended';
  lane: Lane;
  /** Its `created` has been read, or else its `done`: it is known whose it is. */
  created: boolean;
  /** A conflict named it before its `created` was read. */
  named: boolean;
  heardAt: number;
}

/** Written, and neither created nor refused. */
export interface Create {
  readonly token: string;
  readonly purpose: string | null;
  readonly eventId: string | null;
  readonly lane: Lane;
  readonly at: number;
}

/** A flag that says that the user is speaking, and since when. */
type Flag = { since: number } | null;

export interface Knowledge {
  readonly constants: Constants;
  connection: 'open' | 'lost';
  session: {
    is: 'unconfirmed' | 'confirmed';
    /** The update that was written last and is not settled. `doubtful`: what stands has been asked since. */
    pending: { eventId: string | null; asked: Json; at: number; is: 'asked' | 'doubtful' | 'restoring' } | null;
    /** The last confirmed configuration; null before the first. */
    standing: Json | null;
    /** Updates that were given up before anything was confirmed: their echoes are still to come. */
    givenUp: (string | null)[];
  };
  /** What the server last said: whether it answers turns by itself. */
  answersTurns: boolean;
  /** By the server's ear, and by hand. Neither ends the other. */
  voice: Flag;
  button: Flag;
  /** The wait for a transcript, where that ends a turn. */
  transcript: Flag;
  /** The item of the turn that is under way or was last; those that a later one has overtaken. */
  turnItem: string | null;
  olderItems: string[];
  awaited: string | null;
  lastTranscript: string | null;
  /** The server is about to answer by itself. While a default response is open the clock stands still. */
  imminent: Flag;
  /** The server has ended a turn, and its `committed` has not been read. */
  uncommitted: boolean;
  /** Commits of ours that were neither committed nor refused. */
  commits: { eventId: string | null; at: number }[];
  creates: Create[];
  /** Every token that this connection has carried. */
  tokens: Record<string, Lane>;
  responses: Record<string, Response>;
  hangup: 'none' | 'pending';
  closing: boolean;
  /** Null: as much may be spent as it takes. */
  purse: Purse | null;
}

export const knowsNothing = (constants: Constants): Knowledge => ({
  constants,
  connection: 'open',
  session: { is: 'unconfirmed', pending: null, standing: null, givenUp: [] },
  answersTurns: true,
  voice: null,
  button: null,
  transcript: null,
  turnItem: null,
  olderItems: [],
  awaited: null,
  lastTranscript: null,
  imminent: null,
  uncommitted: false,
  commits: [],
  creates: [],
  tokens: {},
  responses: {},
  hangup: 'none',
  closing: false,
  purse: constants.allowance && firstPurse(constants.allowance),
});

/** One entry of the log. */
export function learn(knows: Knowledge, entry: Entry): void {
  if (knows.purse) notePurse(knows.purse, entry);
  if (entry.kind === 'read') read(knows, entry.frame, entry.at);
  else if (entry.kind === 'wrote') wrote(knows, entry.frame, entry.at);
  else if (entry.kind === 'told') told(knows, entry.fact, entry.at);
  else if (entry.kind === 'lost') knows.connection = 'lost';
  else if (entry.kind === 'time') pass(knows, entry.at);
}

export const userSpeaks = ({ voice, button, transcript }: Knowledge): boolean => Boolean(voice ?? button ?? transcript);
export const slotIsTaken = (knows: Knowledge): boolean =>
  Object.values(knows.responses).some(({ is, lane }) => is === 'open' && lane === 'default');

// Time ----------------------------------------------------------------------------------------------------------------

/** Everything that is overdue comes about at this moment. */
function pass(knows: Knowledge, now: number): void {
  const { constants, session } = knows;
  const isOver = (flag: Flag, ms: number): boolean => flag !== null && flag.since + ms <= now;
  if (isOver(knows.voice, constants.turnMs)) knows.voice = null;
  if (isOver(knows.button, constants.turnMs)) knows.button = null;
  if (isOver(knows.transcript, constants.transcriptMs)) knows.transcript = null;
  if (isOver(knows.imminent, constants.imminentMs) && !slotIsTaken(knows)) knows.imminent = null;
  if (session.pending?.is === 'asked' && session.pending.at + constants.confirmMs <= now) giveUp(knows);
  knows.commits = knows.commits.filter(({ at }) => at + constants.createdMs > now);
  knows.creates = knows.creates.filter(({ at }) => at + constants.createdMs > now);
  for (const response of Object.values(knows.responses)) {
    const isOverdue = response.is !== 'ended' && response.heardAt + constants.responseMs <= now;
    if (isOverdue) freeing(knows, now, () => (response.is = 'ended'));
  }
}

/** Before anything was confirmed, an update that nobody waits for is over; later it may still stand. */
function giveUp({ session }: Knowledge): void {
  if (!session.pending || session.standing) return;
  session.givenUp.push(session.pending.eventId);
  session.pending = null;
}

/** If this frees the slot, the server's own answer is awaited anew. */
function freeing(knows: Knowledge, now: number, change: () => void): void {
  const before = slotIsTaken(knows);
  change();
  if (before && !slotIsTaken(knows) && knows.imminent) knows.imminent = { since: now };
}

// What the client was told, and what it wrote -------------------------------------------------------------------------

function told(knows: Knowledge, fact: Told, at: number): void {
  if (fact === 'hangup') knows.hangup = 'pending';
  else if (fact === 'resumed') knows.hangup = 'none';
  else if (fact === 'close') knows.closing = true;
  else if (fact === 'abandon') giveUp(knows);
  else if (fact === 'turn-begins') {
    knows.button ??= { since: at };
    knows.transcript = knows.awaited = null;
  } else if (knows.button) {
    knows.button = null;
    awaitTranscript(knows, at);
  }
}

function awaitTranscript(knows: Knowledge, at: number): void {
  if (knows.constants.turnEnds === 'transcribed') knows.transcript = { since: at };
}

function wrote(knows: Knowledge, frame: Frame, at: number): void {
  const eventId = text(frame, 'event_id');
  if (frame.type === 'session.update') wroteUpdate(knows, field(frame, 'session'), { eventId, at });
  if (frame.type === 'input_audio_buffer.commit') knows.commits.push({ eventId, at });
  if (frame.type !== 'response.create') return;
  const token = text(frame, 'response.metadata.gated_token') ?? '';
  const purpose = text(frame, 'response.metadata.gated_purpose');
  const lane = field(frame, 'response.conversation') === 'none' ? 'out-of-band' : 'default';
  knows.tokens[token] = lane;
  knows.creates.push({ token, purpose, eventId, lane, at });
  if (purpose !== null && knows.constants.farewells.includes(purpose)) knows.hangup = 'pending';
}

/** An update that asks for nothing asks what stands: while one is pending, the client doubts it; else it shuts nothing. */
function wroteUpdate({ session }: Knowledge, given: unknown, when: { eventId: string | null; at: number }): void {
  const { type: _, ...asked } = isObject(given) ? given : {};
  const isFetch = Object.keys(asked).length === 0 && session.standing !== null;
  if (isFetch) {
    if (session.pending) session.pending.is = 'doubtful';
    return;
  }
  session.is = 'unconfirmed';
  // One is out at a time: what is written before the last was settled is the last confirmed configuration.
  session.pending = { asked, is: session.pending ? 'restoring' : 'asked', ...when };
}

// What each frame tells -----------------------------------------------------------------------------------------------

function read(knows: Knowledge, frame: Frame, at: number): void {
  const item = text(frame, 'item_id');
  switch (frame.type) {
    case 'session.created':
      return noteDetection(knows, field(frame, 'session'));
    case 'session.updated':
      noteDetection(knows, field(frame, 'session'));
      return readEcho(knows, field(frame, 'session'));
    case 'input_audio_buffer.speech_started':
      return readStarted(knows, item, at);
    case 'input_audio_buffer.speech_stopped':
      return readStopped(knows, item, at);
    case 'input_audio_buffer.timeout_triggered':
      return expectAnswer(knows, item, at);
    case 'input_audio_buffer.committed':
      return readCommitted(knows, item, at);
    case 'input_audio_buffer.cleared':
      knows.voice = null;
      return;
    case 'conversation.item.input_audio_transcription.completed':
    case 'conversation.item.input_audio_transcription.failed':
      knows.lastTranscript = item;
      if (item !== null && item === knows.awaited) knows.transcript = null;
      return;
    case 'response.created':
      return readCreated(knows, field(frame, 'response'), at);
    case 'response.done':
      return readDone(knows, field(frame, 'response'), at);
    case 'error': {
      const conflict = readError(knows, frame);
      if (conflict !== null) readConflict(knows, conflict.holder, at);
      return;
    }
    default:
      if (frame.type.startsWith('response.')) noteAlive(knows, text(frame, 'response_id'), at);
  }
}

function noteDetection(knows: Knowledge, session: unknown): void {
  const detection = field(session, 'audio.input.turn_detection');
  if (detection === undefined) return;
  knows.answersTurns = isObject(detection) && detection['create_response'] !== false;
  if (!isObject(detection)) knows.voice = null;
}

/** Containing what was asked for is looked at first; in doubt, what had been confirmed stands as well. */
function readEcho({ session, constants }: Knowledge, echo: unknown): void {
  const { pending, standing } = session;
  if (pending && contains(echo, pending.asked)) {
    session.standing = merged(standing ?? {}, pending.asked);
  } else if (!(pending?.is === 'doubtful' && contains(echo, standing))) {
    const isOwed = session.givenUp.shift() !== undefined;
    if (pending && !standing && !isOwed && constants.line === 'own') session.pending = null;
    return;
  }
  session.pending = null;
  session.is = 'confirmed';
}

function readStarted(knows: Knowledge, item: string | null, at: number): void {
  knows.voice ??= { since: at };
  knows.transcript = knows.awaited = null;
  if (knows.turnItem !== null && knows.turnItem !== item) knows.olderItems.push(knows.turnItem);
  knows.olderItems = knows.olderItems.filter((each) => each !== item).slice(-8);
  knows.turnItem = item;
}

function readStopped(knows: Knowledge, item: string | null, at: number): void {
  if (knows.voice && item !== null && knows.olderItems.includes(item)) return;
  knows.awaited = item;
  endVoice(knows, at);
  expectAnswer(knows, item, at);
}

function endVoice(knows: Knowledge, at: number): void {
  if (!knows.voice) return;
  knows.voice = null;
  awaitTranscript(knows, at);
}

function expectAnswer(knows: Knowledge, item: string | null, at: number): void {
  knows.uncommitted = true;
  knows.turnItem = item;
  if (knows.answersTurns) knows.imminent = { since: at };
}

function readCommitted(knows: Knowledge, item: string | null, at: number): void {
  const isOfTurn = knows.uncommitted && (item === knows.turnItem || knows.turnItem === null);
  const isOurs = !isOfTurn && knows.commits.shift() !== undefined;
  if (item !== null && item === knows.turnItem) endVoice(knows, at);
  knows.awaited = item;
  if (knows.transcript) knows.transcript = item !== null && item === knows.lastTranscript ? null : { since: at };
  if (isOurs || !knows.uncommitted) return;
  knows.uncommitted = false;
  if (knows.answersTurns) knows.imminent = { since: at };
}

/** A response that is heard of. One that has ended stays so. */
function noteAlive(knows: Knowledge, id: string | null, at: number): Response | null {
  if (id === null) return null;
  const fresh: Response = { is: 'open', lane: 'default', created: false, named: false, heardAt: at };
  const response = (knows.responses[id] ??= fresh);
  if (response.is === 'ended') return null;
  response.heardAt = at;
  return response;
}

function readCreated(knows: Knowledge, object: unknown, at: number): void {
  const response = noteAlive(knows, text(object, 'id'), at);
  if (!response || response.created) return;
  const ours = identify(knows, response, object, at);
  if (response.lane === 'out-of-band') return;
  if (ours === null) knows.imminent = null;
  if (response.named || response.is === 'superseded') {
    response.is = 'open';
    return;
  }
  for (const other of Object.values(knows.responses)) {
    if (other !== response && other.lane === 'default' && other.is === 'open') other.is = 'superseded';
  }
}

function readDone(knows: Knowledge, object: unknown, at: number): void {
  const response = noteAlive(knows, text(object, 'id'), at);
  if (!response) return;
  if (!response.created) identify(knows, response, object, at);
  freeing(knows, at, () => (response.is = 'ended'));
}

/** Whose it is, by its token or its conversation. It answers its request: no create for that is outstanding any more. */
function identify(knows: Knowledge, response: Response, object: unknown, at: number): Lane | null {
  const token = text(object, 'metadata.gated_token');
  const purpose = text(object, 'metadata.gated_purpose');
  const ours = token === null ? null : (knows.tokens[token] ?? null);
  response.created = true;
  // Of a request that was put back, an earlier create may be answered; the user's requests are known by their purposes.
  const isSame = (each: Create): boolean =>
    each.token === token || (each.purpose === purpose && purpose?.startsWith('reply-') === true);
  if (ours !== null) knows.creates = knows.creates.filter((each) => !isSame(each));
  const lane = ours ?? (field(object, 'conversation_id') === null ? 'out-of-band' : 'default');
  freeing(knows, at, () => (response.lane = lane));
  return ours;
}

/** The slot is taken: by the response that the message names, or by one that nobody knows. */
function readConflict(knows: Knowledge, holder: string | null, at: number): void {
  if (holder === null) knows.imminent = { since: at };
  const response = noteAlive(knows, holder, at);
  if (!response) return;
  response.named ||= !response.created;
  response.is = 'open';
}
