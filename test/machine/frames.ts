import type { Json, ServerEvent } from '../../src/machine/index.js';

/** The server's frames, with the fields that the machine reads. */

type Frame = (item?: string) => ServerEvent;
const aboutItem =
  (type: string): Frame =>
  (item = 'item_turn') => ({ type, item_id: item });

export const speechStarted = aboutItem('input_audio_buffer.speech_started');
export const speechStopped = aboutItem('input_audio_buffer.speech_stopped');
export const timeoutTriggered = aboutItem('input_audio_buffer.timeout_triggered');
export const committed = aboutItem('input_audio_buffer.committed');
export const transcribed = aboutItem('conversation.item.input_audio_transcription.completed');
export const transcriptionFailed = aboutItem('conversation.item.input_audio_transcription.failed');
export const cleared: ServerEvent = { type: 'input_audio_buffer.cleared' };
export const itemAdded = (id: string, fields: object = {}): ServerEvent => ({
  type: 'conversation.item.added',
  item: { id, ...fields },
});

/** A whole turn, as reported by voice detection. */
export const turn = (item = 'item_turn'): readonly ServerEvent[] => [
  speechStarted(item),
  speechStopped(item),
  committed(item),
];

export type Detection = 'automatic' | 'uninterruptible' | 'quiet' | 'silent' | 'off';
const detections: { readonly [Each in Detection]: unknown } = {
  automatic: { type: 'server_vad', create_response: true, interrupt_response: true },
  uninterruptible: { type: 'server_vad', create_response: true, interrupt_response: false },
  quiet: { type: 'server_vad', create_response: false, interrupt_response: true },
  silent: { type: 'server_vad', create_response: false, interrupt_response: false },
  off: null,
};
/**
 * `automatic`: the server answers turns by itself. `quiet`: it reports turns, and cuts off its own speech. `silent`: it
 * only reports turns. `off`: it does not detect them.
 */
export const sessionWith = (detection: Detection, settings: object = {}): Record<string, unknown> => ({
  instructions: 'Be brief.',
  audio: { input: { turn_detection: detections[detection] } },
  ...settings,
});
export const sessionUpdated = (session: unknown): ServerEvent => ({ type: 'session.updated', session });

/** A response that the server created by itself. */
export const created = (id: string, fields: object = {}): ServerEvent => ({
  type: 'response.created',
  response: { id, status: 'in_progress', conversation_id: 'conv_1', metadata: null, ...fields },
});
export const done = (id: string, status = 'completed', fields: object = {}): ServerEvent => ({
  type: 'response.done',
  response: { id, status, conversation_id: 'conv_1', metadata: null, output: [], status_details: null, ...fields },
});
/** The output of a response that said something in text. */
export const inWords = {
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] }],
  output_modalities: ['text'],
};
/** The end of a response that called a tool. */
export const endsCalling = (id: string, status = 'completed'): ServerEvent =>
  done(id, status, { output: [{ type: 'function_call' }] });
export const failed = (id: string, code: string, message = 'No.'): ServerEvent =>
  done(id, 'failed', { status_details: { error: { type: code, code, message } } });
export const firstItem = (response: string): ServerEvent => ({
  type: 'response.output_item.added',
  response_id: response,
  item: { id: `item_of_${response}` },
});
export const textDelta = (response: string): ServerEvent => ({
  type: 'response.output_text.delta',
  response_id: response,
  delta: 'Hm',
});
/** A piece of transcript, by default two characters. */
export const transcriptDelta = (response: string, delta: unknown = 'Hm'): ServerEvent => ({
  type: 'response.output_audio_transcript.delta',
  response_id: response,
  delta,
});
/** This many milliseconds of 24 kHz PCM. */
export const audioDelta = (response: string, ms = 1, item = `item_of_${response}`): ServerEvent => ({
  type: 'response.output_audio.delta',
  response_id: response,
  item_id: item,
  delta: Buffer.alloc(ms * 48).toString('base64'),
});
export const audioPart = (response: string, type = 'audio'): ServerEvent => ({
  type: 'response.content_part.added',
  response_id: response,
  part: { type },
});
export const serverPlays = (what: 'started' | 'stopped' | 'cleared', response?: string): ServerEvent => ({
  type: `output_audio_buffer.${what}`,
  response_id: response,
});

/** A complete function call. */
export const call = (response: string, callId: string, name = 'look', fields: object = {}): ServerEvent => ({
  type: 'response.output_item.done',
  response_id: response,
  item: { type: 'function_call', status: 'completed', call_id: callId, name, arguments: '{"a":1}', ...fields },
});
/** An item of a hosted call in a response. */
export const hosted = (response: string, id: string, fields: Json = {}): ServerEvent => ({
  type: 'response.output_item.added',
  response_id: response,
  item: { type: 'mcp_call', id, server_label: 'maps', ...fields },
});
export const hostedEnded = (id: string, how: 'completed' | 'failed' = 'completed'): ServerEvent => ({
  type: `response.mcp_call.${how}`,
  item_id: id,
});

/** An `error` about the event with this id; null where the server names none. */
export const refusal = (
  code: string | null,
  eventId: string | null,
  message = 'No.',
  param: string | null = null,
): ServerEvent => ({
  type: 'error',
  error: { type: 'invalid_request_error', code, message, param, event_id: eventId },
});
/** A general error of the server's, which names no event. */
export const serverError = (code: string | null = 'server_error', type = 'server_error'): ServerEvent => ({
  type: 'error',
  error: { type, code, message: 'Sorry.', param: null, event_id: null },
});
export const CONFLICT = 'conversation_already_has_active_response';
export const conflict = (eventId: string | null, holder?: string): ServerEvent =>
  refusal(
    CONFLICT,
    eventId,
    holder
      ? `Conversation already has an active response in progress: ${holder}. Wait until the response is finished.`
      : 'Conversation already has an active response.',
  );
export const rateLimits = (remaining: number, seconds: number): ServerEvent => ({
  type: 'rate_limits.updated',
  rate_limits: [{ name: 'tokens', limit: 100, remaining, reset_seconds: seconds }],
});
