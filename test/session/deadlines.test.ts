import { describe, expect, it, vi } from 'vitest';
import { faultsOf, ServerByHand } from './by-hand.js';

const limits = { createdMs: 1_000 };

describe('a deadline', () => {
  it('hears what arrives at the very moment at which it passes', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ limits });
    const faults = faultsOf(session);
    session.respond('greeting');
    server.clock.after(1_000, () => server.creates('resp_1'));
    server.clock.advance(1_500);
    expect([session.state.responses.length, faults]).toEqual([1, []]);
  });

  it('hears what arrives in the turns of the event loop after it, until one brings nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ limits });
    const faults = faultsOf(session);
    session.respond('greeting');
    let backlog = 5;
    const read = (): void => {
      server.says({ type: 'note' });
      if (--backlog > 0) server.clock.after(0, read);
      else server.creates('resp_1');
    };
    server.clock.after(1_000, read);
    server.clock.advance(1_500);
    expect([session.state.responses.length, faults]).toEqual([1, []]);
  });

  it('is not put off for longer than a quarter of a second, however much arrives', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ limits });
    const faults = faultsOf(session);
    const { done } = session.respond('greeting');
    let unansweredAt = NaN;
    session.on('fault', () => (unansweredAt = server.clock.now()));
    // Simulates a busy event loop: something arrives in every turn.
    const busy = vi.spyOn(server.clock, 'after');
    const { after } = Object.getPrototypeOf(server.clock) as typeof server.clock;
    busy.mockImplementation((ms, run, kind) =>
      after.call(server.clock, ms === 0 ? 1 : ms, () => (server.says({ type: 'note' }), run()), kind),
    );
    server.clock.advance(2_000);
    expect(await done).toMatchObject({ status: 'unsent', by: 'unanswered' });
    expect(unansweredAt).toBeLessThanOrEqual(1_252);
    expect(faults).toHaveLength(1);
  });

  it('passes by a tick alone: no frame and no call lets it pass', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ limits });
    const faults = faultsOf(session);
    session.respond('greeting');
    vi.spyOn(server.clock, 'now').mockReturnValue(20_000);
    server.says({ type: 'note' });
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect([session.state.outstanding, faults]).toEqual(['greeting', []]);
    server.creates('resp_1');
    expect(session.state.responses).toMatchObject([{ id: 'resp_1', purpose: 'greeting' }]);
  });
});
