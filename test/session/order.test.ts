import { describe, expect, it } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import { delta, functionCall, ServerByHand, settles } from './by-hand.js';

const pong = { type: 'rate_limits.updated', rate_limits: [] };

describe('a call', () => {
  it('has what it sends on the wire before it returns', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const { kind } = session.respond('greeting');
    expect([kind, server.types()]).toEqual(['admit', ['response.create']]);
  });

  it('has its verdict told to listeners before it returns', async () => {
    const session = await new ServerByHand().opened();
    const seen: string[] = [];
    session.on('verdict', () => seen.push('verdict'));
    session.respond('greeting');
    seen.push('returned');
    expect(seen).toEqual(['verdict', 'returned']);
  });
});

describe('a frame of the server’s', () => {
  it('has what it sends on the wire before any listener is told', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    session.respond('greeting');
    const written: unknown[] = [];
    session.on('event', () => written.push(server.types()));
    server.says({ type: 'input_audio_buffer.cleared' });
    expect(written).toEqual([['response.create']]);
  });

  it('is told as event, by its own name, as audio, and then as what it led to', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const seen: string[] = [];
    session.on('response', () => seen.push('response'));
    session.on('response.created', () => seen.push('response.created'));
    session.on('event', ({ type }) => seen.push(`event ${type}`));
    session.on('audio', () => seen.push('audio'));
    session.respond('greeting');
    server.creates('resp_1');
    server.says(delta('resp_1'));
    expect(seen).toEqual([
      'event response.created',
      'response.created',
      'response',
      'event response.output_audio.delta',
      'audio',
    ]);
  });

  it('settles what was promised before listeners are told, and wakes who awaits it after', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const verdict = session.respond('greeting');
    server.creates('resp_1');
    const seen: string[] = [];
    void verdict.done.then(() => seen.push('awaited'));
    session.on('response.done', (_, handle) => {
      seen.push('listener');
      // Already settled: a promise read here settles no later than one that was read before.
      void handle?.done.then(() => seen.push('read in the listener'));
    });
    server.completes('resp_1');
    seen.push('all told');
    await settles();
    expect(seen).toEqual(['listener', 'all told', 'awaited', 'read in the listener']);
  });

  it('is taken in whole before the next, which a listener may bring about', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const seen: string[] = [];
    session.on('event', ({ type }) => {
      seen.push(`first hears ${type}`);
      if (type === 'response.created') server.says(pong);
    });
    session.on('event', ({ type }) => seen.push(`second hears ${type}`));
    session.on('response', () => seen.push('response'));
    server.says({ type: 'response.created', response: { id: 'resp_1', conversation_id: 'conv_1' } });
    expect(seen).toEqual([
      'first hears response.created',
      'second hears response.created',
      'response',
      'first hears rate_limits.updated',
      'second hears rate_limits.updated',
    ]);
  });
});

describe('a call from inside a listener', () => {
  it('decides and sends at once; what it leads to is told after what is being told', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const seen: unknown[] = [];
    session.on('rate_limits.updated', () => {
      seen.push(session.respond('greeting').kind, server.types());
    });
    session.on('verdict', () => seen.push('verdict'));
    session.on('rate_limits.updated', () => seen.push('second listener'));
    server.says(pong);
    expect(seen).toEqual(['admit', ['response.create'], 'second listener', 'verdict']);
  });

  it('sees the session as it is then, not as it was at the event', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const kinds: string[] = [];
    session.on('rate_limits.updated', () => kinds.push(session.respond('greeting').kind));
    session.on('rate_limits.updated', () => kinds.push(session.respond('nudge').kind));
    server.says(pong);
    expect(kinds).toEqual(['admit', 'hold']);
  });
});

it('tools start after all listeners have been told', async () => {
  const seen: string[] = [];
  const run = (): void => void seen.push('tool');
  const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
  const server = new ServerByHand();
  const session = await server.opened({ tools: [look] });
  session.on('event', () => seen.push('listener'));
  session.respond('greeting');
  server.creates('resp_1');
  server.says(functionCall('resp_1', 'call_1', 'look_up'));
  seen.push('all told');
  await settles();
  expect(seen).toEqual(['listener', 'listener', 'all told', 'tool']);
});

it('the signal of a tool is aborted in its place among the listeners, never inside a step', async () => {
  const seen: string[] = [];
  const run = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
    new Promise(() => {
      signal.addEventListener('abort', () => seen.push(`aborted while ${session.state.hangup}`));
    });
  const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
  const server = new ServerByHand();
  const session = await server.opened({ tools: [look] });
  session.respond('greeting');
  server.creates('resp_1');
  server.says(functionCall('resp_1', 'call_1', 'look_up'));
  await settles();
  session.on('rate_limits.updated', () => {
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    seen.push('called');
  });
  server.says(pong);
  expect(seen).toEqual(['called', 'aborted while saying']);
});

describe('the end', () => {
  it('resolves closed after every other promise has settled and every listener been told', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const seen: string[] = [];
    void session.closed.then(() => seen.push('closed'));
    session.on('verdict', ({ by }) => seen.push(`verdict ${String(by)}`));
    const sent = session.respond('greeting');
    const held = session.respond('nudge');
    seen.length = 0;
    void sent.done.then(({ status }) => seen.push(`sent ${status}`));
    void held.done.then(({ status }) => seen.push(`held ${status}`));
    const update = session.update({ session: { instructions: 'Sing.' } });
    update.catch(() => seen.push('update'));
    server.ends(1006);
    expect(seen).toEqual(['verdict closed']);
    await settles();
    expect(seen.at(-1)).toBe('closed');
    expect([...seen].sort()).toEqual(['closed', 'held unsent', 'sent lost', 'update', 'verdict closed']);
  });

  it('is taken in after what led to it has been told, where the line closes at once', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const seen: unknown[] = [];
    session.respond('greeting');
    session.respond('nudge');
    session.on('verdict', ({ by }) => seen.push(by, session.state.connection));
    await session.close();
    expect(seen).toEqual(['closing', 'closing']);
    expect(session.state.connection).toBe('closed');
  });
});
