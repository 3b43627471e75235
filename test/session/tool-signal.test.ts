import { describe, expect, it } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { jsonSchema, tool } from '../../src/tool.js';
import type { ToolCall, Verdict } from '../../types/index.js';
import { functionCall, ServerByHand, settles } from './by-hand.js';

/** A call of a tool that never returns, and the verdict that its signal's listener gets. */
async function waiting() {
  const verdicts: Verdict[] = [];
  const calls: ToolCall<'slow'>[] = [];
  const slow = tool({
    name: 'slow',
    description: 'Takes its time.',
    parameters: jsonSchema({ type: 'object' }),
    timeoutMs: 1_000,
    run(_, call) {
      calls.push(call);
      call.signal.addEventListener('abort', () =>
        verdicts.push(call.respond({ response: { instructions: 'Sorry.' } })),
      );
      return new Promise(() => undefined);
    },
  });
  const server = new ServerByHand();
  const session = await server.opened({ tools: [slow] });
  session.respond('greeting');
  server.creates('resp_1');
  server.says(functionCall('resp_1', 'call_1', 'slow'));
  await settles();
  server.completes('resp_1');
  server.written.length = 0;
  return { server, session, verdicts, calls };
}

describe('call.respond() in a listener of its own signal', () => {
  it('is refused as withdrawn where the tool has timed out, and the process goes on', async () => {
    const { server, verdicts } = await waiting();
    server.clock.advance(1_100);
    expect(verdicts).toMatchObject([{ kind: 'refuse', by: 'withdrawn' }]);
    expect(server.types()).toEqual(['conversation.item.create', 'response.create']);
  });

  it('is a misuse again once its listeners have been told', async () => {
    const { server, calls } = await waiting();
    server.clock.advance(1_100);
    expect(() => calls[0]?.respond()).toThrow(MisuseError);
  });

  it('is refused where the session has ended', async () => {
    const { session, verdicts } = await waiting();
    await session.close();
    expect(verdicts).toMatchObject([{ kind: 'refuse' }]);
  });
});
