import { framed } from './pipe.js';

/** The frames of a spoken answer, as the bytes that a socket receives. */
const ids = {
  response_id: 'resp_E6U0xfWhN878XBMhc0LKn',
  item_id: 'item_E6U0xWSFIFri2uw2kTLLq',
  output_index: 0,
  content_index: 0,
};
const words = 'Good morning , this is the practice of Dr Weber . What can I do for you today ?'.split(' ');

const bytesOf = (fields: { readonly type: string }, index: number): Buffer => {
  const { type, ...rest } = fields;
  return Buffer.from(
    JSON.stringify({ type, event_id: `event_${String(index).padStart(21, 'E6U0x5zQRGJVzr6MR41ud')}`, ...rest }),
  );
};

const item = { id: ids.item_id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
const part = { type: 'audio', transcript: '' };
const text = words.join(' ');
const response = {
  object: 'realtime.response',
  id: ids.response_id,
  status: 'in_progress',
  status_details: null,
  output: [] as unknown[],
  conversation_id: 'conv_E6U0wnJ8ZQqAhQ0Lgv9ES',
  output_modalities: ['audio'],
  max_output_tokens: 'inf',
  audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' } },
  usage: null as unknown,
  metadata: { gate: 'r1', purpose: 'greeting' },
};
const usage = {
  total_tokens: 412,
  input_tokens: 287,
  output_tokens: 125,
  input_token_details: { text_tokens: 187, audio_tokens: 100, image_tokens: 0, cached_tokens: 128 },
  output_token_details: { text_tokens: 25, audio_tokens: 100 },
};
const finished = { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: text }] };

/** Bytes of every value, the same each time. */
export const noise = (size: number): Buffer => {
  let state = 1;
  return Buffer.from(Array.from({ length: size }, () => ((state = (state * 48_271) % 2_147_483_647) >> 8) & 255));
};

/** Every event of one spoken answer, with the first twentieth of a second of its audio. */
export const answer: readonly Buffer[] = [
  { type: 'response.created', response },
  { type: 'response.output_item.added', response_id: ids.response_id, output_index: 0, item },
  { type: 'conversation.item.added', previous_item_id: 'item_E6U0wB3eiENYwSnJIBpFN', item },
  { type: 'response.content_part.added', ...ids, part },
  { type: 'response.output_audio.delta', ...ids, delta: noise(400).toString('base64') },
  ...words.map((word) => ({
    type: 'response.output_audio_transcript.delta',
    ...ids,
    delta: ` ${word}`,
    obfuscation: 'aK29xQ7',
  })),
  { type: 'response.output_audio.done', ...ids },
  { type: 'response.output_audio_transcript.done', ...ids, transcript: text },
  { type: 'response.content_part.done', ...ids, part: { ...part, transcript: text } },
  { type: 'conversation.item.done', previous_item_id: 'item_E6U0wB3eiENYwSnJIBpFN', item: finished },
  { type: 'response.output_item.done', response_id: ids.response_id, output_index: 0, item: finished },
  { type: 'response.done', response: { ...response, status: 'completed', output: [finished], usage } },
  {
    type: 'rate_limits.updated',
    rate_limits: [{ name: 'tokens', limit: 15_000_000, remaining: 14_999_588, reset_seconds: 0.001 }],
  },
].map(bytesOf);

/** One audio delta of this many bytes: 2,000 is a quarter of a second of G.711, 12,000 of 24 kHz PCM. */
export const audioDelta = (size: number): Buffer =>
  bytesOf({ type: 'response.output_audio.delta', ...ids, delta: noise(size).toString('base64') } as never, 0);

/** The same frame in another response, with other ids. */
export function renamed(frame: string, index: number): string {
  const tail = String(index).padStart(4, '0');
  return frame.replaceAll(/"((?:resp|item)_\w+?)\w{4}"/g, `"$1${tail}"`);
}

/** More answers than any contender remembers, so that each is new when it is repeated. */
const ANSWERS = 400;

/** The same answer with ids of its own, as WebSocket frames. */
export const framedAnswers = (): readonly (readonly Buffer[])[] =>
  Array.from({ length: ANSWERS }, (_, index) =>
    answer.map((frame) => framed(Buffer.from(renamed(frame.toString(), index)))),
  );
