import type { ServerEvent } from '../../src/machine/index.js';

/** Frames as the server sends them, as far as the gate reads them. */

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
export const itemAdded = (id: string): ServerEvent => ({ type: 'conversation.item.added', item: { id } });

/** A whole turn, as voice detection reports it. */
export const turn = (item = 'item_turn'): readonly ServerEvent[] => [
  speechStarted(item),
  speechStopped(item),
  committed(item),
];

export type Detection = 'automatic' | 'uninterruptible' | 'quiet' | 'off';
const detections: { readonly [Each in Detection]: unknown } = {
  automatic: { type: 'server_vad', create_response: true, interrupt_response: true },
  uninterruptible: { type: 'server_vad', create_response: true, interrupt_response: false },
  quiet: { type: 'server_vad', create_response: false, interrupt_response: true },
  off: null,
};
/** `automatic`: the server answers turns by itself. `quiet`: it only reports them. `off`: it does not listen for them. */
export const sessionWith = (detection: Detection, settings: object = {}): Record<string, unknown> => ({
  instructions: 'Be brief.',
  audio: { input: { turn_detection: detections[detection] } },
  ...settings,
});
export const sessionUpdated = (session: unknown): ServerEvent => ({ type: 'session.updated', session });

/** A response that the server made by itself. */
export const created = (id: string, fields: object = {}): ServerEvent => ({
  type: 'response.created',
  response: { id, status: 'in_progress', conversation_id: 'conv_1', metadata: null, ...fields },
});
export const done = (id: string, status = 'completed', fields: object = {}): ServerEvent => ({
  type: 'response.done',
  response: { id, status, conversation_id: 'conv_1', metadata: null, output: [], status_details: null, ...fields },
});
export const firstItem = (response: string): ServerEvent => ({
  type: 'response.output_item.added',
  response_id: response,
  item: { id: `item_of_${response}` },
});
export const audioDelta = (response: string): ServerEvent => ({
  type: 'response.output_audio.delta',
  response_id: response,
  delta: 'AAAA',
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
export const CONFLICT = 'conversation_already_has_active_response';
export const conflict = (eventId: string | null, holder?: string): ServerEvent =>
  refusal(
    CONFLICT,
    eventId,
    holder
      ? `Conversation already has an active response in progress: ${holder}. Wait until the response is finished.`
      : 'Conversation already has an active response.',
  );
