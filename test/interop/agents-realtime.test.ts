import { RealtimeAgent, RealtimeSession, tool, type TransportEvent } from '@openai/agents-realtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { SimulatedSocket } from '../../src/simulator/index.js';
import { parseRealtimeEvent } from '../../node_modules/@openai/agents-realtime/dist/openaiRealtimeEvents.js';
import { log } from './log.js';
import { aTurn, frames, patience, serve as serveAnybody } from './phone.js';

interface Happened {
  readonly what: string;
  readonly detail: string;
}

/** Serves only events that the client knows, because it ignores others silently. */
async function serve(): Promise<SimulatedSocket> {
  const unknown: string[] = [];
  const server = await serveAnybody({
    onFrame({ direction, text }) {
      const isKnown = !parseRealtimeEvent(new MessageEvent('message', { data: text })).isGeneric;
      if (direction === 'received' && !isKnown) unknown.push(text);
    },
  });
  onTestFinished(() => expect(unknown).toEqual([]));
  return server;
}

/** A connected session of a flower shop's agent, with a log of its events. */
async function dial({ url }: SimulatedSocket, stock: (flower: string) => string = () => '40') {
  const agent = new RealtimeAgent({
    name: 'florist',
    instructions: 'You answer the telephone of a flower shop.',
    tools: [
      tool({
        name: 'stock',
        description: 'How many of a flower there are.',
        parameters: z.object({ flower: z.string() }),
        execute: ({ flower }) => stock(flower),
      }),
    ],
  });
  const session = new RealtimeSession(agent, { transport: 'websocket', model: 'gpt-realtime-2.1' });
  const happened = log<Happened>();
  const events = log<TransportEvent>();
  let bytes = 0;
  session.on('transport_event', (event) => events.add(event));
  session.on('agent_end', (_, __, output) => happened.add({ what: 'agent_end', detail: output }));
  session.on('agent_tool_end', (_, __, { name }, result) =>
    happened.add({ what: 'agent_tool_end', detail: `${name}: ${result}` }),
  );
  session.on('audio_interrupted', () => happened.add({ what: 'audio_interrupted', detail: '' }));
  session.on('audio', ({ data }) => {
    bytes += data.byteLength;
    happened.add({ what: 'audio', detail: '' });
  });
  const unexpected: string[] = [];
  session.on('error', ({ error }) => unexpected.push(JSON.stringify(error)));
  onTestFinished(() => {
    session.close();
    expect(unexpected).toEqual([]);
  });
  await session.connect({ apiKey: 'simulated', url: `${url}?model=gpt-realtime-2.1` });
  const next = (what: string, nth?: number) => happened.until((entry): entry is Happened => entry.what === what, nth);
  return {
    session,
    next,
    /** The errors that the session has reported. */
    unexpected,
    frame: (type: string, nth?: number) => events.until((event): event is TransportEvent => event.type === type, nth),
    bytes: () => bytes,
    hear: (audio: readonly string[]) => {
      for (const frame of audio) session.sendAudio(new Uint8Array(Buffer.from(frame, 'base64')).buffer);
    },
    history: () =>
      session.history.map((item) =>
        item.type === 'message'
          ? `${item.role}: ${item.content.map((part) => ('transcript' in part ? part.transcript : 'text' in part ? part.text : '')).join()}`
          : item.type,
      ),
  };
}

describe('a RealtimeSession of @openai/agents-realtime', () => {
  test('completes a spoken turn', { timeout: patience }, async () => {
    const server = await serve();
    server.says('Yes, red ones.', { ms: 900 });
    const { frame, next, hear, bytes, history } = await dial(server);
    await frame('session.updated');
    hear(aTurn());
    await frame('conversation.item.input_audio_transcription.completed');
    expect((await next('agent_end')).detail).toBe('Yes, red ones.');
    expect(bytes()).toBe(900 * 48);
    expect(history()).toEqual(['user: Do you have any tulips?', 'assistant: Yes, red ones.']);
  });

  test('completes a tool round', { timeout: patience }, async () => {
    const server = await serve();
    server.calls('stock', { flower: 'tulip' });
    server.says('We have forty.', { ms: 600 });
    const asked: string[] = [];
    const { session, frame, next } = await dial(server, (flower) => {
      asked.push(flower);
      return '40';
    });
    await frame('session.updated');
    session.sendMessage('How many tulips?');
    expect((await next('agent_tool_end')).detail).toBe('stock: 40');
    await frame('response.done', 2);
    expect((await next('agent_end', 2)).detail).toBe('We have forty.');
    expect(asked).toEqual(['tulip']);
  });

  test('interrupts an answer, and truncates it', { timeout: patience }, async () => {
    const server = await serve();
    server.says('Today we have roses, lilies, violets, and a great many more.', { ms: 60_000 });
    server.says('Only tulips, then.', { ms: 600 });
    const { session, frame, next, hear } = await dial(server);
    await frame('session.updated');
    session.sendMessage('What do you have?');
    await next('audio');
    hear(frames(1000, 'tone'));
    await next('audio_interrupted');
    expect(await frame('response.done')).toMatchObject({ response: { status: 'cancelled' } });
    await frame('conversation.item.truncated');
    hear(frames(1000, 'silence'));
    await frame('response.done', 2);
    expect((await next('agent_end', 2)).detail).toBe('Only tulips, then.');
  });

  test('knows the answers that are not speech', { timeout: patience }, async () => {
    const server = await serve();
    server.fails('server_error');
    server.replies({ items: [{ says: 'We have …' }], status: 'incomplete', reason: 'max_output_tokens' });
    server.says('(A note.)', { lane: 'out-of-band' });
    const { session, frame, unexpected } = await dial(server);
    await frame('session.updated');
    const create = (response: object) => session.transport.sendEvent({ type: 'response.create', response });
    create({});
    expect(await frame('response.done')).toMatchObject({ response: { status: 'failed' } });
    create({ output_modalities: ['text'] });
    expect(await frame('response.done', 2)).toMatchObject({ response: { status: 'incomplete' } });
    create({ conversation: 'none', metadata: { note: 'yes' } });
    expect(await frame('response.done', 3)).toMatchObject({ response: { metadata: { note: 'yes' } } });
    session.transport.sendEvent({ type: 'conversation.item.delete', item_id: 'item_that_never_was' });
    await frame('error');
    expect(unexpected.splice(0)).toMatchObject([expect.stringContaining('item_delete_invalid_item_id')]);
  });
});
