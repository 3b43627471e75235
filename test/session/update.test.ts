import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigureError, MisuseError } from '../../src/errors.js';
import { tool } from '../../src/tool.js';
import { isSettled, rejection, ServerByHand } from './by-hand.js';

const named = (name: string): ReturnType<typeof tool> =>
  tool({ name, description: 'Looks.', parameters: z.object({}), run: () => 'ok' });

describe('update()', () => {
  it('resolves once the server has confirmed it; until then the gate is shut', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const update = session.update({ session: { instructions: 'Sing.' } });
    const reply = session.respond('reply');
    expect(reply).toMatchObject({ kind: 'hold', by: ['unconfirmed'] });
    expect(await isSettled(update)).toBe(false);
    server.confirms();
    expect(await update).toBe(session);
    expect(server.types()).toEqual(['session.update', 'response.create']);
  });

  it('waits for the one before it', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const [first, second] = [
      session.update({ session: { instructions: 'One.' } }),
      session.update({ session: { instructions: 'Two.' } }),
    ];
    expect(server.types()).toEqual(['session.update']);
    server.confirms();
    await first;
    expect(await isSettled(second)).toBe(false);
    server.confirms();
    await second;
  });

  it('rejects, typed, and the last confirmed configuration stands once the server has said so', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const update = session.update({ session: { instructions: 'Sing.' } });
    const { event_id } = server.last('session.update')!;
    server.says({ type: 'error', error: { code: 'invalid_value', message: 'No.', event_id } });
    const error = await rejection(update);
    expect(error).toBeInstanceOf(ConfigureError);
    expect(error.message).toContain('rejected the update');
    expect(error.message).toContain('the last confirmed configuration stands');
    expect(session.state.shut).toEqual(['unconfirmed']);
    expect(server.last('session.update')).toMatchObject({ session: { type: 'realtime' } });
    server.confirms();
    expect(session.state.shut).toEqual([]);
  });

  it('may be left unawaited, however it ends', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    void session.update({ session: { instructions: 'Sing.' } });
    server.ends(1006);
    await session.closed;
  });

  it('rejects after the end', async () => {
    const session = await new ServerByHand().opened();
    await session.close();
    expect((await rejection(session.update({}))).failure).toMatchObject({ kind: 'lost' });
  });

  it('brings the purposes of new tools, once it is confirmed', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ purposes: ['greeting'] });
    const update = session.update({ tools: [named('look')] });
    expect(() => session.respond('tool:look')).toThrow(MisuseError);
    server.confirms();
    const widened = await update;
    expect(widened.respond('tool:look').kind).toBe('admit');
  });

  it('takes the purposes of tools that are removed', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ tools: [named('look')] });
    const update = session.update({ tools: [named('listen')] });
    server.confirms();
    await update;
    expect(() => session.respond('tool:look')).toThrow(/no longer part of the session/);
    expect(session.respond('tool:listen').kind).toBe('admit');
  });

  it('leaves the tools as they are if it is rejected', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ tools: [named('look')] });
    const update = session.update({ tools: [named('listen')] });
    const { event_id } = server.last('session.update')!;
    server.says({ type: 'error', error: { code: 'invalid_value', message: 'No.', event_id } });
    await rejection(update);
    expect(session.respond('tool:look').kind).toBe('hold');
  });

  it('rejects tools of the same name, and sends nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    expect(await rejection(session.update({ tools: [named('look'), named('look')] }))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
    expect(session.state.shut).toEqual([]);
  });

  it('rejects settings that are no JSON, and sends nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const settings = { instructions: 1n } as never;
    expect(await rejection(session.update({ session: settings }))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
  });
});
