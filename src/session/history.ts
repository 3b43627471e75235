import type { ReconnectPlan } from '../../types/index.js';
import { type Command, isRecord, type Json, textOf } from '../machine/index.js';
import { check, isList, plainCopy } from './check.js';
import type { Runtime } from './runtime.js';

type History = NonNullable<ReconnectPlan['history']>;
type Shown = Parameters<History>[0];
type Asked = Extract<Command, { do: 'ask-history' }>;

/** Asks the plan what the next line is told, after the step, and passes the answer to the machine. */
export async function askHistory(
  runtime: Runtime,
  history: History | undefined,
  { line, items }: Asked,
): Promise<void> {
  await Promise.resolve();
  try {
    const given: unknown = await history?.(structuredClone(items) as readonly object[] as Shown);
    runtime.call({ type: 'history', line, items: checked(given), threw: null });
  } catch (error) {
    runtime.call({ type: 'history', line, items: null, threw: runtime.errors.keep(error) });
  }
}

/** What a client may put into a conversation. */
const TYPES = ['message', 'function_call', 'function_call_output'];

function checked(given: unknown): readonly Json[] {
  check(isList(given), 'history() of reconnect returns a list of items.');
  const items = plainCopy(() => given, 'What history() of reconnect returns') as readonly unknown[];
  for (const item of items) {
    const type = isRecord(item) ? textOf(item['type']) : null;
    check(
      type !== null && TYPES.includes(type),
      `history() of reconnect returns items of the types ${TYPES.join(', ')}.`,
    );
  }
  return items as readonly Json[];
}
