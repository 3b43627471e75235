import { clientEvents } from './server/client-events.js';
import {
  anything,
  faults,
  hosted,
  list,
  milliseconds,
  nth,
  object,
  oneOf,
  reply,
  replyOptions,
  server,
  text,
  transcript,
} from './server/option-rules.js';
import type { Rule } from './server/schema.js';

/** The actions; a step has exactly one. */
const actions = {
  caller: text,
  speech: oneOf('begins', 'ends'),
  presses: text,
  says: text,
  calls: text,
  replies: reply,
  fails: text,
  hosts: text,
  faults,
  injects: anything,
  session: oneOf('expire', 'hang-up', 'die', 'stall'),
};

export const stepActions = Object.keys(actions) as readonly (keyof typeof actions)[];

/** The keys allowed beside an action, besides those that say when it happens. */
export const besideAction: Readonly<Record<keyof typeof actions, readonly string[]>> = {
  caller: ['ms', 'audioMs', 'transcript', 'transcriptionFails'],
  speech: ['text'],
  presses: [],
  says: ['ms', 'modality', 'options'],
  calls: ['args', 'options'],
  replies: [],
  fails: ['message'],
  hosts: ['hosted'],
  faults: [],
  injects: [],
  session: [],
};

export const whenKeys: readonly string[] = ['on', 'nth', 'afterMs'];

/** The values of `on`: server events, client events, and `connect`. */
const moments = [
  'connect',
  'error',
  ...['created', 'updated'].map((each) => `session.${each}`),
  ...['added', 'done', 'retrieved', 'deleted', 'truncated'].map((each) => `conversation.item.${each}`),
  ...['delta', 'segment', 'completed', 'failed'].map((each) => `conversation.item.input_audio_transcription.${each}`),
  ...['speech_started', 'speech_stopped', 'committed', 'cleared', 'timeout_triggered', 'dtmf_event_received'].map(
    (each) => `input_audio_buffer.${each}`,
  ),
  ...['started', 'stopped', 'cleared'].map((each) => `output_audio_buffer.${each}`),
  ...['created', 'done', 'output_item.added', 'output_item.done', 'content_part.added', 'content_part.done'].map(
    (each) => `response.${each}`,
  ),
  ...['in_progress', 'completed', 'failed'].map((each) => `response.mcp_call.${each}`),
  ...[
    'output_text',
    'output_audio',
    'output_audio_transcript',
    'function_call_arguments',
    'mcp_call_arguments',
  ].flatMap((each) => [`response.${each}.delta`, `response.${each}.done`]),
  'rate_limits.updated',
  ...['in_progress', 'completed', 'failed'].map((each) => `mcp_list_tools.${each}`),
  ...Object.keys(clientEvents),
];

const step = object({
  on: oneOf(...moments),
  nth,
  afterMs: milliseconds,
  ms: milliseconds,
  text,
  modality: oneOf('text'),
  args: anything,
  audioMs: milliseconds,
  transcript,
  transcriptionFails: text,
  options: replyOptions,
  message: text,
  hosted,
  ...actions,
});

export const scriptRule: Rule = object({ server, faults, steps: list(step) });
