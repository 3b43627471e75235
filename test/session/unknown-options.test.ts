import { describe, expect, it } from 'vitest';
import { connect, openSession } from '../../src/session/connect.js';
import { MisuseError } from '../../src/errors.js';
import { rejection, ServerByHand } from './by-hand.js';

/** Checks that an error names the unknown option and the known ones. */
const names = (error: unknown, name: string): void => {
  expect(error).toBeInstanceOf(MisuseError);
  expect((error as Error).message).toContain(`'${name}'`);
};

describe('a plan', () => {
  it.each<[string, string, object]>([
    ['itself', 'instructions', { instructions: 'Be brief.' }],
    ['itself, nearly right', 'hangup', { hangup: () => Promise.resolve() }],
    ['its limits', 'heldMs', { limits: { heldMs: 5 } }],
    ['its playback', 'wait', { playback: { wait: true } }],
    ['its recovery', 'serverError', { recovery: { serverError: {} } }],
    ['a row of its recovery', 'retry', { recovery: { silent: { retry: 1 } } }],
  ])('that says what nobody knows is misuse, and nothing is sent: %s', async (_, name, plan) => {
    const server = new ServerByHand();
    const session = await server.connected();
    names(await rejection(session.configure(plan)), name);
    expect(server.written).toEqual([]);
    const again = session.configure({});
    server.confirms();
    await again;
  });

  it('is misuse through openSession() too, and nothing is left open', async () => {
    const server = new ServerByHand();
    const opening = openSession({ transport: server, clock: server.clock, turnsEnd: 'transcribed' } as never);
    names(await rejection(opening), 'turnsEnd');
  });

  it.each([0, -1, NaN, Infinity, '5'])('whose limit is %s is misuse', async (held) => {
    const session = await new ServerByHand().connected();
    expect(await rejection(session.configure({ limits: { held } as never }))).toBeInstanceOf(MisuseError);
  });
});

describe('an option that does not exist is misuse, and nothing happens:', () => {
  it('connect()', async () => {
    const server = new ServerByHand();
    names(await rejection(connect({ transport: server, clock: server.clock, timeout: 5 } as never)), 'timeout');
  });

  it('configure()', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    names(await rejection(session.configure({}, { timeout: 5 } as never)), 'timeout');
    expect(server.written).toEqual([]);
  });

  it('respond()', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    expect(() => session.respond('greeting', { instructions: 'Hi.' } as never)).toThrow(/'instructions'/);
    expect(server.written).toEqual([]);
  });

  it('update()', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    names(await rejection(session.update({ instructions: 'Sing.' } as never)), 'instructions');
    expect(server.written).toEqual([]);
  });

  it('hangup()', async () => {
    const session = await new ServerByHand().opened();
    expect(() => session.hangup({ deadline: 5 } as never)).toThrow(/'deadline'/);
    expect(session.state.hangup).toBe('none');
  });

  it('events()', async () => {
    const session = await new ServerByHand().opened();
    expect(() => session.events({ size: 5 } as never)).toThrow(/'size'/);
  });
});
