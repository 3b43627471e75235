import { forgetOldest } from '../bounded.js';
import { include, put } from '../collections.js';
import type { Thrown } from './asking.js';
import { isOpen } from './connection.js';
import { unknownCall } from './conversation.js';
import type { ClientEvent } from './effects.js';
import type { Facts } from './facts.js';
import { hangUpIsPending } from './hang-up.js';
import { approvalSent, hostedItem } from './hosted-calls.js';
import { sendItem } from './items.js';
import { at, isRecord, listOf, type ServerEvent, textOf } from './read.js';
import { openResponse, type OpenResponse } from './response.js';
import type { Session } from './state.js';
import { advance } from './table.js';
import {
  allCalls,
  unansweredCall,
  type Call,
  callLife,
  newCall,
  REMEMBERED,
  type Reply,
  roundOf,
} from './tool-state.js';
import { command, fault, post, type Work } from './work.js';

/** Reads a `response.output_item.done`. Only a complete call is run. */
export function itemDone(work: Work, event: ServerEvent): void {
  const item = event['item'];
  if (!isRecord(item)) return;
  if (item['type'] === 'mcp_call') return hostedItem(work, event, item);
  const callId = textOf(item['call_id']);
  // Cuts the names that a model invents, so that they do not become arbitrarily long purposes.
  const name = textOf(item['name'])?.slice(0, LONGER_THAN_ANY_NAME) ?? null;
  if (item['type'] !== 'function_call' || item['status'] !== 'completed' || callId === null || name === null) return;
  called(work, textOf(event['response_id']), { callId, name, args: textOf(item['arguments']) ?? '' });
}
const LONGER_THAN_ANY_NAME = 65;

interface Called {
  readonly callId: string;
  readonly name: string;
  readonly args: string;
}

function called(work: Work, responseId: string | null, { callId, name, args }: Called): void {
  const { session } = work;
  const { tools } = session;
  if (responseId === null) return;
  if (tools.seen.has(callId))
    return fault(work, `The model calls '${name}' by an id that it has used before: it is not run.`);
  const response = openResponse(session, responseId);
  if (response?.lane === 'out-of-band') return;
  tools.seen = include(tools.seen, callId);
  forgetOldest(tools.seen, REMEMBERED);
  const round = roundOf(session, responseId, response);
  const spec = round.tools.functions.find((each) => each.name === name);
  const kind = spec ? 'ours' : isLeft(session, name, response) ? 'left' : 'unknown';
  const call = newCall(session, { id: callId, name, kind, ms: spec?.timeoutMs ?? Infinity });
  round.calls.push(call);
  // Nothing can be sent any more, so the call is recorded and not run.
  if (!isOpen(session)) return void advance(call, callLife, 'call-abandoned');
  if (kind === 'left') {
    tools.left = put(tools.left, callId, responseId);
    forgetOldest(tools.left, REMEMBERED);
  } else if (kind === 'unknown') {
    giveOutput(work, call, 'call-returned', 'unknown', errorText(`${NO_TOOL}${name}'.`));
  } else {
    command(work, { do: 'run-tool', call: callId, tool: name, generation: round.tools.generation, args });
    if (hangUpIsPending(session)) command(work, { do: 'abort-tool', call: callId, why: 'hang-up' });
  }
}

/** Whether a call is left to others: its tool is not declared here, and other connections may have declared it. */
function isLeft(session: Session, name: string, response: OpenResponse | undefined): boolean {
  const named = listOf(response?.request?.params?.['tools']).some((each) => at(each, 'name') === name);
  return named || session.tools.told.includes(name) || session.rules.unknownTools === 'leave';
}

// Its output ----------------------------------------------------------------------------------------------------------

/** The result of one tool call. `odd`: it could not be written as JSON without loss. */
export interface Returned {
  readonly call: string;
  readonly result: 'answered' | 'invalid' | 'failed' | 'aborted';
  readonly output: string;
  readonly odd: 'odd' | 'plain';
  readonly reply: Reply;
  readonly threw: Thrown | null;
}

/** Handles the result of a tool, returned, thrown, or given to `session.answer()`. */
export function toolReturned(work: Work, { call: id, result, output, odd, reply, threw }: Returned): void {
  const call = unansweredCall(work.session, id);
  if (threw) fault(work, `The tool${call ? ` '${call.name}'` : ''} failed: ${threw.words}`, threw);
  if (!call) return;
  if (odd === 'odd') {
    fault(
      work,
      `What the tool '${call.name}' returned is not JSON: it was written as well as it can be.`,
      null,
      'user',
    );
  }
  call.reply = reply;
  giveOutput(work, call, 'call-returned', result, output);
}

/** Gives a call its output and sends it. */
export function giveOutput(
  work: Work,
  call: Call,
  fact: 'call-returned' | 'call-overdue',
  result: Call['result'],
  output: string,
): void {
  advance(call, callLife, fact);
  call.endedAt = work.session.now;
  call.result = result;
  call.output = sendOutput(work, call.id, output);
  post(work, 'call-settled');
}

/** A line that took over while the tool ran is first told of the call. */
function sendOutput(work: Work, callId: string, output: string): Call['output'] {
  const call = isOpen(work.session) ? unknownCall(work.session, callId) : null;
  if (call) sendItem(work, call);
  return sendItem(work, { type: 'function_call_output', call_id: callId, output });
}

export const errorText = (error: string): string => JSON.stringify({ error });

const NO_TOOL = "There is no tool named '";
export const OVERDUE = 'The tool did not answer in time.';
/** Whether an output is one of the library's own error texts, and not a tool's. */
export const isOwnOutput = (output: string): boolean =>
  /^{"error":"There is no tool named '.{0,400}'\."}$/.test(output) ||
  output === errorText(OVERDUE) ||
  output === errorText(REFUSED);

/** Takes an output, or an answer to a request for approval, that the program sends by hand. */
export function onSent(work: Work, { event }: Facts['sent']): void {
  const { item } = event;
  if (event.type !== 'conversation.item.create' || !isRecord(item)) return;
  if (item['type'] === 'function_call_output') answeredByHand(work, textOf(item['call_id']), event);
  if (item['type'] === 'mcp_approval_response') approvalSent(work, item);
}

function answeredByHand(work: Work, callId: string | null, event: ClientEvent): void {
  const call = unansweredCall(work.session, callId);
  if (!call) return;
  advance(call, callLife, 'call-answered-by-hand');
  call.endedAt = work.session.now;
  call.result = 'answered';
  call.output = { eventId: String(event['event_id']), itemId: String(at(event, 'item', 'id')) };
  command(work, { do: 'abort-tool', call: call.id, why: 'answered' });
  post(work, 'call-settled');
}

/** Replaces an output that the server refused by a short error, once, so that the model has something to work with. */
export function onOutputRefused(work: Work, { call, refusal }: Facts['output-refused']): void {
  fault(work, `The server refused the output of '${call.name}': ${refusal.message}`);
  call.result = 'refused';
  const replaces = call.state === 'answered' && !work.session.tools.left.has(call.id) && isOpen(work.session);
  advance(call, callLife, replaces ? 'output-refused' : 'output-void');
  call.output = replaces ? sendOutput(work, call.id, errorText(REFUSED)) : null;
}
const REFUSED = 'The tool has run, but its result could not be delivered. Do not call it again; tell the caller so.';

/** Reads a `conversation.item.added`: another connection may have answered a call. */
export function itemAdded(work: Work, event: ServerEvent): void {
  const { session } = work;
  const item = event['item'];
  if (!isRecord(item)) return;
  hostedItem(work, event, item);
  if (item['type'] === 'mcp_approval_response') approvalSent(work, item);
  const callId = textOf(item['call_id']);
  if (item['type'] !== 'function_call_output' || callId === null) return;
  const { tools } = session;
  const responseId = tools.left.get(callId);
  const own = allCalls(session).find((call) => call.id === callId && call.output?.itemId !== item['id']);
  // A duplicate of our own output already exists: if ours is refused, nothing is missing.
  if (own?.kind === 'ours') tools.left = put(tools.left, callId, '');
  if (!responseId) return;
  tools.left.delete(callId);
  tools.othersDue = { responseId, at: session.now + session.rules.limits.createdMs };
}
