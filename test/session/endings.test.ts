import { describe, expect, it } from 'vitest';
import { ServerByHand } from './by-hand.js';

const expired = 'Your session hit the maximum duration of 60 minutes.';

describe('closed', () => {
  it('says closed after close(), which resolves once it has ended', async () => {
    const session = await new ServerByHand().opened();
    await session.close();
    expect(await session.closed).toEqual({ kind: 'closed' });
  });

  it('says closed after disposal', async () => {
    const server = new ServerByHand();
    let ending: Promise<unknown>;
    {
      await using session = await server.opened();
      ending = session.closed;
    }
    expect(await ending).toEqual({ kind: 'closed' });
  });

  it('says hung-up after hangup()', async () => {
    const session = await new ServerByHand().opened();
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it.each<[string, (server: ServerByHand) => void]>([
    ['an error, then the close', (server) => (server.says(expiry), server.ends(1001, expired))],
    ['a close with a sentence', (server) => server.ends(1001, expired)],
    ['a close without a word', (server) => server.ends(1001)],
    ['an error, then a socket that dies', (server) => (server.says(expiry), server.ends(null))],
  ])('says expired after %s', async (_, ends) => {
    const server = new ServerByHand();
    const session = await server.opened();
    ends(server);
    expect(await session.closed).toEqual({ kind: 'expired' });
  });

  it.each([
    [1006, ''],
    [1011, 'restart'],
    [1000, 'OK'],
    [null, ''],
  ])('says lost after a close with %s that nobody here asked for', async (code, reason) => {
    const server = new ServerByHand();
    const session = await server.opened();
    server.ends(code, reason);
    expect(await session.closed).toEqual({ kind: 'lost', code, reason });
  });

  it('says lost when the server does not confirm what it had confirmed, which is a fault', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: { instructions: 'Be brief.' } });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    const update = session.update({ session: { instructions: 'Sing.' } });
    server.confirms({ instructions: 'Hum.' });
    server.confirms({ instructions: 'Hum.' });
    await expect(update).rejects.toMatchObject({ failure: { kind: 'mismatch' } });
    expect(await session.closed).toMatchObject({ kind: 'lost' });
    expect(faults).toMatchObject([{ name: 'PeerError' }]);
  });

  it('says what was first: a socket that is lost while it is closed was closed', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const closing = session.close();
    server.ends(1006);
    await closing;
    expect(await session.closed).toEqual({ kind: 'closed' });
  });

  it('is told after the last events', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const order: string[] = [];
    session.on('event', ({ type }) => order.push(type));
    void session.closed.then(() => order.push('closed'));
    server.says({ type: 'note' });
    server.ends(1006);
    await session.closed;
    expect(order).toEqual(['note', 'closed']);
  });

  it('leaves nothing running', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    session.respond('reply');
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    await session.close();
    expect(server.clock.pending).toBe(0);
  });
});

const expiry = { type: 'error', error: { type: 'invalid_request_error', code: 'session_expired', message: expired } };
