import type { Rule } from './schema.js';
import { nullable } from './schema.js';

const anything: Rule = { is: 'anything' };
const text: Rule = { is: 'string' };
const eventId: Rule = { is: 'string', atMost: 32 };
const id: Rule = { is: 'string', atMost: 32, made: 'id' };
const yesNo: Rule = { is: 'boolean' };
const milliseconds: Rule = { is: 'number', from: 0, whole: true };

const object = (keys: Readonly<Record<string, Rule>>, ...required: string[]): Rule => ({
  is: 'object',
  keys,
  required,
});
const oneOf = (...values: (string | number)[]): Rule => ({ is: 'one-of', values });
const either = (...rules: Rule[]): Rule => ({ is: 'either', rules });
const listOf = (of: Rule): Rule => ({ is: 'list', of });

const format = object({ type: oneOf('audio/pcm', 'audio/pcmu', 'audio/pcma'), rate: oneOf(24000) }, 'type');
const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
/** A custom voice is an object. */
const voice = either(object({ id: text }, 'id'), oneOf(...voices));
const maxTokens = either(oneOf('inf'), { is: 'number', from: 1, to: 32_000, whole: true });
const modalities = listOf(oneOf('text', 'audio'));
const namedTool: Rule = {
  is: 'kind',
  rules: {
    function: object({ type: text, name: text }, 'name'),
    mcp: object({ type: text, server_label: text, name: nullable(text) }, 'server_label'),
  },
};
const toolChoice = either(namedTool, oneOf('auto', 'none', 'required'));
const reasoning = object({ effort: oneOf('minimal', 'low', 'medium', 'high', 'xhigh') });
const metadata = nullable({ is: 'record', pairs: 16, key: 64, value: 512 });
const prompt = nullable(object({ id: text, version: nullable(text), variables: anything }, 'id'));

const functionTool = object(
  { type: oneOf('function'), name: { is: 'string', atMost: 64 }, description: text, parameters: anything },
  'type',
  'name',
);
const mcpFilter = object({ tool_names: listOf(text), read_only: yesNo });
const mcpTool = object(
  {
    type: oneOf('mcp'),
    server_label: text,
    server_url: text,
    connector_id: text,
    tunnel_id: text,
    defer_loading: yesNo,
    server_description: text,
    authorization: text,
    headers: nullable(anything),
    allowed_callers: nullable(listOf(oneOf('direct', 'programmatic'))),
    allowed_tools: nullable(either(mcpFilter, listOf(text))),
    require_approval: nullable(either(object({ always: mcpFilter, never: mcpFilter }), oneOf('always', 'never'))),
  },
  'type',
  'server_label',
);

/** A tool is checked by the rules of its own `type`. */
const tools = listOf({ is: 'kind', rules: { function: functionTool, mcp: mcpTool } });

const serverVad = object(
  {
    type: oneOf('server_vad'),
    threshold: { is: 'number', from: 0, to: 1 },
    prefix_padding_ms: milliseconds,
    silence_duration_ms: milliseconds,
    idle_timeout_ms: nullable({ is: 'number', from: 1000, to: 60_000, whole: true }),
    create_response: yesNo,
    interrupt_response: yesNo,
  },
  'type',
);
const semanticVad = object(
  {
    type: oneOf('semantic_vad'),
    eagerness: oneOf('low', 'medium', 'high', 'auto'),
    create_response: yesNo,
    interrupt_response: yesNo,
  },
  'type',
);
const turnDetection = nullable({ is: 'kind', rules: { server_vad: serverVad, semantic_vad: semanticVad } });

const transcription = object({
  model: text,
  language: nullable(text),
  prompt: nullable(text),
  delay: oneOf('minimal', 'low', 'medium', 'high', 'xhigh'),
  keywords: listOf(text),
  languages: listOf(text),
});

const audioInput = object({
  format,
  transcription: nullable(transcription),
  noise_reduction: nullable(object({ type: oneOf('near_field', 'far_field'), strength: { is: 'number' } })),
  turn_detection: turnDetection,
});
const include = nullable(listOf(oneOf('item.input_audio_transcription.logprobs')));

const realtimeSession = object(
  {
    type: oneOf('realtime'),
    model: text,
    output_modalities: modalities,
    instructions: text,
    tools,
    tool_choice: toolChoice,
    max_output_tokens: maxTokens,
    tracing: nullable(either(object({ group_id: text, metadata: anything, workflow_name: text }), oneOf('auto'))),
    truncation: either(
      object(
        { type: oneOf('retention_ratio'), retention_ratio: { is: 'number', from: 0, to: 1 }, token_limits: anything },
        'type',
        'retention_ratio',
      ),
      oneOf('auto', 'disabled'),
    ),
    prompt,
    include,
    reasoning,
    parallel_tool_calls: yesNo,
    audio: object({
      input: audioInput,
      output: object({ format, voice, speed: { is: 'number', from: 0.25, to: 1.5 } }),
    }),
  },
  'type',
);
const transcriptionSession = object(
  { type: oneOf('transcription'), audio: object({ input: audioInput }), include },
  'type',
);
/** The rules for each kind of session; a session never changes its kind. */
const sessionRules = { realtime: realtimeSession, transcription: transcriptionSession };
export const session: Rule = { is: 'kind', rules: sessionRules };

const response = object({
  audio: object({ output: object({ format, voice }) }),
  conversation: oneOf('auto', 'none'),
  input: listOf(anything),
  instructions: text,
  max_output_tokens: maxTokens,
  metadata,
  output_modalities: modalities,
  parallel_tool_calls: yesNo,
  prompt,
  reasoning,
  tool_choice: toolChoice,
  tools,
});

const event = (keys: Readonly<Record<string, Rule>> = {}, ...required: string[]): Rule =>
  object({ type: text, event_id: eventId, ...keys }, ...required);

/** The rules for each client event. */
export const clientEvents: Readonly<Record<string, Rule>> = {
  'session.update': event({ session }, 'session'),
  'input_audio_buffer.append': event({ audio: text }, 'audio'),
  'input_audio_buffer.commit': event(),
  'input_audio_buffer.clear': event(),
  'conversation.item.create': event({ item: anything, previous_item_id: nullable(id) }, 'item'),
  'conversation.item.retrieve': event({ item_id: text }, 'item_id'),
  'conversation.item.delete': event({ item_id: text }, 'item_id'),
  'conversation.item.truncate': event(
    { item_id: text, content_index: { is: 'number', from: 0, whole: true }, audio_end_ms: milliseconds },
    'item_id',
    'content_index',
    'audio_end_ms',
  ),
  'response.create': event({ response }),
  'response.cancel': event({ response_id: nullable(text) }),
  'output_audio_buffer.clear': event(),
};

/** The types listed in the error for an unknown type, although this server does not implement all of them. */
export const supportedTypes: readonly string[] = [
  'session.update',
  'session.close',
  'input_audio_buffer.append',
  'session.input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.truncate',
  'conversation.item.delete',
  'conversation.item.retrieve',
  'response.create',
  'response.cancel',
];

/** The events that a transcription session takes: none that asks for an answer. Not observed. */
export const transcriptionTypes: readonly string[] = supportedTypes.filter(
  (type) => !type.startsWith('response.') && type !== 'conversation.item.truncate',
);

const partKeys = { type: text, text, audio: text, transcript: nullable(text), image_url: text, detail: text };
const part = (...required: string[]): Rule => object(partKeys, ...required);

const itemKeys = { id, type: text, object: text, status: oneOf('completed', 'incomplete', 'in_progress') };
const message = (role: string, parts: Readonly<Record<string, Rule>>): Rule =>
  object(
    { ...itemKeys, role: oneOf(role), phase: text, content: listOf({ is: 'kind', rules: parts }) },
    'role',
    'content',
  );

export const messageRules: Readonly<Record<string, Rule>> = {
  user: message('user', { input_text: part('text'), input_audio: part(), input_image: part() }),
  // A transcript does not replace the text: a client cannot create audio messages of the model.
  assistant: message('assistant', { output_text: part('text'), output_audio: part('text') }),
  system: message('system', { input_text: part('text') }),
};

export const itemRules: Readonly<Record<string, Rule>> = {
  function_call: object({ ...itemKeys, call_id: id, name: text, arguments: text }, 'name', 'arguments'),
  function_call_output: object({ ...itemKeys, call_id: id, output: text }, 'call_id', 'output'),
  mcp_approval_response: object(
    { ...itemKeys, approval_request_id: text, approve: yesNo, reason: nullable(text) },
    'approval_request_id',
    'approve',
  ),
  mcp_list_tools: object({ ...itemKeys, server_label: text, tools: listOf(anything) }, 'server_label', 'tools'),
  mcp_call: object(
    {
      ...itemKeys,
      server_label: text,
      name: text,
      arguments: text,
      approval_request_id: nullable(text),
      output: nullable(text),
      error: nullable(anything),
    },
    'server_label',
    'name',
    'arguments',
  ),
  mcp_approval_request: object(
    { ...itemKeys, server_label: text, name: text, arguments: text },
    'server_label',
    'name',
    'arguments',
  ),
  item_reference: object({ ...itemKeys }, 'id'),
};
