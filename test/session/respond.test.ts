import { describe, expect, it } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { ServerByHand } from './by-hand.js';

describe('respond()', () => {
  it('is not answered by a response with an empty token: what waits was never written', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.userTurn('begins');
    const held = session.respond('greeting');
    server.says({ type: 'response.created', response: { id: 'resp_1', metadata: { gated_token: '' } } });
    expect(session.state.held).toMatchObject([{ purpose: 'greeting' }]);
    server.ends(1006);
    expect(held.kind === 'hold' && (await held.settled)).toMatchObject({ kind: 'refuse', by: 'closed' });
  });

  it('is a value: it works when it is taken apart and passed on', async () => {
    const server = new ServerByHand();
    const { respond } = await server.opened();
    const later = respond;
    expect(later('greeting').kind).toBe('admit');
    expect(server.types()).toEqual(['response.create']);
  });

  it('takes no option from Object.prototype', async () => {
    const session = await new ServerByHand().opened();
    session.userTurn('begins');
    const prototype = Object.prototype as { override?: readonly string[] };
    prototype.override = ['user-speaking'];
    try {
      expect(session.respond('greeting').kind).toBe('hold');
      expect(session.respond('greeting', { whenBlocked: 'refuse' })).toMatchObject({ by: 'user-speaking' });
    } finally {
      delete prototype.override;
    }
  });

  it('reads each of its options once', async () => {
    const session = await new ServerByHand().opened();
    const reads: string[] = [];
    const options = new Proxy(
      { signal: new AbortController().signal, override: [] },
      { get: (target, key) => (reads.push(String(key)), Reflect.get(target, key) as unknown) },
    );
    session.respond('greeting', options);
    expect(reads.sort()).toEqual(['override', 'signal']);
  });

  it('does not outlive its session: a stale one is refused', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const { respond } = session;
    await session.close();
    const verdict = respond('greeting');
    expect(verdict).toMatchObject({ kind: 'refuse', by: 'closed' });
    expect(await verdict.done).toMatchObject({ status: 'unsent', by: 'closed' });
    expect(server.written).toEqual([]);
  });

  it('is refused as closing while the socket is still there', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const verdicts: unknown[] = [];
    session.on('verdict', () => verdicts.push(session.state.connection));
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    session.respond('reply');
    await session.close();
    expect(verdicts).toEqual(['closing']);
  });

  it.each<[string, unknown]>([
    ['a purpose that was not declared', ['nudge']],
    ['a purpose that is none', [undefined]],
    ['an empty purpose', ['']],
    ['a purpose too long for metadata', ['x'.repeat(513)]],
    ['options that are none', ['greeting', null]],
    ['an option that does not exist', ['greeting', { interupt: true }]],
    ['a way to be blocked that does not exist', ['greeting', { whenBlocked: 'wait' }]],
    ['an override that nobody may have', ['greeting', { override: ['closed'] }]],
    ['an override that is no list', ['greeting', { override: 5 }]],
    ['an interrupt that is not true', ['greeting', { interrupt: 'yes' }]],
    ['a time that is none', ['greeting', { holdForMs: -1 }]],
    ['parameters that are none', ['greeting', { response: 'text' }]],
    ['parameters that are no JSON', ['greeting', { response: { n: 1n } }]],
    ['metadata that is none', ['greeting', { response: { metadata: 'x' } }]],
    [
      'more metadata than fits',
      ['greeting', { response: { metadata: Object.fromEntries([...Array(14).keys()].map((n) => [n, ''])) } }],
    ],
    ['metadata in our name', ['greeting', { response: { metadata: { gated_override: 'user-speaking' } } }]],
  ])('throws for %s, writes nothing and changes nothing', async (_, args) => {
    const server = new ServerByHand();
    const session = await server.opened({ purposes: ['greeting'] });
    const before = session.state;
    expect(() => (session.respond as (...args: unknown[]) => unknown)(...(args as unknown[]))).toThrow(MisuseError);
    expect(server.written).toEqual([]);
    expect(session.state).toEqual(before);
  });

  it('takes any purpose where none was declared', async () => {
    const session = await new ServerByHand().opened();
    expect(session.respond('whatever').kind).toBe('admit');
  });

  it('copies its parameters: what is changed afterwards is not sent', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    const response = { instructions: 'One.' };
    session.respond('reply', { response });
    response.instructions = 'Two.';
    server.creates('resp_1');
    server.completes('resp_1');
    expect(server.last('response.create')).toMatchObject({ response: { instructions: 'One.' } });
  });

  it('never rejects what nobody awaits: done, created and settled resolve', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const admitted = session.respond('greeting');
    const held = session.respond('reply');
    server.ends(1006);
    expect(await admitted.done).toMatchObject({ status: 'lost', cause: { name: 'TransportError' } });
    expect(admitted.kind === 'admit' && (await admitted.response.created)).toBe(null);
    expect(held.kind === 'hold' && (await held.settled)).toMatchObject({ kind: 'refuse', by: 'closed' });
    expect(await held.done).toMatchObject({ status: 'unsent' });
  });

  it('gives the handle of the response that answers it, when it is merged', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [] } });
    session.respond('first', { response: { instructions: 'One.' } });
    const [second, third] = [session.respond('second'), session.respond('third')];
    server.creates('resp_1');
    server.completes('resp_1');
    const [admit, merge] = [
      second.kind === 'hold' ? await second.settled : null,
      third.kind === 'hold' ? await third.settled : null,
    ];
    expect([admit?.kind, merge?.kind]).toEqual(['admit', 'merge']);
    expect(merge?.kind === 'merge' && merge.response).toBe(admit?.kind === 'admit' && admit.response);
    server.creates('resp_2');
    server.completes('resp_2');
    expect([await second.done, await third.done]).toMatchObject([{ status: 'completed' }, { status: 'completed' }]);
  });

  it('keeps the promises of a response that outlasts hundreds of others', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const told: Promise<unknown>[] = [];
    session.on('response', ({ done }) => told.push(done));
    server.says({ type: 'response.created', response: { id: 'resp_aside', conversation_id: null } });
    for (let count = 0; count < 600; count++) {
      server.says({ type: 'response.created', response: { id: `resp_${count}`, conversation_id: 'conv_1' } });
      server.completes(`resp_${count}`);
    }
    server.completes('resp_aside');
    expect(await told[0]).toMatchObject({ status: 'completed' });
  });
});
