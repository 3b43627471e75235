import { itemById } from './items.js';
import type { Reply, ReplyItem } from './reply.js';
import { isMessage } from './reply.js';
import { isReasoningModel } from './models.js';
import type { ActiveResponse, Server, Session } from './state.js';
import type { JsonObject } from './wire.js';
import { isArray, isObject } from './wire.js';

/** The content of a response: the first scripted reply of its lane, or a short made-up one about what it has seen. */
export function answer(server: Server, session: Session, response: ActiveResponse): Reply {
  const lane = response.outOfBand ? 'out-of-band' : 'default';
  const index = server.replies.findIndex((each) => (each.lane ?? 'default') === lane);
  const scripted = index < 0 ? undefined : server.replies.splice(index, 1)[0];
  const reply = scripted ?? { items: [{ says: improvise(session, response) }] };
  if (server.faults.failCode !== null) return { items: [], status: 'failed', code: server.faults.failCode };
  const items = writesInstead(server, session, response) ? reply.items.map(written) : reply.items;
  return { ...reply, items: inPhases(session, withCommentary(server, items)) };
}

const written = (item: ReplyItem): ReplyItem => (isMessage(item) ? { ...item, modality: 'text' } : item);

/**
 * Whether an answer is text although audio was requested: observed at times in conversations that began with replayed
 * text.
 */
function writesInstead({ faults }: Server, session: Session, { sees }: ActiveResponse): boolean {
  if (faults.writtenAnswers !== 'after-text') return faults.writtenAnswers === 'all';
  const told = sees.map((id) => itemById(session, id)?.wire).filter((wire) => wire?.['role'] === 'assistant');
  const parts = told.flatMap((wire) => (isArray(wire?.['content']) ? wire['content'] : []));
  return parts.some((part) => isObject(part) && part['type'] === 'output_text');
}

const withCommentary = (server: Server, items: readonly ReplyItem[]): readonly ReplyItem[] =>
  server.faults.multiItem ? [{ says: 'One moment.', phase: 'commentary' }, ...items] : items;

/** Marks the messages of reasoning models as commentary or final answer; other models have no phases. */
const inPhases = (session: Session, items: readonly ReplyItem[]): readonly ReplyItem[] =>
  isReasoningModel(session.config.model)
    ? items.map((item) => (isMessage(item) ? { phase: 'final_answer' as const, ...item } : item))
    : items;

function improvise(session: Session, response: ActiveResponse): string {
  const given = response.settings.input?.at(-1);
  if (isObject(given)) return 'Noted.';
  const seen = response.sees.map((id) => itemById(session, id)).filter((item) => item !== undefined);
  const last = seen.findLast(({ wire }) => wire['role'] === 'user' || isResult(wire));
  if (!last) return 'Hello! How can I help you?';
  const said = last.said.slice(0, 80);
  if (isResult(last.wire)) return `I looked it up: ${said}`;
  return said ? `You said: ${said}` : 'I am listening.';
}

/** Whether an item is a tool's result, the client's or a hosted one. */
const isResult = (wire: JsonObject): boolean =>
  wire['type'] === 'function_call_output' || (wire['type'] === 'mcp_call' && wire['output'] !== null);
