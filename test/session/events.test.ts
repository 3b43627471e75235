import { describe, expect, it } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { isSettled, rejection, ServerByHand } from './by-hand.js';

const numbered = (number: number) => ({ type: 'note', number });

describe('for await over events()', () => {
  it('takes every event from now on, in order, and ends with the session', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    server.says(numbered(0));
    const events = session.events();
    server.says(numbered(1), numbered(2));
    void session.close();
    const taken: unknown[] = [];
    for await (const event of events) taken.push(event);
    expect(taken).toEqual([numbered(1), numbered(2)]);
  });

  it('waits for what is to come', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const next = session.events().next();
    expect(await isSettled(next)).toBe(false);
    server.says(numbered(1));
    expect(await next).toEqual({ done: false, value: numbered(1) });
  });

  it('gives each of several askers an event of their own', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const events = session.events();
    const asked = [events.next(), events.next(), events.next()];
    server.says(numbered(1), numbered(2));
    void session.close();
    expect((await Promise.all(asked)).map(({ value }) => value as unknown)).toEqual([
      numbered(1),
      numbered(2),
      undefined,
    ]);
  });

  it('is stopped if it falls too far behind: what it had is taken first, and the session goes on', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const events = session.events({ buffer: 2 });
    server.says(numbered(1), numbered(2), numbered(3), numbered(4));
    expect(await events.next()).toMatchObject({ value: numbered(1) });
    expect(await events.next()).toMatchObject({ value: numbered(2) });
    expect(await rejection(events.next())).toBeInstanceOf(MisuseError);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(session.state.connection).toBe('open');
  });

  it('stops when the loop is left, even during a wait', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const events = session.events();
    const waiting = events.next();
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    server.says(numbered(1));
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it.each([0, -1, 1.5, NaN])('takes no buffer of %s', async (buffer) => {
    const session = await new ServerByHand().opened();
    expect(() => session.events({ buffer })).toThrow(MisuseError);
  });
});
