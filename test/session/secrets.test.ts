import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connect } from '../../src/session/connect.js';
import type { Ears, Line } from '../../types/index.js';
import { rejection, ServerByHand, settles } from './by-hand.js';

const key = 'sk-proj-abcdefg';
const message = `Incorrect API key provided: ${key}. Bearer ${key} is no key, and ek_${key} is none.`;

/** All printable forms of a value. */
const printed = (value: unknown): string =>
  [
    String(value),
    inspect(value, { depth: null }),
    JSON.stringify(value),
    ...(value instanceof Error ? [value.stack] : []),
  ].join('\n');
const shows = (value: unknown): void => {
  expect(printed(value)).toContain('[hidden]');
  expect(printed(value)).not.toContain('abcdefg');
};

/** A connection on which the server has sent nothing. */
function silent(): { readonly connecting: Promise<unknown>; readonly ears: Ears } {
  let ears: Ears | null = null;
  const line: Line = { send() {}, close() {} };
  const transport = { open: (given: Ears) => ((ears = given), Promise.resolve(line)) };
  const connecting = connect({ transport, clock: new ServerByHand().clock });
  return { connecting, ears: ears! };
}

describe('a key in the words of the server is in none of', () => {
  it('a refusal inside the socket', async () => {
    const { connecting, ears } = silent();
    ears.frame(JSON.stringify({ type: 'error', error: { code: 'invalid_api_key', message } }));
    shows(await rejection(connecting));
  });

  it('a refusal by the reason of a close', async () => {
    const { connecting, ears } = silent();
    ears.gone({ code: 3000, reason: message });
    shows(await rejection(connecting));
  });

  it('a rejected configuration', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure({});
    const event_id = server.last('session.update')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', message, event_id } });
    shows(await rejection(configured));
  });

  it('a configuration that is confirmed differently', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure({ session: { instructions: 'Be brief.' } });
    server.confirms({ instructions: `Bearer ${key}` });
    expect((await rejection(configured)).message).not.toContain(key);
  });

  it.each([
    ['short', 'AAAA', {}],
    ['short, in a field of its own', 'AAAA', { why: message }],
    ['long, in a field of its own', 'AAAA'.repeat(300), { why: message }],
  ])('a delta of audio that is %s', async (_, delta, more) => {
    const server = new ServerByHand({ secrets: [key] });
    const session = await server.opened();
    const events: unknown[] = [];
    session.on('event', (event) => events.push(event));
    const ids = { event_id: `event_${key}`, response_id: 'resp_1', item_id: `item_${key}` };
    server.says({ type: 'response.output_audio.delta', ...ids, output_index: 0, content_index: 0, delta, ...more });
    shows(events);
  });

  it('a rejected request, nor a failed response', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const rejected = session.respond('greeting').done;
    const event_id = server.last('response.create')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', message, event_id } });
    shows(await rejected);
    const failed = session.respond('greeting').done;
    server.creates('resp_1');
    const status_details = { error: { code: 'server_error', message } };
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'failed', status_details } });
    shows(await failed);
  });

  it('a lost response, nor the end of the session', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const lost = session.respond('greeting').done;
    server.ends(1011, message);
    await settles();
    shows(await lost);
    shows(await session.closed);
  });
});
