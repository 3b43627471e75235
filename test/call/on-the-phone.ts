import type { SimulatorOptions } from '../../src/simulator/simulator.js';
import type { SessionPlan } from '../../types/index.js';
import { call } from './call.js';

/** A call whose `hangUp` records when it was called. */
export async function onThePhone(plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  const hungUpAt: number[] = [];
  const hangUp = plan.hangUp ?? (() => Promise.resolve(void hungUpAt.push(made.clock.now())));
  const made = await call({ purposes: ['greeting', 'other'], ...plan, hangUp }, options);
  made.server.says('Goodbye.', { ms: 2_000 });
  return { ...made, hungUpAt };
}
