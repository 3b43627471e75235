/** A hang-up that the caller cannot interrupt: the server is first told not to answer or interrupt by itself. */
import { describe, expect, it } from 'vitest';
import { faultsOf, ServerByHand } from './by-hand.js';

const farewell = { instructions: 'Bye.' };

/** A hang-up that waits for the server's confirmation that it is quiet. */
async function quieting() {
  const server = new ServerByHand();
  const session = await server.opened();
  const faults = faultsOf(session);
  const ended = session.hangup({ farewell, onBargeIn: 'hang-up', deadlineMs: 30_000 });
  return { server, session, faults, ended };
}

describe('hangup({ onBargeIn: "hang-up" })', () => {
  it('says the farewell once the server has confirmed', async () => {
    const { server, session, faults } = await quieting();
    expect(server.types()).toEqual(['session.update']);
    server.confirms();
    expect(server.types()).toEqual(['session.update', 'response.create']);
    expect([session.state.hangup, faults]).toEqual(['saying', []]);
  });

  it('says it once the gate is open again where the server refuses, which is a fault', async () => {
    const { server, faults } = await quieting();
    const event_id = server.last('session.update')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', message: 'No.', event_id } });
    expect(faults).toEqual([expect.stringMatching(/was not told to be quiet/)]);
    expect(server.last('response.create')).toBe(undefined);
    server.says({ type: 'session.updated', session: { id: 'sess_1' } });
    expect(server.last('response.create')).toMatchObject({ response: farewell });
  });

  it('says it once the gate is open again where the server does not answer within a third of the deadline', async () => {
    const { server, session, faults } = await quieting();
    server.clock.advance(9_900);
    expect(session.state.hangup).toBe('quieting');
    server.clock.advance(200);
    expect([session.state.hangup, faults.length]).toEqual(['saying', 1]);
    server.confirms();
    expect(server.last('response.create')).toMatchObject({ response: farewell });
  });

  it('goes to the head of the updates: what waits is aborted', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const [first, second] = ['Sing.', 'Hum.'].map((instructions) => session.update({ session: { instructions } }));
    void session.hangup({ farewell, onBargeIn: 'hang-up' });
    await expect(second).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    server.confirms();
    await first;
    expect(server.last('session.update')).toMatchObject({
      session: { audio: { input: { turn_detection: { create_response: false, interrupt_response: false } } } },
    });
  });
});
