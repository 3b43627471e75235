import type { ReconnectPlan } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { type Command, isRecord, type Json, textOf } from '../machine/index.js';
import { isList, plainCopy } from './check.js';
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
  mustBe(isList(given), 'a list of items');
  const items = plainCopy(() => given, 'What history() of reconnect returns') as readonly unknown[];
  mustBe(items.every(isOfTypes), `items of the types ${TYPES.join(', ')}`);
  const called = new Set<unknown>();
  for (const { type, call_id: id } of items as readonly Json[]) {
    if (type === 'function_call') called.add(id);
    else if (type === 'function_call_output') mustBe(called.delete(id), 'outputs only after their calls');
  }
  mustBe(called.size === 0, 'calls only with their outputs');
  return items as readonly Json[];
}

const isOfTypes = (item: unknown): boolean => isRecord(item) && TYPES.includes(textOf(item['type']) ?? '');

function mustBe(holds: boolean, what: string): void {
  if (!holds) throw new MisuseError(`history() of reconnect returns ${what}.`);
}
