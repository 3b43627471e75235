import type { Asked } from './checks.js';
import { isTranscriptionModel, traitsOf, isReasoningModel, transcriptionModels } from './models.js';
import type { Complaint } from './schema.js';
import { aboveMost, invalidValue } from './schema.js';
import type { Json } from './wire.js';
import { isArray, isObject, textOr, under } from './wire.js';

/** Refuses a change of the session's kind. Wording and code were observed. */
export function checkKind({ given, standing }: Asked): Complaint | null {
  const { type } = given;
  const own = standing.config['type'];
  if (type === own) return null;
  const message = `Passing a ${textOr(type, '')} session update event to a ${textOr(own, '')} session is not allowed.`;
  return { code: 'invalid_parameter', message, param: 'session.type' };
}

/** Refuses a change of the model. Observed: the error names neither the client's event nor a parameter. */
export function checkModelOf({ given, standing: { config } }: Asked): Complaint | null {
  if (isReasoningModel(config.model)) return null;
  const key = ['reasoning', 'parallel_tool_calls'].find((each) => given[each] !== undefined);
  if (key === undefined) return null;
  const message = `The parameter '${key}' is not supported by ${config.model}.`;
  return { code: 'invalid_value', message, param: null, culprit: 'unnamed' };
}

export function checkVoice({ given, standing: { voice: state, config } }: Asked): Complaint | null {
  const { voice } = under(given, 'audio', 'output');
  if (voice === undefined || state === 'unheard' || same(voice, config.audio.output.voice)) return null;
  const message = "Cannot update a conversation's voice if assistant audio is present.";
  return { code: 'cannot_update_voice', message, param: null };
}

export function checkSpeed({ given, standing: { turn, config } }: Asked): Complaint | null {
  const { speed } = under(given, 'audio', 'output');
  if (speed === undefined || turn === 'over' || speed === config.audio.output.speed) return null;
  return fixed('session.audio.output.speed', 'can only be changed between turns');
}

export function checkModel({ given: { model }, standing: { config } }: Asked): Complaint | null {
  return model === undefined || model === config.model ? null : fixed('session.model', 'cannot be changed');
}

export function checkTracing({ given: { tracing }, standing: { config } }: Asked): Complaint | null {
  const standing = config['tracing'] ?? null;
  if (tracing === undefined || standing === null || same(tracing, standing)) return null;
  return fixed('session.tracing', 'cannot be changed once it is set');
}

export function checkModalities({ at, given: { output_modalities: modalities } }: Asked): Complaint | null {
  if (!isArray(modalities) || modalities.length === 1) return null;
  const message = "Invalid modalities. Supported combinations are: ['text'] and ['audio'].";
  return { code: 'invalid_value', message, param: `${at}.output_modalities` };
}

export function checkTokenLimit({ at, given, standing, faults }: Asked): Complaint | null {
  const asked = given['max_output_tokens'];
  const most = traitsOf(standing.config.model).maxOutputTokens ?? faults.unpublishedTokenLimit;
  if (typeof asked !== 'number' || asked <= most) return null;
  return aboveMost(`${at}.max_output_tokens`, asked, most);
}

const transcriptionAt = 'session.audio.input.transcription';

/**
 * Refuses unknown transcription models. Azure accepts any name, and its transcripts fail: see the fault
 * `unknownTranscription`.
 */
export function checkTranscriptionModel({ given, faults }: Asked): Complaint | null {
  const { model } = under(given, 'audio', 'input', 'transcription');
  if (faults.unknownTranscription !== 'refused' || typeof model !== 'string' || isTranscriptionModel(model))
    return null;
  return invalidValue(`${transcriptionAt}.model`, model, Object.keys(transcriptionModels));
}

const forSomeOnly = ['delay', 'keywords', 'languages'];

export function checkTranscriptionSettings({ given }: Asked): Complaint | null {
  const settings = under(given, 'audio', 'input', 'transcription');
  const model = textOr(settings['model'], '');
  const traits = transcriptionModels[model];
  if (!traits) return null;
  const foreign = [...forSomeOnly.filter((key) => !traits.also.includes(key)), ...traits.without];
  const key = foreign.find((each) => (settings[each] ?? null) !== null);
  if (key === undefined) return null;
  const message = `The parameter '${key}' is not supported by ${model}.`;
  return { code: 'invalid_value', message, param: `${transcriptionAt}.${key}` };
}

/** Refuses turn detection for models that do not accept it, in a transcription session only. */
export function checkTurnsOf({ given, standing: { config } }: Asked): Complaint | null {
  if (config['type'] !== 'transcription') return null;
  const input = { ...config.audio.input, ...under(given, 'audio', 'input') };
  const model = isObject(input.transcription) ? textOr(input.transcription['model'], '') : '';
  if (input.turn_detection === null || transcriptionModels[model]?.turns !== 'committed') return null;
  const message = 'Turn detection is not supported for this transcription model.';
  return { code: 'invalid_value', message, param: 'session.audio.input.turn_detection' };
}

const fixed = (param: string, why: string): Complaint => ({
  code: 'invalid_value',
  message: `Invalid '${param}': it ${why}.`,
  param,
});

const same = (left: Json, right: Json): boolean => JSON.stringify(left) === JSON.stringify(right);
