import { describe, expect, it } from 'vitest';
import { userMessage } from '../../src/helpers.js';
import { faultsOf, ServerByHand } from './by-hand.js';

const MIB = 1024 * 1024;

/** A session whose peer may stop reading. */
async function stalling() {
  const server = new ServerByHand();
  const session = await server.opened();
  const faults = faultsOf(session);
  return { server, session, faults };
}

describe('a peer that has stopped reading', () => {
  it('gets no more audio beyond a mebibyte unsent: it is dropped, counted, and told once', async () => {
    const { server, session, faults } = await stalling();
    server.unsentBytes = MIB;
    session.appendAudio('AAAA');
    server.unsentBytes = MIB + 1;
    for (let count = 0; count < 3; count++) session.appendAudio('AAAA');
    expect(server.types()).toEqual(['input_audio_buffer.append']);
    expect(session.state.dropped).toBe(3);
    expect(faults).toEqual(['The peer does not read what is sent: audio is dropped until it does.']);
  });

  it('is sent everything else', async () => {
    const { server, session } = await stalling();
    server.unsentBytes = 2 * MIB;
    session.appendAudio('AAAA');
    session.send(userMessage('Well?'));
    session.respond('greeting');
    expect(server.types()).toEqual(['conversation.item.create', 'response.create']);
  });

  it('gets audio again once most of it has been sent', async () => {
    const { server, session } = await stalling();
    server.unsentBytes = 2 * MIB;
    session.appendAudio('AAAA');
    server.unsentBytes = MIB / 2;
    session.appendAudio('AAAA');
    expect(server.types()).toEqual([]);
    server.unsentBytes = MIB / 8;
    session.appendAudio('AAAA');
    expect(server.types()).toEqual(['input_audio_buffer.append']);
    expect(session.state).toMatchObject({ backlog: 'under', dropped: 2 });
  });

  it('is told of again when it stalls again', async () => {
    const { server, session, faults } = await stalling();
    for (const unsent of [2 * MIB, 0, 2 * MIB]) {
      server.unsentBytes = unsent;
      session.appendAudio('AAAA');
    }
    expect(faults).toHaveLength(2);
  });

  it('is lost beyond 32 MiB', async () => {
    const { server, session } = await stalling();
    server.unsentBytes = 32 * MIB + 1;
    session.appendAudio('AAAA');
    expect(await session.closed).toMatchObject({ kind: 'lost', code: null });
  });

  it('is lost after half a minute', async () => {
    const { server, session } = await stalling();
    server.unsentBytes = 2 * MIB;
    session.appendAudio('AAAA');
    server.clock.advance(29_000);
    expect(session.state.connection).toBe('open');
    server.clock.advance(1_100);
    expect(await session.closed).toMatchObject({ kind: 'lost', reason: expect.stringMatching(/reading/) as string });
  });

  it('is lost beyond 32 MiB of anything, without any audio', async () => {
    const { server, session } = await stalling();
    server.unsentBytes = 32 * MIB + 1;
    session.send(userMessage('Well?'));
    expect(await session.closed).toMatchObject({ kind: 'lost', code: null });
  });
});
