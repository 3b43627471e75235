import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerByHand } from './by-hand.js';

const complaint = { type: 'error', error: { type: 'server_error', code: 'server_error', message: 'Sorry.' } };
const words = 'PeerError: The server reports an error (server_error): Sorry.';

describe('a fault', () => {
  const { emitWarning } = process;
  const warned = vi.fn();
  beforeEach(() => {
    process.emitWarning = warned;
  });
  afterEach(() => {
    process.emitWarning = emitWarning;
    vi.restoreAllMocks();
    warned.mockReset();
  });

  it('that nobody listens for is a warning of the process', async () => {
    const server = new ServerByHand();
    await server.opened();
    server.says(complaint);
    expect(warned.mock.calls).toEqual([[words, 'GatedRealtimeFault']]);
  });

  it('that nobody listens for is written to the console, where the runtime has no warnings', async () => {
    const console_ = vi.spyOn(console, 'warn').mockReturnValue();
    const server = new ServerByHand();
    await server.opened();
    Reflect.deleteProperty(process, 'emitWarning');
    Reflect.set(process, 'emitWarning', undefined);
    server.says(complaint);
    expect(console_.mock.calls).toEqual([[`GatedRealtimeFault: ${words}`]]);
  });

  it('is printed without what a terminal would obey', async () => {
    const server = new ServerByHand();
    await server.opened();
    server.says({ type: 'error', error: { code: 'x', message: 'Hm.\u001b[2J\r\nforged: all is well\u009b0m' } });
    expect(warned.mock.calls[0]?.[0]).toBe(
      'PeerError: The server reports an error (x): Hm. [2J forged: all is well 0m',
    );
  });

  it('goes to its listeners alone, where there are any', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: string[] = [];
    const off = session.on('fault', ({ message }) => faults.push(message));
    server.says(complaint);
    expect([faults.length, warned.mock.calls.length]).toEqual([1, 0]);
    off();
    server.says(complaint);
    expect([faults.length, warned.mock.calls.length]).toEqual([1, 1]);
  });

  it('that comes before anybody can listen is a warning too', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure({
      session: { instructions: 'Be brief.' },
      accept: () => Promise.resolve(true) as never,
    });
    server.confirms({ instructions: 'Sing.' });
    await expect(configured).rejects.toThrow();
    expect(warned.mock.calls).toEqual([[expect.stringContaining('accept()'), 'GatedRealtimeFault']]);
  });
});

describe('an error of the server’s', () => {
  it('that belongs to no request, update or item is a fault, and stays an event', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const [faults, events]: [Error[], unknown[]] = [[], []];
    session.on('fault', (fault) => faults.push(fault));
    session.on('error', (event) => events.push(event));
    server.says(complaint);
    expect(faults).toMatchObject([{ name: 'PeerError' }]);
    expect(events).toEqual([complaint]);
  });

  it('that says that our own cancel came too late is told to nobody', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    session.respond('greeting');
    server.creates('resp_1');
    session.interrupt();
    const event_id = server.last('response.cancel')!['event_id'];
    server.says({ type: 'error', error: { code: 'response_cancel_not_active', message: 'No.', event_id } });
    expect(faults).toEqual([]);
  });

  it('that belongs to a request is its verdict, and no fault', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    const { done } = session.respond('greeting');
    const event_id = server.last('response.create')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', message: 'No.', event_id } });
    expect(await done).toMatchObject({ status: 'unsent', by: 'rejected', message: 'No.' });
    expect(faults).toEqual([]);
  });
});
