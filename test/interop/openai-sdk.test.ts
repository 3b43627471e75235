import { connect } from 'node:net';
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SimulatedSocket } from '../../src/simulator/index.js';
import { log } from './log.js';
import { aTurn, frames, patience, serve, told } from './phone.js';

const seven = { ...(await import('openai')), ...(await import('openai/realtime/ws')) };
const six = { ...(await import('openai-6')), ...(await import('openai-6/realtime/ws')) } as unknown as typeof seven;

/** Connects the SDK, which insists on encryption, by a plain connection. */
function dial({ OpenAI, OpenAIRealtimeWS }: typeof seven, { url, port }: SimulatedSocket) {
  const client = new OpenAI({
    apiKey: 'simulated',
    baseURL: url.replace('ws:', 'https:').replace('/realtime', ''),
  });
  const options = { createConnection: () => connect(port, '127.0.0.1') };
  const socket = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options }, client);
  const events = log<RealtimeServerEvent>();
  const errors: string[] = [];
  socket.on('event', (event) => events.add(event));
  socket.on('error', (error) => errors.push(error.message));
  onTestFinished(() => {
    socket.close();
    expect(errors).toEqual([]);
  });
  const next = <Type extends RealtimeServerEvent['type']>(type: Type, nth?: number) =>
    events.until((event): event is Extract<RealtimeServerEvent, { type: Type }> => event.type === type, nth);
  return {
    next,
    types: () => told(events.entries.map(({ type }) => type)),
    send: (event: RealtimeClientEvent) => socket.send(event),
    hear: (audio: readonly string[]) => {
      for (const frame of audio) socket.send({ type: 'input_audio_buffer.append', audio: frame });
    },
    /** Bytes of audio in all answers. */
    audio: () =>
      Buffer.concat(
        events.entries.flatMap((event) =>
          event.type === 'response.output_audio.delta' ? [Buffer.from(event.delta, 'base64')] : [],
        ),
      ),
  };
}

const configuration: RealtimeClientEvent = {
  type: 'session.update',
  session: {
    type: 'realtime',
    instructions: 'You answer the telephone of a flower shop.',
    audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
    tools: [{ type: 'function', name: 'stock', parameters: { type: 'object', properties: {} } }],
  },
};

describe.each([
  ['openai 7', seven],
  ['openai 6', six],
])('OpenAIRealtimeWS of %s', (_, sdk) => {
  test('completes a spoken turn', { timeout: patience }, async () => {
    const server = await serve();
    server.says('Yes, red ones.', { ms: 900 });
    const { next, types, send, hear, audio } = dial(sdk, server);
    await next('session.created');
    send(configuration);
    expect((await next('session.updated')).session).toMatchObject(configuration.session);
    hear(aTurn());
    const heard = await next('conversation.item.input_audio_transcription.completed');
    expect(heard.transcript).toBe('Do you have any tulips?');
    const { response } = await next('response.done');
    expect(response.status).toBe('completed');
    expect((await next('response.output_audio_transcript.done')).transcript).toBe('Yes, red ones.');
    expect(audio().length).toBe(900 * 48);
    expect(types().filter((type) => !type.includes('transcription'))).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ]);
  });

  test('completes a tool round', { timeout: patience }, async () => {
    const server = await serve();
    server.calls('stock', { flower: 'tulip' });
    server.says('We have forty.', { ms: 600 });
    const { next, send } = dial(sdk, server);
    await next('session.created');
    send(configuration);
    await next('session.updated');
    send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How many tulips?' }] },
    });
    send({ type: 'response.create' });
    const { call_id, name, arguments: given } = await next('response.function_call_arguments.done');
    expect({ name, given }).toEqual({ name: 'stock', given: '{"flower":"tulip"}' });
    const { response } = await next('response.done');
    expect(response.output).toMatchObject([{ type: 'function_call', call_id, status: 'completed' }]);
    send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id, output: '40' } });
    send({ type: 'response.create' });
    await next('response.done', 2);
    expect((await next('response.output_audio_transcript.done')).transcript).toBe('We have forty.');
  });

  test('interrupts an answer, and truncates it', { timeout: patience }, async () => {
    const server = await serve();
    server.says('Today we have roses, lilies, violets, and a great many more.', { ms: 60_000 });
    server.says('Only tulips, then.', { ms: 600 });
    const { next, send, hear, audio } = dial(sdk, server);
    await next('session.created');
    send(configuration);
    send({ type: 'response.create' });
    const { item_id, content_index } = await next('response.output_audio.delta');
    hear(frames(1000, 'tone'));
    const cut = (await next('response.done')).response;
    expect(cut).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [{ id: item_id, status: 'incomplete' }],
    });
    expect(audio().length).toBeLessThan(60_000 * 48);
    send({ type: 'conversation.item.truncate', item_id, content_index, audio_end_ms: 200 });
    expect(await next('conversation.item.truncated')).toMatchObject({ item_id, audio_end_ms: 200 });
    hear(frames(1000, 'silence'));
    const { response } = await next('response.done', 2);
    expect(response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ transcript: 'Only tulips, then.' }] }],
    });
  });
});
