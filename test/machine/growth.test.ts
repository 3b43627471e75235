/** What one event costs, counted in looks at the states of the small machines: it does not depend on what there was. */
import { expect, it } from 'vitest';
import { given, type Bench } from './bench.js';

/** How often the states were looked at meanwhile. */
function looksDuring(bench: Bench, act: () => void): number {
  const { session } = bench;
  const states = session.is;
  let looks = 0;
  const counted = new Proxy(states, {
    get: (of, name, receiver) => {
      looks++;
      return Reflect.get(of, name, receiver) as unknown;
    },
  });
  Object.assign(session, { is: counted });
  act();
  Object.assign(session, { is: states });
  return looks;
}

const many = { responsesInARow: 1e9, creates: 1e9, held: 1e9 };

const whileHeld = (count: number): number => {
  const bench = given({ limits: many });
  bench.speaks('story', 'resp_1');
  for (let asked = 0; asked < count; asked++) bench.asks('reply');
  bench.reads({ type: 'response.output_text.done', response_id: 'resp_1' });
  return looksDuring(bench, () => bench.reads({ type: 'rate_limits.updated', rate_limits: [] }));
};

it('an event costs the same while a thousand requests of one kind wait as while one does', () => {
  expect(whileHeld(1_000)).toBe(whileHeld(1));
});
