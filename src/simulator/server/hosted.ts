import { emit, schedule } from './agenda.js';
import { newEvent } from './events.js';
import { newId } from './ids.js';
import { itemById, makeItem } from './items.js';
import { append, previousOf } from './place.js';
import type { ReplyMcpCall } from './reply.js';
import { hostedItem } from './response-object.js';
import type { ActiveResponse, HostedCall, HostedRun, OutputItem, Server, Session } from './state.js';
import { textTokens } from './tokens.js';
import type { JsonObject } from './wire.js';
import { copy } from './wire.js';

const usuallyTakesMs = 300;

export const hostedCall = ({ mcp, name, args = '{}', output, error, tookMs }: ReplyMcpCall): HostedCall => ({
  server: mcp,
  name,
  args,
  tookMs: tookMs ?? usuallyTakesMs,
  output: error === undefined ? (output ?? '') : null,
  error: error ?? null,
});

/** Runs the hosted calls of a finished response. */
export function runHostedCalls(server: Server, response: ActiveResponse, afterMs: number): void {
  for (const item of response.output) {
    const run = item.kind === 'mcp_call' && item.status === 'completed' ? runOf(response, item) : null;
    if (run) schedule(server, afterMs + run.call.tookMs, { do: 'hosted-ends', run });
  }
}

/** Keeps a call until the client approves it. */
export function awaitApproval(session: Session, response: ActiveResponse, item: OutputItem): void {
  const run = runOf(response, item);
  if (run) session.approvals.push(run);
}

function runOf(response: ActiveResponse, item: OutputItem): HostedRun | null {
  if (!item.hosted) return null;
  const call = item.kind === 'mcp_call' ? { ...item.hosted, args: item.text } : item.hosted;
  const outputIndex = response.output.indexOf(item);
  return { call, item: item.id, response: response.id, outputIndex, approval: null };
}

/** Reads a client's answer to a request for approval. No event follows for a denied call. */
export function decideApproval(server: Server, session: Session, answer: JsonObject): void {
  const asked = answer['approval_request_id'];
  const run = session.approvals.find(({ item }) => item === asked);
  if (!run) return;
  session.approvals = session.approvals.filter((each) => each !== run);
  if (answer['approve'] !== true) return;
  const begun = { ...run, item: newId(server, 'item'), approval: run.item };
  schedule(server, server.acknowledgedUntil - server.now, { do: 'hosted-begins', run: begun });
}

/** Begins an approved call: a new item of the response that asked. Its place in the order was never recorded. */
export function beginHosted(server: Server, session: Session, { run }: { readonly run: HostedRun }): void {
  const wire = hostedItem(run.item, run.call, { approval_request_id: run.approval });
  const where = { response_id: run.response, output_index: run.outputIndex };
  emit(server, newEvent(server, 'response.output_item.added', { ...where, item: copy(wire) }));
  const previous_item_id = append(session, makeItem(run.item, wire));
  emit(server, newEvent(server, 'conversation.item.added', { previous_item_id, item: copy(wire) }));
  emit(server, hostedEvent(server, 'in_progress', run.item, run.outputIndex));
  schedule(server, run.call.tookMs, { do: 'hosted-ends', run });
}

/** Ends a hosted call and reports its result, without a response to it. */
export function endHosted(server: Server, session: Session, { run }: { readonly run: HostedRun }): void {
  const { call, item: id } = run;
  const error = call.error === null ? null : { type: 'tool_execution_error', message: call.error };
  const wire = hostedItem(id, call, { approval_request_id: run.approval, output: call.output, error });
  emit(server, hostedEvent(server, error ? 'failed' : 'completed', id, run.outputIndex));
  const kept = itemById(session, id);
  if (kept) {
    const said = call.output ?? call.error ?? '';
    Object.assign(kept, { wire: copy(wire), said, textTokens: kept.textTokens + textTokens(said) });
    const done = { previous_item_id: previousOf(session, kept), item: copy(wire) };
    emit(server, newEvent(server, 'conversation.item.done', done));
  }
  const where = { response_id: run.response, output_index: run.outputIndex };
  emit(server, newEvent(server, 'response.output_item.done', { ...where, item: wire }));
}

/** Makes a hosted call's event, the only kind that does not name its response. */
export const hostedEvent = (
  server: Server,
  what: 'in_progress' | 'completed' | 'failed',
  item_id: string,
  output_index: number,
) => newEvent(server, `response.mcp_call.${what}`, { item_id, output_index });
