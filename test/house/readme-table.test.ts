import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonSchema, openSession, tool } from '../../src/index.js';
import { createSimulator, simulate, type Simulator } from '../../src/simulator/index.js';
import { root } from '../tools/packed.js';

/** README's comparison with other clients: each row, and what it says of this one. */
function comparison(): ReadonlyMap<string, string> {
  const [, section = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('## Beside the others\n');
  const [table = ''] = section.trim().split('\n\n');
  const rows = table.split('\n').slice(2);
  return new Map(
    rows.map((row) => {
      const [, what = '', ours = ''] = row.split('|').map((cell) => cell.replaceAll('**', '').trim());
      return [what, ours];
    }),
  );
}

const typesOf = ({ passages }: Simulator): readonly string[] =>
  passages.map(({ text }) => (JSON.parse(text) as { readonly type: string }).type);
const creates = ({ received }: Simulator): number => received.filter(({ type }) => type === 'response.create').length;

/** What each row that says "yes" claims, shown. */
const shown: Readonly<Record<string, () => Promise<void>>> = {
  'ungated `response.create` does not compile': async () => {
    const { session, server } = await simulate({});
    // @ts-expect-error: a `response.create` is no event that can be sent.
    expect(() => session.send({ type: 'response.create' })).toThrow(/gated/);
    expect(creates(server)).toBe(0);
    await session.close();
  },

  'nothing is said before `session.updated`': async () => {
    const { session, server } = await simulate({});
    await session.respond('greeting').done;
    const types = typesOf(server);
    expect(types.indexOf('session.updated')).toBeGreaterThan(0);
    expect(types.indexOf('response.create')).toBeGreaterThan(types.indexOf('session.updated'));
    await session.close();
  },

  'holds while the caller speaks': async () => {
    const { session, server } = await simulate({});
    server.caller.speaks('Is anyone there?', { ms: 2_000 });
    await session.once('input_audio_buffer.speech_started');
    const verdict = session.respond('nudge');
    expect(verdict).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
    expect(creates(server)).toBe(0);
    await session.close();
  },

  'the window between end of speech and the server’s answer': async () => {
    const { session, server } = await simulate({});
    server.caller.speaks('Is anyone there?');
    await session.once('input_audio_buffer.speech_stopped');
    const verdict = session.respond('nudge');
    expect(verdict).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
    await session.close();
  },

  'parallel tools, one answer': async () => {
    const look = (name: string) =>
      tool({ name, description: 'looks', parameters: jsonSchema({ type: 'object' }), run: () => name });
    const { session, server } = await simulate({ tools: [look('stock'), look('hours')] });
    server.replies({
      items: [
        { calls: 'stock', args: '{}' },
        { calls: 'hours', args: '{}' },
      ],
    });
    server.says('We have tulips, and we are open.');
    session.respond('look');
    await session.once('tools');
    await session.once('response.done');
    expect(server.received.filter(({ type }) => type === 'conversation.item.create')).toHaveLength(2);
    expect(creates(server)).toBe(2);
    await session.close();
  },

  'a simulated server that enforces the rules': async () => {
    const simulator = createSimulator();
    const line = await simulator.transport.open(
      { frame: () => undefined, gone: () => undefined },
      AbortSignal.timeout(5_000),
    );
    for (let count = 0; count < 2; count++) line.send(JSON.stringify({ type: 'response.create' }));
    await new Promise<void>((passed) => void simulator.clock.after(200, passed));
    const [refusal] = simulator.sent.filter(({ type }) => type === 'error');
    expect(refusal).toMatchObject({ error: { code: 'conversation_already_has_active_response' } });
  },

  'reconnects by itself': async () => {
    const { transport, clock, drop } = createSimulator();
    const session = await openSession({ transport, clock, reconnect: {} });
    drop();
    await session.once('away');
    await session.once('back');
    expect(session.state).toMatchObject({ connection: 'open', epoch: 2 });
    await session.close();
  },
};

const plain = (row: string): string => row.replaceAll("'", '’');
const rows = new Map([...comparison()].map(([what, ours]) => [plain(what), ours]));

describe('README claims of this client, beside others', () => {
  test.each(Object.keys(shown))('%s', async (row) => {
    expect(rows.get(row)).toBe('yes');
    await shown[row]!();
  });

  test('nothing else, and says what it lacks', () => {
    const others = [...rows].filter(([row]) => !(row in shown));
    expect(Object.fromEntries(others)).toEqual({
      'agents, handoffs, guardrails, other providers': 'no',
      WebRTC: 'not yet',
    });
  });
});
