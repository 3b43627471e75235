import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/index.js';
import { hasShape } from '../support/shape.js';

async function call() {
  const { session, server } = await simulate({ purposes: ['greeting', 'nudge'] });
  const admit = session.respond('greeting');
  const hold = session.respond('nudge');
  const refuse = session.respond('nudge', { whenBlocked: 'refuse' });
  await admit.done;
  await session.close();
  expect([admit.kind, hold.kind, refuse.kind]).toEqual(['admit', 'hold', 'refuse']);
  return { session, server, admit, hold, refuse };
}

// A literal with a getter is a dictionary, and what the getter sees is kept until a full collection.
describe('what is made anew for each call', () => {
  it.each(['session', 'server', 'admit', 'hold', 'refuse'] as const)('is no dictionary: %s', async (name) => {
    expect(hasShape((await call())[name])).toBe(true);
  });
});
