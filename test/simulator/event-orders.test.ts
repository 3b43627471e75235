import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Entry } from './conductor.js';
import { conduct } from './conductor.js';
import { pcm } from './machine.js';

/** The order of events in real sessions: `< received`, `> sent`, runs as `xN`, the status of a response in brackets. */
const orders: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('fixtures/event-orders.json', import.meta.url), 'utf8'),
);

describe('the order of a real session is reproduced by a script', () => {
  it.each(Object.entries(orders))('%s', (_, order) => {
    expect(write(conduct(entriesOf(order)))).toEqual(order);
  });

  it('all seven of them', () => {
    expect(Object.keys(orders)).toHaveLength(7);
  });
});

/** A written answer was requested if the order contains no audio. */
function entriesOf(order: readonly string[]): Entry[] {
  const isWritten = order.some((line) => line.includes('output_text'));
  let calls = 0;
  return order.flatMap((line) => {
    const [, sign, type, count] = /^([<>]) (\S+)(?: x(\d+))?/.exec(line)!;
    const direction = sign === '<' ? ('received' as const) : ('sent' as const);
    if (type === 'response.function_call_arguments.done') calls += 1;
    const event = direction === 'received' ? received(type!) : sent(type!, isWritten, calls);
    if (type === 'conversation.item.create' && calls > 0) calls = 0;
    return Array.from({ length: Number(count ?? 1) }, () => ({ direction, event }));
  });
}

const callId = 'call_0123456789abcdef';

const received = (type: string) => ({
  type,
  ...(type === 'response.function_call_arguments.done' && { call_id: callId }),
});

function sent(type: string, isWritten: boolean, calls: number): object {
  const text = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] };
  const output = { type: 'function_call_output', call_id: callId, output: 'x' };
  const audio = { input: { transcription: { model: 'gpt-realtime-whisper' } } };
  const session = { type: 'realtime', output_modalities: [isWritten ? 'text' : 'audio'], audio };
  if (type === 'session.update') return { type, session };
  if (type === 'conversation.item.create') return { type, item: calls > 0 ? output : text };
  if (type === 'input_audio_buffer.append') return { type, audio: pcm(20) };
  return { type };
}

function write(entries: readonly Entry[]): string[] {
  const lines: { text: string; count: number }[] = [];
  for (const { direction, event } of entries) {
    const status = event.type === 'response.done' ? ` [${event.response.status}]` : '';
    const text = `${direction === 'received' ? '<' : '>'} ${event.type}${status}`;
    const last = lines.at(-1);
    if (last?.text === text) last.count += 1;
    else lines.push({ text, count: 1 });
  }
  return lines.map(({ text, count }) => (count > 1 ? `${text} x${count}` : text));
}
