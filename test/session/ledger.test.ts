import { describe, expect, it } from 'vitest';
import { ServerByHand } from './by-hand.js';

const usage = { input_tokens: 1_000, output_tokens: 1_000 };

async function spoken() {
  const server = new ServerByHand();
  const session = await server.opened();
  session.respond('greeting');
  server.creates('resp_1');
  server.says({ type: 'response.done', response: { id: 'resp_1', status: 'completed', output: [], usage } });
  return { server, session };
}

describe('session.ledger', () => {
  it('says what was used, by purpose, by model and by response', async () => {
    const { session } = await spoken();
    expect(session.ledger).toMatchObject({
      model: 'gpt-realtime-2.1',
      creates: 1,
      total: { count: 1, nanoUsd: 28_000_000 },
      byPurpose: { greeting: { count: 1, nanoUsd: 28_000_000 } },
      byModel: { 'gpt-realtime-2.1': { count: 1 } },
      responses: [{ responseId: 'resp_1', purpose: 'greeting', nanoUsd: 28_000_000 }],
    });
  });

  it('is a copy: changing it changes nothing', async () => {
    const { session } = await spoken();
    Object.assign(session.ledger.total, { nanoUsd: 0 });
    (session.ledger.responses as unknown[]).length = 0;
    expect(session.ledger).toMatchObject({ total: { nanoUsd: 28_000_000 }, responses: [{ responseId: 'resp_1' }] });
  });

  it('is the final statement once the session has ended', async () => {
    const { server, session } = await spoken();
    await session.close();
    server.says({ type: 'response.done', response: { id: 'resp_2', status: 'completed', output: [], usage } });
    expect(session.ledger.total).toMatchObject({ count: 1, nanoUsd: 28_000_000 });
  });
});
