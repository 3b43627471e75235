/** The differences between models. */
export interface ModelTraits {
  /** Reasoning models accept `reasoning` and `parallel_tool_calls`, and mark the phase of each message. */
  readonly kind: 'reasoning' | 'plain';
  readonly voice: string;
  /** The silence that ends a turn under server VAD, in milliseconds. */
  readonly silenceMs: number;
  /** The highest allowed `max_output_tokens`. Null: not published. */
  readonly maxOutputTokens: number | null;
}

interface Row extends ModelTraits {
  readonly named: RegExp;
}

const reasoning = { kind: 'reasoning', voice: 'marin', silenceMs: 500, maxOutputTokens: 32_000 } as const;
const plain = { kind: 'plain', voice: 'alloy', silenceMs: 200, maxOutputTokens: 4096 } as const;

/** The models for a session. The first row whose pattern matches applies. Limits as published. */
const models: readonly Row[] = [
  { named: /^gpt-realtime-2(\.|$)/, ...reasoning },
  { named: /mini/, ...plain, maxOutputTokens: null },
  { named: /^gpt-(realtime|audio)(-|$)|^gpt-4o-realtime/, ...plain },
];

export const isRealtimeModel = (model: string): boolean =>
  /^gpt-(realtime|audio)(-|$)|^gpt-4o(-mini)?-realtime/.test(model) && !isTranscriptionModel(model);

export const traitsOf = (model: string): ModelTraits =>
  models.find(({ named }) => named.test(model)) ?? { ...plain, maxOutputTokens: null };

export const isReasoningModel = (model: string): boolean => traitsOf(model).kind === 'reasoning';

/** The differences between transcription models. */
export interface TranscriptionTraits {
  /** Settings that this model accepts beside `model`, `language` and `prompt`. */
  readonly also: readonly string[];
  /** Settings that it does not accept. */
  readonly without: readonly string[];
  /** Whether the server detects turns in a transcription session, or the client must commit. */
  readonly turns: 'detected' | 'committed';
  /** Whether it reports who has spoken. */
  readonly speakers: 'told' | 'untold';
  /** Whether it is billed by duration or by tokens. */
  readonly paid: 'duration' | 'tokens';
}

const byToken: TranscriptionTraits = { also: [], without: [], turns: 'detected', speakers: 'untold', paid: 'tokens' };
const guided = ['keywords', 'languages'];

/** As documented in the SDK; which models do not accept turn detection was observed. */
export const transcriptionModels: Readonly<Record<string, TranscriptionTraits>> = {
  'whisper-1': { ...byToken, paid: 'duration' },
  'gpt-transcribe': { ...byToken, also: guided, paid: 'duration' },
  'gpt-live-transcribe': { ...byToken, also: guided, turns: 'committed', paid: 'duration' },
  'gpt-4o-mini-transcribe': byToken,
  'gpt-4o-mini-transcribe-2025-12-15': byToken,
  'gpt-4o-transcribe': byToken,
  'gpt-4o-transcribe-diarize': { ...byToken, without: ['prompt'], speakers: 'told' },
  'gpt-realtime-whisper': {
    ...byToken,
    also: ['delay'],
    without: ['prompt'],
    turns: 'committed',
    paid: 'duration',
  },
};

export const isTranscriptionModel = (model: string): boolean => Object.hasOwn(transcriptionModels, model);
