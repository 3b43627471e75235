import type { ToolRound } from '../../types/index.js';
import { isAway } from './connection.js';
import type { Facts } from './facts.js';
import { settleHosted } from './hosted-calls.js';
import type { Part } from './part.js';
import { at } from './read.js';
import { askOwn } from './request.js';
import type { Session } from './state.js';
import { advance } from './table.js';
import { errorText, giveOutput, onOutputRefused, onSent, OVERDUE } from './tool-calls.js';
import { type Call, callLife, type Round, roundLife, runningCalls, runs, stands } from './tool-state.js';
import { command, fault, post, tell, type Work } from './work.js';

function onOver(work: Work, { response, outcome }: Facts['over']): void {
  const round = work.session.tools.rounds.get(response.id);
  if (!round) return;
  // What was called is answered on the next line.
  round.ended = outcome.status === 'lost' && isAway(work.session) ? 'completed' : outcome.status;
  advance(round, roundLife, 'round-ended');
  if (outcome.status !== 'completed') for (const call of round.calls) endUnrun(call);
  post(work, 'call-settled');
}

/** Ends the hosted calls of a response that did not complete, because they will not run. */
function endUnrun(call: Call): void {
  if (call.kind === 'hosted') advance(call, callLife, 'call-ended');
}

/** Concludes every round whose response has ended and whose calls are all settled. */
function concludeRounds(work: Work): void {
  for (const round of [...work.session.tools.rounds.values()]) {
    if (round.state === 'answering' && !round.calls.some(runs)) conclude(work, round);
  }
}

function conclude(work: Work, round: Round): void {
  const { session } = work;
  advance(round, roundLife, 'round-concluded');
  session.tools.rounds.delete(round.responseId);
  session.tools.concluded = [...session.tools.concluded, ...round.calls].slice(-CONCLUDED);
  const followUp = followUpOf(session, round);
  const calls = round.calls.map(({ name, id: callId, result, startedAt, endedAt }) => {
    return { name, callId, result, ms: endedAt - startedAt };
  });
  tell(work, { kind: 'tools', round: { responseId: round.responseId, calls, followUp } });
  const speaker = round.calls.find(({ reply }) => reply !== 'silent');
  if (followUp === 'asked' && speaker) askFollowUp(work, round, speaker.name);
  if (followUp === 'lost' && isAway(session)) post(work, 'round-lost');
  if (followUp === 'chain-ended') post(work, 'went-silent', { request: round.request });
}

/** How many calls of concluded rounds are remembered: a memory bound, not a setting. */
const CONCLUDED = 64;

function followUpOf({ rules }: Session, { ended, calls, depth }: Round): ToolRound['followUp'] {
  if (calls.every(({ result }) => result === 'unsent')) return 'lost';
  if (ended !== 'completed') return ended;
  if (calls.some(({ kind }) => kind === 'left')) return 'left';
  if (!calls.some(stands)) return 'refused';
  if (calls.every(({ reply }) => reply === 'silent')) return 'silent';
  return depth > rules.limits.toolRoundsInARow ? 'chain-ended' : 'asked';
}

/** Asks for the follow-up of a round. In the last round of a chain, the model may not call tools again. */
function askFollowUp(work: Work, { calls, depth }: Round, speaker: string): void {
  const { session } = work;
  const shaped = calls.map(({ reply }) => reply).find((reply) => typeof reply === 'object');
  const isLast = depth >= session.rules.limits.toolRoundsInARow;
  if (isLast) {
    fault(work, `The model has called tools in ${depth} responses in a row: it may not call any in the next.`);
  }
  const given = shaped?.params ?? null;
  const params = isLast ? { ...given, tool_choice: 'none' } : given;
  const isHosted = calls.some(({ kind }) => kind === 'hosted');
  askOwn(work, {
    purpose: speaker.startsWith('mcp:') ? speaker : `tool:${speaker}`,
    params,
    origin: 'follow-up',
    depth,
    unseenBefore: isHosted ? session.steps : 0,
  });
}

/** The server that ran the hosted calls is lost, and with it what they came to. */
function onDropped(work: Work): void {
  work.session.tools.othersDue = null;
  for (const call of runningCalls(work.session)) endUnrun(call);
  post(work, 'call-settled');
}

// What ends it early ----------------------------------------------------------------------------------------------------

function onTick(work: Work): void {
  const { session } = work;
  for (const call of runningCalls(session)) if (session.now >= call.dueAt) giveUp(work, call);
  const { othersDue } = session.tools;
  if (othersDue && session.now >= othersDue.at) {
    session.tools.othersDue = null;
    fault(work, `Another party answered calls of ${othersDue.responseId}, and nobody asked for a response.`);
  }
}

function giveUp(work: Work, call: Call): void {
  if (call.kind !== 'ours') {
    fault(work, `The call of ${call.name} was not ended within ${work.session.rules.limits.mcpMs} ms.`);
    return settleHosted(work, call, 'timed-out');
  }
  const ms = Math.round(call.dueAt - call.startedAt);
  fault(work, `The tool '${call.name}' did not answer within ${ms} ms.`, null, 'user');
  command(work, { do: 'abort-tool', call: call.id, why: 'timed-out' });
  giveOutput(work, call, 'call-overdue', 'timed-out', errorText(OVERDUE));
}

/** Aborts the running tools with `hang-up`, and still awaits their results. */
function onHangup(work: Work): void {
  for (const { id, kind } of runningCalls(work.session)) {
    if (kind === 'ours') command(work, { do: 'abort-tool', call: id, why: 'hang-up' });
  }
}

/** Abandons all calls, because nothing can be sent any more. A round whose response goes on is recorded at its end. */
function onClose(work: Work): void {
  for (const call of runningCalls(work.session)) {
    if (call.kind === 'ours') command(work, { do: 'abort-tool', call: call.id, why: 'ended' });
    advance(call, callLife, 'call-abandoned');
    call.endedAt = work.session.now;
  }
  post(work, 'call-settled');
}

function dueAt(session: Session): number {
  let due = session.tools.othersDue?.at ?? Infinity;
  if (session.tools.rounds.size > 0) for (const call of runningCalls(session)) due = Math.min(due, call.dueAt);
  return due;
}

export const toolRounds: Part = {
  tables: {},
  handlers: {
    'echo-matches': ({ session }, { update }) => void (session.tools.inForce = update?.tools ?? session.tools.inForce),
    'session-told': ({ session: { tools } }, { session }) => {
      if (Array.isArray(session['tools'])) tools.told = session['tools'].map((tool) => at(tool, 'name'));
    },
    sent: onSent,
    over: onOver,
    'output-refused': onOutputRefused,
    'answer-created': ({ session }) => void (session.tools.othersDue = null),
    created: ({ session }) => void (session.tools.othersDue = null),
    'call-settled': concludeRounds,
    dropped: onDropped,
    hangup: onHangup,
    close: onClose,
    gone: onClose,
  },
  dueAt,
  onTick,
};
