/** A call in which the model is speaking. */
import type { SimulatorOptions } from '../../src/simulator/simulator.js';
import type { SessionPlan } from '../../types/index.js';
import { call } from './call.js';

/** A call in which an answer of four seconds has begun to be heard, and when it began. */
export async function speaking(plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  const made = await call(plan, options);
  const { session, server, clock, watch } = made;
  server.says('That is a long story, and I shall tell you all of it.', { ms: 4_000 });
  const audio: { itemId: string; bytes: Uint8Array }[] = [];
  const first = new Promise<number>((resolve) => {
    session.on('audio', (heard) => {
      audio.push(heard);
      resolve(clock.now());
    });
  });
  session.respond('greeting');
  const since = await first;
  const itemId = audio[0]?.itemId ?? '';
  /** Advances time until this much of it must have been heard. */
  const hear = (ms: number) => made.pass(since + ms - clock.now());
  const errors = () => server.sent.filter(({ type }) => type === 'error');
  return { ...made, audio, since, itemId, hear, watch, errors };
}
