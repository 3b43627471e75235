/** A session inside something else: frameworks wrap what they are given, such as Vue's `ref()`. */
import { describe, expect, it } from 'vitest';
import type { ConfirmedSession } from '../../types/index.js';
import { ServerByHand } from './by-hand.js';

const wrappers: Readonly<Record<string, (session: ConfirmedSession<string>) => ConfirmedSession<string>>> = {
  'a proxy': (session) => new Proxy(session, {}),
  'a proxy that reflects': (session) => new Proxy(session, { get: (...read) => Reflect.get(...read) as unknown }),
  'an object that inherits from it': (session) => Object.create(session) as typeof session,
};

describe.each(Object.entries(wrappers))('a session in %s', (_, wrap) => {
  it('says what the session says', async () => {
    const session = await new ServerByHand().opened();
    const wrapped = wrap(session);
    expect([wrapped.id, wrapped.state, wrapped.ledger]).toEqual([session.id, session.state, session.ledger]);
    expect([wrapped.effective, wrapped.closed]).toEqual([session.effective, session.closed]);
  });

  it('does what the session does', async () => {
    const server = new ServerByHand();
    const wrapped = wrap(await server.opened());
    expect(wrapped.respond('greeting').kind).toBe('admit');
    const { respond } = wrapped;
    expect(respond('another').kind).toBe('hold');
  });
});
