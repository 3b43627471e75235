import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ConfirmedSession } from '../../types/index.js';
import { rejection, ServerByHand, settles, type Frame } from './by-hand.js';

/** Credentials of no particular form, as a proxy, Azure or a gateway may use. */
const secrets = ['9f8e7d6c5b4a', 'p@ss/word+plus=', 'correct horse battery', 'дом-2-секрет'];

/** Everything that a session reports, printed. */
function everythingToldBy(session: ConfirmedSession<string>): string[] {
  const told: string[] = [];
  const tell = (value: unknown): void => void told.push(inspect(value, { depth: null }), String(value));
  session.on('event', tell);
  session.on('fault', tell);
  session.on('verdict', tell);
  session.on('tools', tell);
  void session.closed.then(tell);
  return told;
}

describe.each(secrets)('the credential of the line, %s,', (secret) => {
  const opened = async () => {
    const server = new ServerByHand({ secrets: [secret] });
    const session = await server.opened();
    return { server, session, told: everythingToldBy(session) };
  };

  it.each<[string, (text: string) => Frame]>([
    ['an error', (text) => ({ type: 'error', error: { code: 'x', message: `Incorrect: ${text}.` } })],
    ['a field of an unknown event', (text) => ({ type: 'note', deep: [{ inside: `(${text})` }] })],
    ['the name of a field', (text) => ({ type: 'note', [`x ${text}`]: 1 })],
    ['a session', (text) => ({ type: 'session.updated', session: { id: 'sess_1', instructions: text } })],
    [
      'an error, percent-encoded',
      (text) => ({ type: 'error', error: { code: 'x', message: `?key=${encodeURIComponent(text)}` } }),
    ],
  ])('is told by nothing where the server says it in %s', async (_, frame) => {
    const { server, session, told } = await opened();
    server.says(frame(secret));
    expect(told.join('\n')).toContain('[hidden]');
    expect(`${told.join('\n')}${JSON.stringify(session.effective)}`).not.toContain(secret);
    expect(told.join('\n')).not.toContain(encodeURIComponent(secret));
  });

  it('is not told where the server says it in the words of a failure', async () => {
    const { server, session } = await opened();
    const done = session.respond('greeting').done;
    server.creates('resp_1');
    const status_details = { error: { code: 'server_error', message: `Denied for ${secret}.` } };
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'failed', status_details } });
    expect(inspect(await done, { depth: null })).not.toContain(secret);
  });

  it('is not told where the server says it as the reason of a close, also of one that was cut off', async () => {
    const { server, session, told } = await opened();
    const done = session.respond('greeting').done;
    server.ends(3000, `invalid: ${secret.slice(0, -1)}`);
    await settles();
    told.push(inspect(await done), inspect(await session.closed));
    expect(told.join('\n')).not.toContain(secret.slice(0, -1));
  });

  it('is not told where the configuration is refused with it', async () => {
    const server = new ServerByHand({ secrets: [secret] });
    const configured = (await server.connected()).configure({});
    const event_id = server.last('session.update')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', message: `No: ${secret}`, event_id } });
    expect(inspect(await rejection(configured), { depth: null })).not.toContain(secret);
  });
});

describe('what is no secret', () => {
  it('is left alone though it is a short one', async () => {
    const server = new ServerByHand({ secrets: ['abc'] });
    const session = await server.opened();
    const told: unknown[] = [];
    session.on('event', (event) => told.push(event));
    server.says({ type: 'note', text: 'abcdef' });
    expect(told).toEqual([{ type: 'note', text: 'abcdef' }]);
  });
});

describe('a fault that nobody listens for', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('does not print the credential', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const server = new ServerByHand({ secrets: [secrets[0]!] });
    await server.opened();
    server.says({ type: 'error', error: { code: 'x', message: `Incorrect: ${String(secrets[0])}.` } });
    expect(warned).toHaveBeenCalledOnce();
    expect(inspect(warned.mock.calls)).not.toContain(secrets[0]);
  });
});
