/** US dollars for a million tokens. */
export interface TokenRates {
  /** Input that was not in the cache. */
  readonly input: number;
  /** Input that was in the cache. */
  readonly cached: number;
  /** Output. Of text it includes reasoning. */
  readonly output: number;
}

/** The prices of a model that speaks, by modality. */
export interface ModelPrice {
  /** Instructions, tools, written messages, transcripts and reasoning. */
  readonly text: TokenRates;
  /** Speech. */
  readonly audio: TokenRates;
  /** Images, which only come in. */
  readonly image: Pick<TokenRates, 'input' | 'cached'>;
}

/** The price of transcribing what the user says: by the minute of audio, or by the token. */
export type TranscriptionPrice =
  | {
      /** US dollars for a minute of audio. */
      readonly perMinute: number;
    }
  | {
      /** The prompt comes in, the transcript goes out. */
      readonly text: Pick<TokenRates, 'input' | 'output'>;
      /** The speech that is transcribed. */
      readonly audio: Pick<TokenRates, 'input'>;
    };

/** Prices by the id of the model. A model that is not listed has no known price. */
export interface PriceTable {
  /** Models that speak. */
  readonly models: Readonly<Record<string, ModelPrice>>;
  /** Models that transcribe. */
  readonly transcription: Readonly<Record<string, TranscriptionPrice>>;
}

/** Tokens by modality: whole numbers, never negative. */
export interface TokenUsage {
  /** Text: `cached` is part of `input`, `reasoning` is part of `output`. */
  readonly text: {
    /** All input, cached or not. */
    readonly input: number;
    /** The part of the input that was in the cache. */
    readonly cached: number;
    /** All output, reasoning included. */
    readonly output: number;
    /** The part of the output that nobody hears or reads. */
    readonly reasoning: number;
  };
  /** Audio: `cached` is part of `input`. */
  readonly audio: {
    /** All input, cached or not. */
    readonly input: number;
    /** The part of the input that was in the cache. */
    readonly cached: number;
    /** Output. */
    readonly output: number;
  };
  /** Images: `cached` is part of `input`. */
  readonly image: {
    /** All input, cached or not. */
    readonly input: number;
    /** The part of the input that was in the cache. */
    readonly cached: number;
  };
}
