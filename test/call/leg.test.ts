/** The plan's `hangUp`: why it is called, how often, and what the ending says if it fails. */
import { describe, expect, test } from 'vitest';
import type { HangUpReason, SessionPlan } from '../../types/index.js';
import { call, promised, toldToAll } from './call.js';
import { onThePhone } from './on-the-phone.js';

const farewell = { instructions: 'Say goodbye.' };

/** A call that records why its carrier's leg is ended. */
async function withLeg(plan: SessionPlan = {}, how: () => Promise<void> = () => Promise.resolve()) {
  const why: HangUpReason[] = [];
  const made = await call({ hangUp: (reason) => (why.push(reason), how()), ...plan });
  return { ...made, why };
}

describe('hangUp is told why', () => {
  test('asked: by hangup()', async () => {
    const { session, why } = await withLeg();
    await session.hangup();
    expect(why).toEqual(['asked']);
  });

  test('asked: by hangup() after its farewell', async () => {
    const { session, server, why } = await withLeg();
    server.says('Goodbye.');
    await session.hangup({ farewell: { instructions: 'Bye.' } });
    expect(why).toEqual(['asked']);
  });

  test('failure: by recovery', async () => {
    const { session, server, why } = await withLeg({ recovery: {} });
    server.misbehaves({ failCode: 'insufficient_quota' });
    session.respond('greeting');
    await session.closed;
    expect(why).toEqual(['failure']);
  });

  test('lost: with recovery, where the connection dies', async () => {
    const { session, server, why } = await withLeg({ recovery: {} });
    server.drop();
    await session.closed;
    await toldToAll();
    expect(why).toEqual(['lost']);
  });

  test('expired: with recovery, where the session has reached its age', async () => {
    const { session, server, why } = await withLeg({ recovery: {} });
    server.expire();
    await session.closed;
    await toldToAll();
    expect(why).toEqual(['expired']);
  });
});

describe('hangUp is called', () => {
  test('once, however often the call is ended', async () => {
    const { session, server, why } = await withLeg({ recovery: {} });
    const endings = [session.hangup(), session.hangup()];
    server.drop();
    await Promise.all([...endings, session.close(), session.hangup()]);
    await toldToAll();
    expect(why).toEqual(['asked']);
  });

  test('once, if a deadline passes in the same step in which its farewell is given up', async () => {
    const { session, server, why } = await withLeg();
    Object.assign(server.server.options.latency, { update: 1e9 });
    await session.hangup({ farewell: { instructions: 'Bye.' }, onBargeIn: 'hang-up', deadlineMs: 3_000 });
    await toldToAll();
    expect(why).toEqual(['asked']);
  });

  test('not by close()', async () => {
    const { session, why } = await withLeg({ recovery: {} });
    await session.close();
    await toldToAll();
    expect(why).toEqual([]);
  });

  test('by hangup() after the end, if it never was: all that is left of the call is the leg', async () => {
    const { session, server, why } = await withLeg();
    server.drop();
    await session.closed;
    await toldToAll();
    expect(why).toEqual([]);
    await session.hangup();
    await session.hangup();
    await toldToAll();
    expect(why).toEqual(['asked']);
  });

  test('not where the call is taken back by the caller', async () => {
    const { session, server, why, pass } = await withLeg();
    server.says('Goodbye.', { ms: 2_000 });
    const ended = session.hangup({ farewell: { instructions: 'Bye.' } });
    await pass(1_000);
    server.caller.speaks('Wait!');
    expect(await ended).toEqual({ kind: 'resumed' });
    expect(why).toEqual([]);
  });
});

describe('the ending says of a leg that could not be ended', () => {
  test('failed, where hangUp threw', async () => {
    const { session, watch } = await withLeg({}, () => Promise.reject(new Error('carrier away')));
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none', leg: 'failed' });
    expect(watch.complaints).toEqual(['The call could not be ended: carrier away']);
  });

  test('unanswered, where hangUp did not return in time', async () => {
    const { session } = await withLeg({}, () => promised().promise);
    expect(await session.hangup({ deadlineMs: 2_000 })).toEqual({
      kind: 'hung-up',
      farewell: 'none',
      leg: 'unanswered',
    });
  });

  test('nothing, where it was ended', async () => {
    const { session } = await withLeg();
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
  });
});

describe('the plan’s hangUp', () => {
  test('that throws at once does not reject hangup() either', async () => {
    const hangUp = () => {
      throw new Error('carrier away');
    };
    const { session } = await onThePhone({ hangUp });
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none', leg: 'failed' });
  });

  test('that never resolves is waited for no longer where the socket has died under it', async () => {
    const made = await onThePhone({ hangUp: () => promised().promise });
    const ended = made.session.hangup({ deadlineMs: 2_000 });
    made.server.drop();
    // The session and its clock have ended, except for the deadline.
    await toldToAll();
    made.clock.runUntilIdle(2_000);
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  test('whose effect reaches us first, as a closed socket, is a hang-up and no loss', async () => {
    const hangUp = () => Promise.resolve(made.server.hangUp());
    const made = await onThePhone({ hangUp });
    expect(await made.session.hangup({ farewell })).toEqual({ kind: 'hung-up', farewell: 'heard' });
  });

  test('is called after the last frame has left: nothing follows it', async () => {
    let after = -1;
    const hangUp = () => Promise.resolve(void (after = made.watch.sent().length));
    const made = await onThePhone({ hangUp });
    await made.session.hangup({ farewell });
    await toldToAll();
    expect(made.watch.sent()).toHaveLength(after);
  });
});
