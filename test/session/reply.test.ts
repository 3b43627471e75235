import { describe, expect, it } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import type { Reply } from '../../types/index.js';
import { faultsOf, functionCall, ServerByHand, settles } from './by-hand.js';

type Decides = Reply | ((result: unknown) => Reply);
const named = (name: string, reply?: Decides) =>
  tool({
    name,
    description: 'Does.',
    parameters: jsonSchema({ type: 'object' }),
    run: () => name,
    ...(reply && { reply }),
  });

/** The follow-up of a round in which tools with these replies were called, in this order. */
async function followUpOf(...replies: readonly (Decides | undefined)[]) {
  const tools = replies.map((reply, place) => named(`tool_${place}`, reply));
  const server = new ServerByHand();
  const session = await server.opened({ tools });
  const faults = faultsOf(session);
  session.respond('greeting');
  server.creates('resp_1');
  server.written.length = 0;
  server.says(...tools.map(({ name }, place) => functionCall('resp_1', `call_${place}`, name)));
  await settles();
  server.completes('resp_1');
  const response = server.last('response.create')?.['response'] as object | undefined;
  const { metadata, ...params } = (response ?? {}) as { readonly metadata?: Record<string, string> };
  return { isAsked: response !== undefined, params, purpose: metadata?.['gated_purpose'], faults };
}

describe('reply', () => {
  it('left out asks for a follow-up without parameters of its own', async () => {
    expect(await followUpOf(undefined)).toMatchObject({ params: {}, purpose: 'tool:tool_0' });
  });

  it('may give the follow-up’s own parameters', async () => {
    const reply = { instructions: 'Be brief.', tool_choice: 'none' } as const;
    expect(await followUpOf(reply)).toMatchObject({ params: reply });
  });

  it('may decide by what the tool returned', async () => {
    const reply = (result: unknown): Reply => ({ instructions: `Say ${String(result)}.` });
    expect(await followUpOf(reply)).toMatchObject({ params: { instructions: 'Say tool_0.' } });
  });

  it('of several tools counts by the first, in output order, that gives parameters', async () => {
    const [first, second] = [{ instructions: 'First.' }, { instructions: 'Second.' }];
    expect(await followUpOf('silent', first, second)).toMatchObject({ params: first, purpose: 'tool:tool_1' });
  });

  it('silent of every tool asks for nothing', async () => {
    expect(await followUpOf('silent', () => 'silent')).toMatchObject({ isAsked: false });
  });

  it('that throws is a fault, and the model speaks: what the tool did is done', async () => {
    const reply = (): never => {
      throw new Error('mine');
    };
    expect(await followUpOf(reply)).toMatchObject({
      isAsked: true,
      params: {},
      faults: ["The reply of the tool 'tool_0' cannot be used: mine"],
    });
  });

  it.each<[string, unknown, string]>([
    ['a misspelt word', 'slient', "'slient'"],
    ['nothing', undefined, 'undefined'],
    ['parameters that keep the model from the result', { conversation: 'none' }, "conversation: 'none'"],
  ])('that decides on %s is a fault that says so, and the model speaks', async (_, decided, named) => {
    const { isAsked, params, faults } = await followUpOf(() => decided as Reply);
    expect([isAsked, params]).toEqual([true, {}]);
    expect(faults).toEqual([expect.stringContaining(named)]);
    expect(faults[0]).toContain("'tool_0'");
  });

  it('that cannot be sent is a fault, and the model speaks', async () => {
    const { isAsked, faults } = await followUpOf(() => ({ metadata: { gated_token: 'x' } }));
    expect([isAsked, faults.length]).toEqual([true, 1]);
  });
});
