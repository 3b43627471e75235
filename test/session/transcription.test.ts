import { describe, expect, it } from 'vitest';
import { sessionParameters } from 'gated-realtime';
import { connect } from '../../src/session/connect.js';
import { createSimulator } from '../../src/simulator/index.js';
import type { Ears, Line } from '../../types/index.js';
import { ServerByHand } from './by-hand.js';

describe('a transcription session', () => {
  it('is refused in words where the server begins one: it has no responses', async () => {
    let closed = 0;
    const line: Line = { send: () => undefined, close: () => void closed++ };
    const open = async (ears: Ears): Promise<Line> => {
      ears.frame(JSON.stringify({ type: 'session.created', session: { id: 'sess_1', type: 'transcription' } }));
      return line;
    };
    const connecting = connect({ transport: { open } });
    await expect(connecting).rejects.toMatchObject({ failure: { kind: 'refused', code: null, status: null } });
    await expect(connecting).rejects.toThrow(/it began a transcription session, which has no responses/);
    expect(closed).toBe(1);
  });

  it('is refused in words where the simulated server plays one', async () => {
    const { transport, clock } = createSimulator({ greeting: { intent: 'transcription' } });
    await expect(connect({ transport, clock })).rejects.toThrow(/transcription session, which has no responses/);
  });

  it('is no session of a plan', async () => {
    const session = { type: 'transcription' } as object;
    expect(() => sessionParameters({ session })).toThrow(/session\.type is realtime, or left out/);
    const server = new ServerByHand();
    const unconfirmed = await connect({ transport: server, clock: server.clock });
    await expect(unconfirmed.configure({ session })).rejects.toThrow(/session\.type is realtime/);
    expect(server.written).toEqual([]);
  });
});
