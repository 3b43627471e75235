import { describe, expect, it, onTestFinished } from 'vitest';
import { listen, parseScript, type ListenOptions } from '../../src/simulator/index.js';
import { openSession } from '../../src/ws.js';
import { create, machine } from './machine.js';

const azure = { dialect: 'azure' } as const;
const key = 'azure-key-1234567890';

async function listening(options: ListenOptions) {
  const frames: Record<string, any>[] = [];
  const server = await listen({
    speed: Infinity,
    ...azure,
    ...options,
    onFrame: ({ direction, text }) => direction === 'received' && frames.push(JSON.parse(text) as never),
  });
  onTestFinished(() => server.close());
  const url = server.url.replace('/v1/realtime', '/openai/v1/realtime');
  return {
    frames,
    open: (apiKey: string) => openSession({ model: 'our voice', url, apiKey, ...azure, purposes: ['greeting'] }),
  };
}

describe('a server that plays Azure', () => {
  it('takes any deployment for a model, and the key from its own header', async () => {
    const { open, frames } = await listening({ apiKeys: [key] });
    const session = await open(key);
    expect(await session.respond('greeting').done).toMatchObject({ status: 'completed' });
    expect(frames[0]).toMatchObject({ type: 'session.created', session: { model: 'our voice' } });
    await session.close();
  });

  it('refuses a wrong key at the upgrade, with HTTP 401', async () => {
    const { open } = await listening({ apiKeys: [key] });
    await expect(open('another-key-1234567890')).rejects.toMatchObject({ failure: { kind: 'refused', status: 401 } });
  });

  it('says what a part of content is twice, and nothing of limits', async () => {
    const { open, frames } = await listening({});
    const session = await open(key);
    await session.respond('greeting').done;
    await session.close();
    const parts = frames.filter(({ type }) => String(type).startsWith('response.content_part.'));
    expect(parts).toHaveLength(2);
    for (const { part, content } of parts) expect(content).toEqual(part);
    expect(frames.map(({ type }) => type as string)).not.toContain('rate_limits.updated');
  });

  it('names one more type in the error about an unknown one', () => {
    const said = (options: object): string => {
      const server = machine(options);
      server.send({ type: 'response.unknown' });
      server.settle();
      return server.last('error').error.message as string;
    };
    expect(said(azure)).toContain("'transcription_session.update'");
    expect(said({})).not.toContain('transcription_session.update');
  });

  it('can be asked for by a script', () => {
    expect(parseScript('{ "server": { "dialect": "azure" } }').server).toEqual(azure);
    expect(() => parseScript('{ "server": { "dialect": "aws" } }')).toThrow(/azure/);
  });
});

describe('a server that plays OpenAI', () => {
  it('knows its models', async () => {
    const { open } = await listening({ dialect: 'openai' });
    await expect(open(key)).rejects.toMatchObject({ failure: { code: 'invalid_model' } });
  });

  it('says what a part of content is once', () => {
    const server = machine();
    server.send(create());
    server.settle();
    expect(server.last('response.content_part.done')).not.toHaveProperty('content');
    expect(server.types()).toContain('rate_limits.updated');
  });
});
