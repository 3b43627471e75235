/** What a client can know: from the frames that it has read and written, and from its own user. */
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
  /** Whether its `created`, or else its `done`, has been read, so that its request is known. */
  created: boolean;
  /** Whether a conflict named it before its `created` was read. */
  named: boolean;
  heardAt: number;
}

/** A create that was sent, and neither created nor refused. */
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
    /**
     * The last update that was sent and is not settled. `doubtful`: the client has asked since which one is in force.
     */
    pending: { eventId: string | null; asked: Json; at: number; is: 'asked' | 'doubtful' | 'restoring' } | null;
    /** The last confirmed configuration; null before the first. */
    standing: Json | null;
    /** Updates given up before the first confirmation: their echoes are still to come. */
    givenUp: (string | null)[];
  };
  /** Whether the server answers turns by itself, as it last said. */
  answersTurns: boolean;
  /** The two flags: the server's detection, and the program's own. Neither ends the other. */
  voice: Flag;
  button: Flag;
  /** The wait for a transcript, where a turn ends with it. */
  transcript: Flag;
  /** The item of the current or last turn; then those that a later turn has overtaken. */
  turnItem: string | null;
  olderItems: string[];
  awaited: string | null;
  lastTranscript: string | null;
  /** The server is about to answer by itself. This clock stands still while a default response is open. */
  imminent: Flag;
  /** The control line of a call is back, and whether a response began meanwhile is not known. The same clock. */
  untold: Flag;
  /** Whether the server has ended a turn that it has not committed yet. */
  uncommitted: boolean;
  /** Our commits that were neither committed nor refused. */
  commits: { eventId: string | null; at: number }[];
  creates: Create[];
  /** Every token that this connection has carried. */
  tokens: Record<string, Lane>;
  responses: Record<string, Response>;
  hangup: 'none' | 'pending';
  closing: boolean;
  /** Null: no budget. */
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
  untold: null,
  uncommitted: false,
  commits: [],
  creates: [],
  tokens: {},
  responses: {},
  hangup: 'none',
  closing: false,
  purse: constants.allowance && firstPurse(constants.allowance),
});

/** Learns from one entry of the log. */
export function learn(knows: Knowledge, entry: Entry): void {
  if (knows.purse) notePurse(knows.purse, entry);
  if (entry.kind === 'read') read(knows, entry.frame, entry.at);
  else if (entry.kind === 'wrote') wrote(knows, entry.frame, entry.at);
  else if (entry.kind === 'told') told(knows, entry.fact, entry.at);
  else if (entry.kind === 'lost') lose(knows);
  else if (entry.kind === 'taken over') takeOver(knows, entry.frame, entry.at);
  else if (entry.kind === 'time') pass(knows, entry.at);
}

export const userSpeaks = ({ voice, button, transcript }: Knowledge): boolean => Boolean(voice ?? button ?? transcript);
export const slotIsTaken = (knows: Knowledge): boolean =>
  Object.values(knows.responses).some(({ is, lane }) => is === 'open' && lane === 'default');

// The line ------------------------------------------------------------------------------------------------------------

/** What the server knew is lost with it; what the user's own hand says, and the queue, are not. */
function lose(knows: Knowledge): void {
  const { standing } = knows.session;
  Object.assign(knows, {
    ...{ connection: 'lost', session: { is: 'unconfirmed', pending: null, standing, givenUp: [] } },
    ...{ voice: null, transcript: null, awaited: null, turnItem: null, olderItems: [], lastTranscript: null },
    ...{ imminent: null, untold: null, uncommitted: false, commits: [] },
    // A call goes on at the server, and so do its responses.
    ...(knows.constants.line === 'own' && { creates: [], responses: {} }),
  } satisfies Partial<Knowledge>);
}

/** Only an echo that contains all that was last confirmed confirms it. */
function takeOver(knows: Knowledge, frame: Frame, at: number): void {
  if (knows.constants.line === 'sideband') knows.untold = { since: at };
  knows.connection = 'open';
  noteDetection(knows, field(frame, 'session'));
  if (contains(field(frame, 'session'), knows.session.standing)) knows.session.is = 'confirmed';
}

// Time ----------------------------------------------------------------------------------------------------------------

/** Applies all deadlines that have passed. */
function pass(knows: Knowledge, now: number): void {
  const { constants, session } = knows;
  const isOver = (flag: Flag, ms: number): boolean => flag !== null && flag.since + ms <= now;
  if (isOver(knows.voice, constants.turnMs)) knows.voice = null;
  if (isOver(knows.button, constants.turnMs)) knows.button = null;
  if (isOver(knows.transcript, constants.transcriptMs)) knows.transcript = null;
  if (isOver(knows.imminent, constants.imminentMs) && !slotIsTaken(knows)) knows.imminent = null;
  if (isOver(knows.untold, constants.imminentMs) && !slotIsTaken(knows)) knows.untold = null;
  if (session.pending?.is === 'asked' && session.pending.at + constants.confirmMs <= now) giveUp(knows);
  knows.commits = knows.commits.filter(({ at }) => at + constants.createdMs > now);
  knows.creates = knows.creates.filter(({ at }) => at + constants.createdMs > now);
  for (const response of Object.values(knows.responses)) {
    const isOverdue = response.is !== 'ended' && response.heardAt + constants.responseMs <= now;
    if (isOverdue) freeing(knows, now, () => (response.is = 'ended'));
  }
}

/** Gives up the update in flight: before the first confirmation it is over; later it may still be in force. */
function giveUp({ session }: Knowledge): void {
  if (!session.pending || session.standing) return;
  session.givenUp.push(session.pending.eventId);
  session.pending = null;
}

/** If the change frees the slot, the wait for the server's own answer begins again. */
function freeing(knows: Knowledge, now: number, change: () => void): void {
  const before = slotIsTaken(knows);
  change();
  if (!before || slotIsTaken(knows)) return;
  knows.untold = null;
  if (knows.imminent) knows.imminent = { since: now };
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

/**
 * An update that asks for nothing asks what is in force: while another is pending, that one is in doubt; otherwise it
 * shuts nothing.
 */
function wroteUpdate({ session }: Knowledge, given: unknown, when: { eventId: string | null; at: number }): void {
  const { type: _, ...asked } = isObject(given) ? given : {};
  const isFetch = Object.keys(asked).length === 0 && session.standing !== null;
  if (isFetch) {
    if (session.pending) session.pending.is = 'doubtful';
    return;
  }
  session.is = 'unconfirmed';
  // One is in flight at a time: an update sent before the last was settled is the last confirmed configuration.
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

/** First compares the echo with the request; in doubt, the configuration confirmed before counts as well. */
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
  if (knows.answersTurns) Object.assign(knows, { imminent: { since: at }, untold: null } satisfies Partial<Knowledge>);
}

function readCommitted(knows: Knowledge, item: string | null, at: number): void {
  const isOfTurn = knows.uncommitted && (item === knows.turnItem || knows.turnItem === null);
  const isOurs = !isOfTurn && knows.commits.shift() !== undefined;
  if (item !== null && item === knows.turnItem) endVoice(knows, at);
  knows.awaited = item;
  if (knows.transcript) knows.transcript = item !== null && item === knows.lastTranscript ? null : { since: at };
  if (isOurs || !knows.uncommitted) return;
  knows.uncommitted = false;
  if (knows.answersTurns) Object.assign(knows, { imminent: { since: at }, untold: null } satisfies Partial<Knowledge>);
}

/** Notes a response that a frame mentions. An ended one stays ended. */
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
  if (ours === null) knows.imminent = knows.untold = null;
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

/**
 * Identifies a response by its token or its conversation, and answers its request: none of that request's creates is
 * open any more.
 */
function identify(knows: Knowledge, response: Response, object: unknown, at: number): Lane | null {
  const token = text(object, 'metadata.gated_token');
  const purpose = text(object, 'metadata.gated_purpose');
  const ours = token === null ? null : (knows.tokens[token] ?? null);
  response.created = true;
  // For a request that was put back, an earlier create may be answered; the user's requests have unique purposes.
  const isSame = (each: Create): boolean =>
    each.token === token || (each.purpose === purpose && purpose?.startsWith('reply-') === true);
  if (ours !== null) knows.creates = knows.creates.filter((each) => !isSame(each));
  const lane = ours ?? (field(object, 'conversation_id') === null ? 'out-of-band' : 'default');
  freeing(knows, at, () => (response.lane = lane));
  return ours;
}

/** Takes the slot for the response that the message names, or for an unknown one. */
function readConflict(knows: Knowledge, holder: string | null, at: number): void {
  if (holder === null) knows.imminent = { since: at };
  const response = noteAlive(knows, holder, at);
  if (!response) return;
  response.named ||= !response.created;
  response.is = 'open';
}
