import type { RealtimeResponseCreateParams } from 'openai/resources/realtime/realtime';
import type { Reply } from '../../src/simulator/index.js';
import type { Line } from './line.js';

/** Most of a minute of speech, which takes some seconds to produce. */
export const long: Reply = { items: [{ says: 'One, two, three, four, five, and so on.', ms: 50_000 }] };
export const forLong = 'Count aloud from one to fifty, slowly, in words, and say nothing else.';
export const briefly = 'Say hello, and nothing else.';

export const voiceDetection = { type: 'server_vad', silence_duration_ms: 800 } as const;

export function ask(line: Line, text: string, response: RealtimeResponseCreateParams = {}): void {
  tell(line, text);
  line.send({ type: 'response.create', response });
}

export function tell(line: Line, text: string, id?: string): void {
  const content = [{ type: 'input_text' as const, text }];
  line.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content, ...(id && { id }) } });
}

/** Resolves when the server has processed everything sent before this call. */
export async function caughtUp(line: Line): Promise<void> {
  const before = line.events.filter(({ type }) => type === 'conversation.item.done').length;
  tell(line, 'Thank you.', `fence_${before}`);
  for (let nth = before + 1; ; nth += 1) {
    const { item } = await line.next('conversation.item.done', nth);
    if (item.id === `fence_${before}`) return;
  }
}
