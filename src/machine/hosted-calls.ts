import { isRecord, type Json, type ServerEvent, textOf } from './read.js';
import { openResponse } from './response.js';
import { advance } from './table.js';
import { allCalls, type Call, callLife, newCall, roundOf, runningCalls } from './tool-state.js';
import { post, type Work } from './work.js';

// Hosted (MCP) calls: the server runs them itself and reports their end, but does not answer by itself afterwards.

/** Reads a `response.output_item.added`. */
export function hostedItemAdded(work: Work, event: ServerEvent): void {
  const item = event['item'];
  if (isRecord(item)) hostedItem(work, event, item);
}

/** Reads an item of a hosted server: a call that begins, asks for approval, or has ended. */
export function hostedItem(work: Work, event: ServerEvent, item: Json): void {
  const { session } = work;
  const id = textOf(item['id']);
  const type = item['type'];
  if (id === null || (type !== 'mcp_call' && type !== 'mcp_approval_request')) return;
  const approved = textOf(item['approval_request_id']);
  const waiting = allCalls(session).find((call) => call.state === 'approving' && call.id === approved);
  if (waiting && type === 'mcp_call') {
    // An approved call gets an item of its own.
    advance(waiting, callLife, 'call-approved');
    waiting.dueAt = session.now + session.rules.limits.mcpMs;
    waiting.id = id;
  }
  if (!allCalls(session).some((call) => call.id === id)) beginHosted(work, event, item, id);
  const error = item['error'] ?? null;
  if ((item['output'] ?? error) !== null) endHosted(work, id, error === null ? 'answered' : 'failed');
}

function beginHosted(work: Work, event: ServerEvent, item: Json, id: string): void {
  const { session } = work;
  const response = openResponse(session, event['response_id']);
  if (!response || response.lane === 'out-of-band') return;
  const round = roundOf(session, response.id, response);
  const label = textOf(item['server_label']) ?? '';
  const kind = round.tools.hosted.includes(label) ? 'hosted' : 'left';
  const call = newCall(session, { id, name: `mcp:${label}`, kind, ms: session.rules.limits.mcpMs });
  if (item['type'] === 'mcp_approval_request') advance(call, callLife, 'approval-asked');
  round.calls.push(call);
}

/** Reads `response.mcp_call.completed` and `response.mcp_call.failed`. */
export function hostedEnded(work: Work, event: ServerEvent): void {
  endHosted(work, textOf(event['item_id']), event.type.endsWith('failed') ? 'failed' : 'answered');
}

function endHosted(work: Work, id: string | null, result: 'answered' | 'failed'): void {
  const call = runningCalls(work.session).find(
    (each) => each.kind === 'hosted' && each.state === 'running' && each.id === id,
  );
  if (call) settleHosted(work, call, result);
}

export function settleHosted(work: Work, call: Call, result: Call['result']): void {
  advance(call, callLife, 'call-returned');
  call.endedAt = work.session.now;
  call.result = result;
  post(work, 'call-settled');
}

/** Reads the answer to a request for approval: a denial ends its call. */
export function approvalSent(work: Work, item: Json): void {
  const id = textOf(item['approval_request_id']);
  const call = runningCalls(work.session).find((each) => each.state === 'approving' && each.id === id);
  if (call && item['approve'] !== true) settleHosted(work, call, 'denied');
}
