import type { SimulatorOptions } from '../../src/simulator/simulator.js';
import type { RecoveryPlan, SessionPlan } from '../../types/index.js';
import { call } from './call.js';

/** A call with a recovery policy, which counts how often its carrier's leg was ended. */
export async function recovering(recovery: RecoveryPlan = {}, plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  let hangUps = 0;
  const hangUp = () => Promise.resolve(void hangUps++);
  const made = await call({ hangUp, recovery, ...plan }, options);
  const createdAt = () =>
    made.server.passages.filter(({ text }) => text.includes('"response.create"')).map(({ at }) => at);
  const doneAt = () => made.server.passages.filter(({ text }) => text.includes('"response.done"')).map(({ at }) => at);
  return { ...made, hangUps: () => hangUps, createdAt, doneAt };
}

/** A response that ends incomplete. */
export const incomplete = (reason: 'max_output_tokens' | 'content_filter', says = 'Well') =>
  ({ items: says ? [{ says, ms: 300 }] : [], status: 'incomplete', reason }) as const;
