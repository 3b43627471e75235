/**
 * Law 14: nobody is left in silence without a word. What is owed, and what counts as paid, all of it seen from outside:
 * from the frames that were read and from what the machine told.
 *
 * - A turn that the server was to answer: paid by a default response without our token, or a fault when its time is up.
 * - A turn that never ends (by the server's ear or by hand): a fault when its time is up.
 * - A default response, once it has ended: paid by sound (audio bytes; where the server plays, an audio part or its word
 *   that it plays), by words where text was asked for, or by a call; by its outcome where that goes to whoever asked
 *   or went there already, when the request had been given up (but nobody is told of silence by that: then a fault); by having been cancelled, by the user or on request; else by
 *   a fault in the step in which it ends.
 * - A request: one record, and an end (the ledger sees to both). One of the session's own that comes to nothing has nobody
 *   to be told: its record says so, or a fault does, or it was withdrawn because something else is said in its place.
 * - A call that was read whole: it stands in the record of one round. A round that asks for a follow-up has a request for
 *   it decided in the same step; a chain that ends without words is a fault.
 * - While a call is being ended, and once it has, the ending is the record of all that is still owed.
 *
 * At the very end nothing is due but the watch over the line, and nothing waits, runs or plays.
 */
import {
  isIdle,
  isOpen,
  stateOf,
  type Effects,
  type Input,
  type Notice,
  type Session,
} from '../../src/machine/index.js';
import type { Oracle } from './oracle.js';
import { field, list, text, type Frame } from './wire-log.js';

/** Plain data. */
export interface Debts {
  /** By response: what of it could be heard. */
  readonly sounds: Record<string, 'sound'>;
  /**
   * Responses that came after their request had been given up, where that was told: whoever asked knows that there would
   * be none; and what took the place of another was given up with a fault.
   */
  readonly late: Record<string, 'told'>;
  /** Requests that were recorded: `taken back` once they were cancelled, or something else is said in their place. */
  readonly asked: Record<number, { readonly purpose: string; is: 'wanted' | 'taken back' }>;
  /** Responses that were cancelled on request. */
  readonly cancelled: Record<string, 'cancelled'>;
  /** Calls that were read whole, and stand in no round's record yet. */
  readonly calls: Record<string, string>;
  /** Responses in which a hosted server was called, or asked whether it may be. */
  readonly hosted: Record<string, 'called'>;
  /** By call: how many outputs of the session's own were sent. */
  readonly outputs: Record<string, number>;
  /** The last request of the session's own that has been spoken of. */
  lastOwn: number;
}

export const noDebts = (): Debts => ({
  sounds: {},
  late: {},
  asked: {},
  cancelled: {},
  calls: {},
  hosted: {},
  outputs: {},
  lastOwn: 0,
});

/** What the oracle knew before a step. */
export interface Before {
  readonly imminent: boolean;
  readonly speaks: boolean;
}
export const before = ({ imminent, voice, button }: Oracle): Before => ({
  imminent: imminent !== null,
  speaks: voice !== null || button !== null,
});

/** A frame that is about to be read. */
export function noteFrame(debts: Debts, oracle: Oracle, frame: Frame, audioBytes: number): void {
  const id = text(frame, 'response_id') ?? '';
  const isSound =
    audioBytes > 0 ||
    frame.type === 'output_audio_buffer.started' ||
    (oracle.constants.line === 'sideband' && text(frame, 'part.type') === 'audio');
  if (isSound) debts.sounds[id] = 'sound';
  if (text(frame, 'item.type')?.startsWith('mcp_')) debts.hosted[id] = 'called';
  const response = oracle.responses[id];
  const isCall = frame.type === 'response.output_item.done' && text(frame, 'item.type') === 'function_call';
  if (!isCall || response?.is === 'ended' || response?.lane === 'out-of-band') return;
  const call = text(frame, 'item.call_id');
  if (call !== null && text(frame, 'item.status') === 'completed' && text(frame, 'item.name') !== null) {
    debts.calls[call] ??= id;
  }
}

const GIVEN_UP = /^reply|-retry$|-apology$/;

interface Step {
  readonly session: Session;
  readonly oracle: Oracle;
  readonly before: Before;
  readonly input: Input;
  readonly effects: Effects;
}

/** What a step leaves unpaid. */
export function settle(debts: Debts, step: Step): readonly string[] {
  const { session, oracle, input, effects, before: was } = step;
  const { notices } = effects;
  const isEnding = !isOpen(session) || session.is.hangup !== 'none';
  const isSaid = isEnding || notices.some(({ kind }) => kind === 'fault' || kind === 'away');
  const wrong: string[] = [];
  const owe = (paid: boolean, what: string): unknown => paid || wrong.push(`L14: ${what}`);
  if (input.type === 'tick') {
    const { imminent, speaks } = before(oracle);
    owe(!was.imminent || imminent || isSaid, 'the server did not answer a turn, and nobody was told');
    owe(!was.speaks || speaks || isSaid, 'a turn never ended, and nobody was told');
  }
  const own = notices.filter(isOfOwn).map(({ request }) => request);
  const isNew = own.some((id) => id < debts.lastOwn);
  debts.lastOwn = Math.min(debts.lastOwn, ...own);
  for (const { type, response_id: id } of effects.frames) {
    if (type === 'response.cancel' && typeof id === 'string') debts.cancelled[id] = 'cancelled';
  }
  wrong.push(...noteOutputs(debts, input, effects));
  noteCancelled(debts, input);
  for (const notice of notices) {
    noteAsked(debts, oracle, notice);
    if (notice.kind === 'ended')
      owe(isSaid || isPaid(debts, notice, notices), `${describe(notice)}, and nobody was told`);
    if (notice.kind !== 'tools') continue;
    const { followUp, calls } = notice.round;
    for (const { callId } of calls) Reflect.deleteProperty(debts.calls, callId);
    owe(followUp !== 'asked' || isNew, 'a follow-up is said to be asked for, and is not');
    owe(followUp !== 'chain-ended' || isSaid, 'a chain of tools ended without words, and nobody was told');
  }
  return wrong;
}

/** A call gets one output; another only where the server refused the first. */
function noteOutputs({ outputs }: Debts, input: Input, { frames }: Effects): readonly string[] {
  if (input.type === 'send') return [];
  const isRefused = input.type === 'frame' && input.event.type === 'error';
  return frames.flatMap((frame) => {
    if (text(frame, 'item.type') !== 'function_call_output') return [];
    const call = text(frame, 'item.call_id') ?? '';
    const count = (outputs[call] = (outputs[call] ?? 0) + 1);
    return count === 1 || (count === 2 && isRefused) ? [] : [`L7: output ${count} of ${call}`];
  });
}

const takeBack = ({ asked }: Debts, isMeant: (purpose: string, id: number) => boolean): void => {
  for (const [id, each] of Object.entries(asked)) if (isMeant(each.purpose, Number(id))) each.is = 'taken back';
};

function noteCancelled(debts: Debts, input: Input): void {
  if (input.type === 'interrupt') takeBack(debts, () => true);
  if (input.type !== 'cancel' || !('request' in input.of)) return;
  const { request } = input.of;
  takeBack(debts, (_, id) => id === request);
}

/** Which requests still matter: a farewell that was taken back does not, nor a retry that came second. */
function noteAsked(debts: Debts, { constants: { farewells } }: Oracle, notice: Notice): void {
  if (notice.kind === 'record') {
    debts.asked[notice.record.request] = { purpose: notice.record.purpose, is: 'wanted' };
  } else if (notice.kind === 'resumed') takeBack(debts, (purpose) => farewells.includes(purpose));
  else if (notice.kind === 'created' && notice.requests.length === 0 && notice.purpose !== null) {
    const { purpose } = notice;
    const wasTakenBack = Object.values(debts.asked).some(
      (each) => each.purpose === purpose && each.is === 'taken back',
    );
    if (wasTakenBack) debts.cancelled[notice.response] = 'cancelled';
    takeBack(debts, (each) => each !== purpose && GIVEN_UP.test(each));
    if (GIVEN_UP.test(purpose) || farewells.includes(purpose)) debts.late[notice.response] = 'told';
  }
}

type OfRequest = Extract<Notice, { kind: 'held' | 'admitted' | 'refused' | 'merged' }>;
const isOfOwn = (notice: Notice): notice is OfRequest =>
  (notice.kind === 'held' || notice.kind === 'admitted' || notice.kind === 'refused' || notice.kind === 'merged') &&
  notice.request < 0;

type Ended = Extract<Notice, { kind: 'ended' }>;

function isPaid(debts: Debts, { response, lane, requests, outcome }: Ended, notices: readonly Notice[]): boolean {
  const isTakenBack = requests.some((id) => debts.asked[id]?.is === 'taken back');
  const isAsked = isTakenBack || requests.some((id) => id > 0);
  if (outcome.status === 'unsent') {
    const isRecorded = notices.some((each) => each.kind === 'record' && requests.includes(each.record.request));
    return isAsked || isRecorded || outcome.by === 'withdrawn';
  }
  if (lane === 'out-of-band' || outcome.status === 'cancelled') return true;
  if (response !== null && (debts.sounds[response] ?? debts.cancelled[response] ?? debts.hosted[response])) return true;
  if (isTakenBack) return true;
  if (outcome.status !== 'completed') return isAsked || (response !== null && debts.late[response] !== undefined);
  const isCall = list(outcome.response, 'output').some((item) => /call|mcp/.test(text(item, 'type') ?? ''));
  const modalities = list(outcome.response, 'output_modalities');
  const isText = modalities.length > 0 && !modalities.includes('audio');
  return isCall || (isText && outcome.text !== '');
}

const describe = ({ response, requests, outcome }: Ended): string =>
  `${response ?? 'nothing'}, for ${requests.join() || 'nobody'}, ended as ${outcome.status} ${
    text(outcome, 'by') ?? text(field(outcome, 'error'), 'code') ?? ''
  }`;

/** At the end, once enough time has passed: what is still open. */
export function unpaid(debts: Debts, session: Session): readonly string[] {
  const calls = Object.keys(debts.calls).map((call) => `L7: ${call} was called, and stands in no record`);
  const { held, outstanding, responses, tools, recovery, user, ...state } = stateOf(session, session.now);
  const rest: Readonly<Record<string, boolean>> = {
    'a request waits': held.length > 0,
    'a create is outstanding': outstanding !== null,
    'a response is open': responses.length > 0,
    'a tool runs': tools.length > 0,
    'a retry or an apology is pending': recovery.length > 0,
    'audio is being heard': isOpen(session) && state.playback.state !== 'drained',
    'the user is speaking': isOpen(session) && (user.voice === 'speaking' || user.transcript === 'awaited'),
    'the server is about to answer': isOpen(session) && state.automatic === 'imminent',
    'a hang-up is pending': state.hangup !== 'none' && state.hangup !== 'ended',
    // A server that answers pings and says nothing more keeps the doubt: whether it lives is for the line to find out.
    'a deadline is set': !isIdle(session) && state.configuration !== 'doubtful' && state.configuration !== 'restoring',
  };
  const open = Object.entries(rest).flatMap(([what, is]) => (is ? [`L14: at the end ${what}`] : []));
  return [...calls, ...open];
}
