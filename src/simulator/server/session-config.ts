import type { Complaint } from './schema.js';
import { checkByKind, invalidValue } from './schema.js';
import { turnDetectionRules } from './client-events.js';
import type { Faults } from './faults.js';
import { checkToolChoice, checkTools } from './tools.js';
import type { Json, JsonObject } from './wire.js';
import { copy, isArray, isObject } from './wire.js';

/** The effective session, as it is echoed: every key, in the order the real server has them. */
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

/** What an update may not do just now. */
export interface Locks {
  readonly voice: boolean;
  readonly speed: boolean;
}

export const defaultInstructions =
  'You are a helpful, witty, and friendly AI. Act like a human, but remember that you are not one and cannot do human things in the real world. Keep your answers short, and call a function whenever one fits.';

const pcm: JsonObject = { type: 'audio/pcm', rate: 24000 };

export const isReasoningModel = (model: string): boolean =>
  model.startsWith('gpt-realtime-2.') || model === 'gpt-realtime-2';

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
      output: { format: copy(pcm), voice: isReasoningModel(model) ? 'marin' : 'alloy', speed: 1.0 },
    },
    include: null,
  };
}

/** The session after the update, or why there is none. The update has the right shape already. */
export function merge(
  config: SessionConfig,
  update: JsonObject,
  locks: Locks,
  faults: Faults,
): SessionConfig | Complaint {
  const complaint = forbidden(config, update, locks) ?? malformed(config, update, faults);
  if (complaint) return complaint;
  const input = under(update, 'audio', 'input');
  const output = under(update, 'audio', 'output');
  return {
    ...config,
    ...update,
    // Recorded: the real server confirms its own instructions instead of none.
    ...(update['instructions'] === '' && { instructions: defaultInstructions }),
    tools: isArray(update['tools']) ? update['tools'].map(inWireOrder) : config.tools,
    audio: {
      input: { ...config.audio.input, ...completeInput(input, config.model) },
      output: { ...config.audio.output, ...completeFormat(output) },
    },
  };
}

export const isComplaint = (value: SessionConfig | Complaint): value is Complaint => 'message' in value;

function forbidden(config: SessionConfig, update: JsonObject, locks: Locks): Complaint | null {
  const { voice, speed } = under(update, 'audio', 'output');
  if (voice !== undefined && locks.voice && !same(voice, config.audio.output.voice)) {
    const message = "Cannot update a conversation's voice if assistant audio is present.";
    return { code: 'cannot_update_voice', message, param: null };
  }
  if (speed !== undefined && locks.speed && speed !== config.audio.output.speed) {
    return fixed('session.audio.output.speed', 'can only be changed between turns');
  }
  const { model, tracing } = update;
  if (model !== undefined && model !== config.model) return fixed('session.model', 'cannot be changed');
  if (tracing !== undefined && config['tracing'] !== null && !same(tracing, config['tracing'] ?? null)) {
    return fixed('session.tracing', 'cannot be changed once it is set');
  }
  return null;
}

function malformed(config: SessionConfig, update: JsonObject, faults: Faults): Complaint | null {
  const modalities = update['output_modalities'];
  if (isArray(modalities) && modalities.length !== 1) {
    return {
      code: 'invalid_value',
      message: "Invalid modalities. Supported combinations are: ['text'] and ['audio'].",
      param: 'session.output_modalities',
    };
  }
  const detection = under(update, 'audio', 'input')['turn_detection'];
  if (detection !== undefined && detection !== null) {
    const complaint = checkByKind(turnDetectionRules, detection, 'session.audio.input.turn_detection');
    if (complaint) return complaint;
  }
  const { tools = config.tools, tool_choice: choice } = update;
  return (
    checkTools(update['tools'], 'session.tools') ??
    checkToolChoice(faults, choice, isArray(tools) ? tools : [], 'session.tool_choice')
  );
}

const fixed = (param: string, why: string): Complaint => ({
  ...invalidValue(param, null, []),
  message: `Invalid '${param}': it ${why}.`,
});

function completeInput(input: JsonObject, model: string): JsonObject {
  const { transcription, turn_detection: detection } = input;
  return {
    ...completeFormat(input),
    ...(isObject(transcription) && { transcription: { model: null, language: null, prompt: null, ...transcription } }),
    ...(isObject(detection) && { turn_detection: withVadDefaults(detection, model) }),
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
    silence_duration_ms: isReasoningModel(model) ? 500 : 200,
    idle_timeout_ms: null,
    ...answers,
    ...given,
  };
}

/** Type, name, description, parameters, then whatever else there is. */
function inWireOrder(tool: Json): Json {
  if (!isObject(tool)) return tool;
  const { type, name, description, parameters, ...rest } = tool;
  const known = { type, name, description, parameters };
  const given = Object.entries({ ...known, ...rest }).filter((pair): pair is [string, Json] => pair[1] !== undefined);
  return Object.fromEntries(given);
}

/** The object at a path; empty where there is none. */
export function under(value: JsonObject, ...path: string[]): JsonObject {
  let at: JsonObject = value;
  for (const key of path) {
    const next = at[key];
    if (!isObject(next)) return {};
    at = next;
  }
  return at;
}

const same = (left: Json, right: Json): boolean => JSON.stringify(left) === JSON.stringify(right);
