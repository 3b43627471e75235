import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ServerByHand } from './by-hand.js';

const left: (() => void)[] = [];
afterEach(() => left.splice(0).forEach((leave) => leave()));

/** The messages published on a channel from now on. */
function published(name: 'decision' | 'fault' | 'session'): any[] {
  const messages: any[] = [];
  const listen = (message: unknown): unknown => messages.push(message);
  subscribe(`gated-realtime:${name}`, listen);
  left.push(() => void unsubscribe(`gated-realtime:${name}`, listen));
  return messages;
}

describe('the diagnostics channel', () => {
  it('gated-realtime:decision has each decision, that of the listeners', async () => {
    const messages = published('decision');
    const session = await new ServerByHand().opened();
    const told: unknown[] = [];
    session.on('decision', (decision) => told.push(decision));
    session.userTurn('begins');
    session.respond('greeting', { whenBlocked: 'refuse' });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toBe(told[0]);
  });

  it('gated-realtime:fault has each fault, and whose session it is', async () => {
    const messages = published('fault');
    const server = new ServerByHand();
    const session = await server.opened();
    session.on('fault', () => undefined);
    server.saysText('not JSON');
    expect(messages).toMatchObject([{ error: { name: 'PeerError' }, sessionId: 'sess_1', callId: null }]);
  });

  it('gated-realtime:session has the beginning of each session, and its end with what it used', async () => {
    const messages = published('session');
    const session = await new ServerByHand().opened();
    expect(messages).toEqual([{ is: 'open', sessionId: 'sess_1', callId: null, model: 'gpt-realtime-2.1' }]);
    await session.close();
    expect(messages[1]).toMatchObject({ is: 'ended', sessionId: 'sess_1', ending: { kind: 'closed' }, ledger: {} });
  });

  it('is never heard from inside a step: a subscriber may ask in its turn', async () => {
    const session = await new ServerByHand().opened();
    const seen: unknown[] = [];
    const again = (): void => {
      if (seen.length < 2) seen.push(session.respond('nudge', { whenBlocked: 'refuse' }).kind);
    };
    subscribe('gated-realtime:decision', again);
    left.push(() => void unsubscribe('gated-realtime:decision', again));
    session.userTurn('begins');
    session.respond('greeting', { whenBlocked: 'refuse' });
    expect(seen).toEqual(['refuse', 'refuse']);
  });

  it('costs nothing where the runtime has none, as in a browser', async () => {
    vi.resetModules();
    vi.stubGlobal('process', undefined);
    const { channelOf } = await import('../../src/session/channels.js');
    const { connect: _ } = await import('../../src/session/connect.js');
    expect(channelOf('decision')).toBeNull();
    vi.unstubAllGlobals();
  });
});
