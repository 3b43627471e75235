import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openSession } from '../../src/session/connect.js';
import type { ConfirmedSession, SessionPlan, Transport } from '../../types/index.js';
import { collect } from '../support/collect.js';
import { ServerByHand } from './by-hand.js';

/** Opens a session, and leaves only weak references to what it was opened with. */
async function opened(plan: Pick<SessionPlan, 'reconnect'>) {
  const server = new ServerByHand();
  const transport: Transport = { open: (ears) => server.open(ears) };
  const settings = { instructions: 'Be brief.' };
  const options = { transport, clock: server.clock, session: settings, ...plan };
  const opening = openSession(options);
  await turnOfTheLoop();
  server.confirms();
  const session: ConfirmedSession<string> = await opening;
  // A virtual clock keeps a timer that was called off until its time.
  server.clock.advance(11_000);
  const [optionsLeft, settingsLeft, transportLeft] = [
    new WeakRef(options),
    new WeakRef(settings),
    new WeakRef(transport),
  ];
  return { session, optionsLeft, settingsLeft, transportLeft };
}

describe('an open session', () => {
  test('keeps neither the options that it was opened with nor the transport', async () => {
    const { session, optionsLeft, settingsLeft, transportLeft } = await opened({});
    await turnOfTheLoop();
    collect();
    expect([optionsLeft.deref(), settingsLeft.deref(), transportLeft.deref()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(session.id).toBe('sess_1');
  });

  test('keeps the transport where it is to reconnect', async () => {
    const { session, optionsLeft, transportLeft } = await opened({ reconnect: {} });
    await turnOfTheLoop();
    collect();
    expect(optionsLeft.deref()).toBeUndefined();
    expect(transportLeft.deref()).toBeDefined();
    expect(session.id).toBe('sess_1');
  });
});
