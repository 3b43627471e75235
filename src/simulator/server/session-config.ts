import type { Faults } from './faults.js';
import { traitsOf } from './models.js';
import type { Json, JsonObject } from './wire.js';
import { copy, isArray, isObject, textOr, under } from './wire.js';

/** The effective session as it is echoed: every key, in the real server's order. */
export interface SessionConfig extends JsonObject {
  readonly model: string;
  readonly output_modalities: readonly Json[];
  readonly instructions: string;
  readonly tools: readonly Json[];
  readonly max_output_tokens: number | 'inf';
  readonly audio: {
    readonly input: {
      readonly format: JsonObject;
      readonly transcription: JsonObject | null;
      readonly noise_reduction: Json;
      readonly turn_detection: TurnDetection | null;
    };
    readonly output: { readonly format: JsonObject; readonly voice: Json; readonly speed: number };
  };
}

export interface TurnDetection extends JsonObject {
  readonly type: 'server_vad' | 'semantic_vad';
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export const defaultInstructions =
  'You are a helpful, witty, and friendly AI. Act like a human, but remember that you are not one and cannot do human things in the real world. Keep your answers short, and call a function whenever one fits.';

const pcm: JsonObject = { type: 'audio/pcm', rate: 24000 };

export function firstConfig(id: string, model: string, expiresAt: number): SessionConfig {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    output_modalities: ['audio'],
    instructions: defaultInstructions,
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at: expiresAt,
    audio: {
      input: {
        format: copy(pcm),
        transcription: null,
        noise_reduction: null,
        turn_detection: withVadDefaults({ type: 'server_vad' }, model),
      },
      output: { format: copy(pcm), voice: traitsOf(model).voice, speed: 1.0 },
    },
    include: null,
  };
}

/** The configuration with which such a session begins. */
export const unconfigured = ({ id, model, expires_at: expiresAt }: SessionConfig): SessionConfig =>
  firstConfig(textOr(id, ''), model, Number(expiresAt));

/** Turn detection settings of a transcription session, which never answers. */
const answersNothing = { create_response: false, interrupt_response: false, idle_timeout_ms: null };

export function firstTranscriptionConfig(id: string, expiresAt: number): SessionConfig {
  const config = firstConfig(id, '', expiresAt);
  const { input } = config.audio;
  const detection = withVadDefaults({ type: 'server_vad' }, '');
  return {
    ...config,
    type: 'transcription',
    object: 'realtime.transcription_session',
    audio: { ...config.audio, input: { ...input, turn_detection: { ...detection, ...answersNothing } } },
  };
}

/** The session as clients see it: a copy without the secrets that they have sent. */
export function echoOf(config: SessionConfig, { serverUrlEcho }: Faults): JsonObject {
  if (config['type'] === 'transcription') return transcriptionEcho(config);
  return copy({ ...config, tools: config.tools.map((tool) => withoutSecrets(tool, serverUrlEcho)) });
}

function transcriptionEcho({ type, object, id, expires_at, audio, include }: SessionConfig): JsonObject {
  const { turn_detection: detection } = audio.input;
  const shown = Object.entries(detection ?? {}).filter(([key]) => !(key in answersNothing));
  const input = { ...audio.input, turn_detection: detection && Object.fromEntries(shown) };
  const known = { type, object, id, expires_at, audio: { input }, include };
  return copy(known as JsonObject);
}

function withoutSecrets(tool: Json, urlEcho: Faults['serverUrlEcho']): Json {
  if (!isObject(tool) || tool['type'] !== 'mcp') return tool;
  const { authorization: _, headers: __, ...shown } = tool;
  const url = shown['server_url'];
  if (typeof url !== 'string' || urlEcho === 'whole' || !URL.canParse(url)) return shown;
  return { ...shown, server_url: `${new URL(url).origin}/<redacted>` };
}

/** Applies a checked update to the session. */
export function merge(config: SessionConfig, update: JsonObject): SessionConfig {
  const input = under(update, 'audio', 'input');
  const output = under(update, 'audio', 'output');
  return {
    ...config,
    ...update,
    // Recorded: for empty instructions the real server confirms its default instructions.
    ...(update['instructions'] === '' && { instructions: defaultInstructions }),
    tools: isArray(update['tools']) ? update['tools'].map(inWireOrder) : config.tools,
    audio: {
      input: { ...config.audio.input, ...completeInput(input, config) },
      output: { ...config.audio.output, ...completeFormat(output) },
    },
  };
}

function completeInput(input: JsonObject, { type, model }: SessionConfig): JsonObject {
  const { transcription, turn_detection: detection } = input;
  const complete = isObject(detection) ? withVadDefaults(detection, model) : null;
  return {
    ...completeFormat(input),
    ...(isObject(transcription) && { transcription: { model: null, language: null, prompt: null, ...transcription } }),
    ...(complete && { turn_detection: type === 'transcription' ? { ...complete, ...answersNothing } : complete }),
  };
}

function completeFormat(given: JsonObject): JsonObject {
  const { format } = given;
  return isObject(format) && format['type'] === 'audio/pcm' ? { ...given, format: { rate: 24000, ...format } } : given;
}

function withVadDefaults(given: JsonObject, model: string): TurnDetection {
  const answers = { create_response: true, interrupt_response: true };
  if (given['type'] === 'semantic_vad') return { type: 'semantic_vad', eagerness: 'auto', ...answers, ...given };
  return {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: traitsOf(model).silenceMs,
    idle_timeout_ms: null,
    ...answers,
    ...given,
  };
}

/** A tool with its keys in the wire's order: type, name, description, parameters, then the rest. */
function inWireOrder(tool: Json): Json {
  if (!isObject(tool)) return tool;
  const { type, name, description, parameters, ...rest } = tool;
  const known = { type, name, description, parameters };
  const given = Object.entries({ ...known, ...rest }).filter((pair): pair is [string, Json] => pair[1] !== undefined);
  return Object.fromEntries(given);
}
