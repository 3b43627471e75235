/** What a client can know from the frames it has read, from those it wrote, and from what it was told. */
import {
  contains,
  field,
  isObject,
  merged,
  text,
  type Constants,
  type Entry,
  type Frame,
  type Told,
} from './wire-log.js';

type Lane = 'default' | 'out-of-band';
type Json = { readonly [key: string]: unknown };

interface Response {
  is: 'open' | 'superseded' | 'ended';
  lane: Lane;
  /** Its `created` has been read, or else its `done`: it is known whose it is. */
  created: boolean;
  heardAt: number;
}

export interface Knowledge {
  readonly constants: Constants;
  connection: 'open' | 'lost';
  session: {
    is: 'unconfirmed' | 'confirmed';
    /** The update that was written last, until its echo has been read. */
    pending: { eventId: string | null; asked: Json; at: number } | null;
    standing: Json;
    /** Updates that were given up: their echoes are still to come, in their order. */
    givenUp: number;
  };
  /** What the server last said: whether it answers turns by itself. */
  answersTurns: boolean;
  turn: { is: 'silent' | 'speaking' | 'transcribing'; since: number; item: string | null; awaited: string | null };
  lastTranscript: string | null;
  /** The server is about to answer by itself. While a default response is open the clock stands still. */
  imminent: { since: number } | null;
  /** The item of the turn that has ended and has not been committed. */
  uncommitted: string | null;
  /** Written, and neither created nor refused. */
  creates: { token: string; eventId: string | null; lane: Lane; at: number }[];
  /** Every token that this connection has carried. */
  tokens: Record<string, Lane>;
  responses: Record<string, Response>;
  hangup: 'none' | 'pending';
  closing: boolean;
  overBudget: boolean;
}

export const knowsNothing = (constants: Constants): Knowledge => ({
  constants,
  connection: 'open',
  session: { is: 'unconfirmed', pending: null, standing: {}, givenUp: 0 },
  answersTurns: true,
  turn: { is: 'silent', since: 0, item: null, awaited: null },
  lastTranscript: null,
  imminent: null,
  uncommitted: null,
  creates: [],
  tokens: {},
  responses: {},
  hangup: 'none',
  closing: false,
  overBudget: false,
});

/** One entry of the log. What was due before it has come about; what is due at its very moment comes after it. */
export function learn(knows: Knowledge, entry: Entry): void {
  pass(knows, entry.at, 'but not what is due now');
  if (entry.kind === 'read') read(knows, entry.frame, entry.at);
  else if (entry.kind === 'wrote') wrote(knows, entry.frame, entry.at);
  else if (entry.kind === 'told') told(knows, entry.fact, entry.at);
  else if (entry.kind === 'connected') knows.connection = 'open';
  else if (entry.kind === 'lost') lose(knows);
  pass(knows, entry.at, 'and what is due now');
}

export const slotIsTaken = (knows: Knowledge): boolean =>
  Object.values(knows.responses).some(({ is, lane }) => is === 'open' && lane === 'default');

/** What time alone brings about, each at its own moment. */
export function pass(knows: Knowledge, now: number, which: 'and what is due now' | 'but not what is due now'): void {
  const isDue = (at: number): boolean => (which === 'and what is due now' ? at <= now : at < now);
  for (let at = nextDue(knows); isDue(at); at = nextDue(knows)) elapse(knows, at);
}

function elapse(knows: Knowledge, now: number): void {
  const { session } = knows;
  if (turnDue(knows) <= now) enterTurn(knows, 'silent', now);
  if (imminentDue(knows) <= now) knows.imminent = null;
  if (confirmDue(knows) <= now && session.pending) giveUp(knows);
  knows.creates = knows.creates.filter(({ at }) => at + knows.constants.createdMs > now);
  for (const response of Object.values(knows.responses)) {
    if (responseDue(knows, response) <= now) freeing(knows, now, () => (response.is = 'ended'));
  }
}

const nextDue = (knows: Knowledge): number =>
  Math.min(
    turnDue(knows),
    imminentDue(knows),
    confirmDue(knows),
    ...knows.creates.map(({ at }) => at + knows.constants.createdMs),
    ...Object.values(knows.responses).map((response) => responseDue(knows, response)),
  );

function turnDue({ turn, constants }: Knowledge): number {
  if (turn.is === 'silent') return Infinity;
  return turn.since + (turn.is === 'speaking' ? constants.turnMs : constants.transcriptMs);
}
const imminentDue = (knows: Knowledge): number =>
  knows.imminent && !slotIsTaken(knows) ? knows.imminent.since + knows.constants.imminentMs : Infinity;
const confirmDue = ({ session, constants }: Knowledge): number =>
  session.pending ? session.pending.at + constants.confirmMs : Infinity;
const responseDue = ({ constants }: Knowledge, { is, heardAt }: Response): number =>
  is === 'ended' ? Infinity : heardAt + constants.responseMs;

function enterTurn(knows: Knowledge, is: Knowledge['turn']['is'], now: number): void {
  if (knows.turn.is !== is) Object.assign(knows.turn, { is, since: now });
}

/** Silence, which with `transcribed` is not yet the end of a turn. */
function fallSilent(knows: Knowledge, now: number): void {
  if (knows.turn.is !== 'speaking') return;
  enterTurn(knows, knows.constants.turnEnds === 'transcribed' ? 'transcribing' : 'silent', now);
}

/** The turn under way comes to nothing. What has been committed is transcribed all the same. */
function breakOff(knows: Knowledge, now: number): void {
  if (knows.turn.is === 'speaking') enterTurn(knows, 'silent', now);
}

/** If this frees the slot, the server's own answer is awaited anew. */
function freeing(knows: Knowledge, now: number, change: () => void): void {
  const before = slotIsTaken(knows);
  change();
  if (before && !slotIsTaken(knows) && knows.imminent) knows.imminent = { since: now };
}

function lose(knows: Knowledge): void {
  const { constants, hangup, closing, overBudget, answersTurns, session } = knows;
  const kept = { hangup, closing, overBudget, answersTurns, connection: 'lost' as const };
  Object.assign(knows, knowsNothing(constants), kept, {
    session: { is: 'unconfirmed', pending: null, standing: session.standing, givenUp: 0 },
  });
}

function told(knows: Knowledge, fact: Told, at: number): void {
  if (fact === 'hangup') knows.hangup = 'pending';
  else if (fact === 'resumed') knows.hangup = 'none';
  else if (fact === 'close') knows.closing = true;
  else if (fact === 'abandon') giveUp(knows);
  else if (fact === 'turn-begins') {
    enterTurn(knows, 'speaking', at);
    knows.turn.awaited = null;
  } else if (fact === 'turn-ends') fallSilent(knows, at);
  else knows.overBudget = fact === 'over-budget';
}

function wrote(knows: Knowledge, frame: Frame, at: number): void {
  if (frame.type === 'session.update') {
    const asked = field(frame, 'session');
    knows.session.is = 'unconfirmed';
    knows.session.pending = { eventId: text(frame, 'event_id'), asked: isObject(asked) ? asked : {}, at };
  }
  if (frame.type !== 'response.create') return;
  const token = text(frame, 'response.metadata.gated_token') ?? '';
  const lane = field(frame, 'response.conversation') === 'none' ? 'out-of-band' : 'default';
  knows.tokens[token] = lane;
  knows.creates.push({ token, eventId: text(frame, 'event_id'), lane, at });
}

// What each frame tells -----------------------------------------------------------------------------------------------

function read(knows: Knowledge, frame: Frame, at: number): void {
  const item = text(frame, 'item_id');
  switch (frame.type) {
    case 'session.created':
      return noteDetection(knows, field(frame, 'session'), at);
    case 'session.updated':
      noteDetection(knows, field(frame, 'session'), at);
      return readEcho(knows, field(frame, 'session'));
    case 'input_audio_buffer.speech_started':
      enterTurn(knows, 'speaking', at);
      Object.assign(knows.turn, { item, awaited: null });
      return;
    case 'input_audio_buffer.speech_stopped':
      fallSilent(knows, at);
      knows.turn.awaited = item;
      return expectAnswer(knows, item, at);
    case 'input_audio_buffer.timeout_triggered':
      return expectAnswer(knows, item, at);
    case 'input_audio_buffer.committed':
      return readCommitted(knows, item, at);
    case 'input_audio_buffer.cleared':
      return breakOff(knows, at);
    case 'conversation.item.input_audio_transcription.completed':
    case 'conversation.item.input_audio_transcription.failed':
      knows.lastTranscript = item;
      return endAwaitedTurn(knows, at);
    case 'response.created':
      return readCreated(knows, field(frame, 'response'), at);
    case 'response.done':
      return readDone(knows, field(frame, 'response'), at);
    case 'error':
      return readError(knows, field(frame, 'error'), at);
    default:
      if (frame.type.startsWith('response.')) noteAlive(knows, text(frame, 'response_id'), at);
  }
}

function noteDetection(knows: Knowledge, session: unknown, at: number): void {
  const detection = field(session, 'audio.input.turn_detection');
  if (detection === undefined) return;
  knows.answersTurns = isObject(detection) && detection['create_response'] !== false;
  if (!isObject(detection)) breakOff(knows, at);
}

function giveUp({ session }: Knowledge): void {
  session.pending = null;
  session.givenUp++;
}

/** An update that asks for nothing asks for what stands. What answers none given up before is the answer. */
function readEcho({ session }: Knowledge, echo: unknown): void {
  const { type: _, ...asked } = session.pending?.asked ?? {};
  const wanted = Object.keys(asked).length > 0 ? asked : session.standing;
  if (!session.pending || !contains(echo, wanted)) {
    if (session.givenUp > 0) session.givenUp--;
    else session.pending = null;
    return;
  }
  Object.assign(session, { is: 'confirmed', pending: null, standing: merged(session.standing, asked) });
}

function expectAnswer(knows: Knowledge, item: string | null, at: number): void {
  knows.uncommitted = item;
  knows.turn.item = item;
  if (knows.answersTurns) knows.imminent = { since: at };
}

function readCommitted(knows: Knowledge, item: string | null, at: number): void {
  if (item === null) return;
  if (item === knows.turn.item) fallSilent(knows, at);
  knows.turn.awaited = item;
  endAwaitedTurn(knows, at);
  if (item !== knows.uncommitted) return;
  knows.uncommitted = null;
  if (knows.answersTurns) knows.imminent = { since: at };
}

function endAwaitedTurn(knows: Knowledge, at: number): void {
  const { turn, lastTranscript } = knows;
  if (turn.is === 'transcribing' && lastTranscript !== null && lastTranscript === turn.awaited) {
    enterTurn(knows, 'silent', at);
  }
}

/** A response that is heard of. One that has ended stays so. */
function noteAlive(knows: Knowledge, id: string | null, at: number): Response | null {
  if (id === null) return null;
  const response = (knows.responses[id] ??= { is: 'open', lane: 'default', created: false, heardAt: at });
  if (response.is === 'ended') return null;
  response.heardAt = at;
  return response;
}

function readCreated(knows: Knowledge, object: unknown, at: number): void {
  const response = noteAlive(knows, text(object, 'id'), at);
  if (!response || response.created) return;
  const ours = identify(knows, response, object, at);
  if (response.lane === 'out-of-band') return;
  for (const other of Object.values(knows.responses)) {
    if (other !== response && other.lane === 'default' && other.is === 'open') other.is = 'superseded';
  }
  if (ours === null) knows.imminent = null;
}

function readDone(knows: Knowledge, object: unknown, at: number): void {
  const response = noteAlive(knows, text(object, 'id'), at);
  if (!response) return;
  if (!response.created) identify(knows, response, object, at);
  freeing(knows, at, () => (response.is = 'ended'));
}

/** Whose it is, by its token or its conversation. A create of ours that it answers is outstanding no more. */
function identify(knows: Knowledge, response: Response, object: unknown, at: number): Lane | null {
  const token = text(object, 'metadata.gated_token');
  knows.creates = knows.creates.filter((create) => create.token !== token);
  const ours = token === null ? null : (knows.tokens[token] ?? null);
  response.created = true;
  const lane = ours ?? (field(object, 'conversation_id') === null ? 'out-of-band' : 'default');
  freeing(knows, at, () => (response.lane = lane));
  return ours;
}

function readError(knows: Knowledge, error: unknown, at: number): void {
  const eventId = text(error, 'event_id');
  const conflict = text(error, 'code') === 'conversation_already_has_active_response';
  const { session } = knows;
  const rejects =
    eventId === null ? !ofAnotherEvent.test(text(error, 'code') ?? '') : eventId === session.pending?.eventId;
  if (rejects) session.pending = null;
  const refused = knows.creates.find((create) =>
    eventId === null ? conflict && create.lane === 'default' : create.eventId === eventId,
  );
  if (!refused) return;
  knows.creates = knows.creates.filter((create) => create !== refused);
  if (!conflict || refused.lane !== 'default') return;
  const holder = /\bresp_\w+/.exec(text(error, 'message') ?? '')?.[0];
  const response = holder === undefined ? null : noteAlive(knows, holder, at);
  if (response) response.is = 'open';
  if (holder === undefined) knows.imminent = { since: at };
}

/** Errors with these codes reject no update, whether or not they name an event. */
const ofAnotherEvent = /^(item_|input_audio_|response_|conversation_|session_expired$)/;
