import { MisuseError } from '../errors.js';

/** Whose server is spoken to, where they differ. */
export type Dialect = 'openai' | 'azure';

interface Customs {
  /** The header that carries an API key. */
  key(apiKey: string): Readonly<Record<string, string>>;
  /** Throws `MisuseError` for an address that takes no session of today. */
  checkAddress(url: URL): void;
}

/**
 * How servers differ before there is a session. Nothing in a session depends on it.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/realtime-audio-websockets
 */
export const dialects: Readonly<Record<Dialect, Customs>> = {
  openai: {
    key: (apiKey) => ({ Authorization: `Bearer ${apiKey}` }),
    checkAddress: () => undefined,
  },
  azure: {
    key: (apiKey) => ({ 'api-key': apiKey }),
    checkAddress(url) {
      if (url.pathname.endsWith('/v1/realtime') && !url.searchParams.has('api-version')) return;
      throw new MisuseError(
        "This is not Azure's general address, and its preview takes no session of today: give wss://<resource>.openai.azure.com/openai/v1/realtime, without api-version, and the deployment as `model`.",
      );
    },
  },
};

/** By its host: `*.openai.azure.com`, `*.services.ai.azure.com` and the like are Azure's. */
export const dialectAt = ({ hostname }: URL): Dialect =>
  /\.azure\.(?:com|us|cn)$/.test(hostname) ? 'azure' : 'openai';

/** Refuses an address that asks for another kind of session, in words. */
export function checkConversation(url: URL): void {
  if (!url.searchParams.has('intent')) return;
  throw new MisuseError(
    '`url` asks for a session of another kind (intent). A transcription session has no responses, so there is nothing to gate: open it without this package, or write down what is said in a conversation, by audio.input.transcription.',
  );
}
