import { MisuseError } from '../errors.js';

/** The kind of server, where servers differ. */
export type Dialect = 'openai' | 'azure';

interface DialectRules {
  /** The header that carries an API key. */
  key(apiKey: string): Readonly<Record<string, string>>;
  /** Throws `MisuseError` for an address that takes no session of today. */
  checkAddress(url: URL): void;
}

/**
 * How servers differ until a session begins; the session itself is the same on all of them.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/realtime-audio-websockets
 */
export const dialects: Readonly<Record<Dialect, DialectRules>> = {
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

/** Reads the dialect from the host: `*.openai.azure.com`, `*.services.ai.azure.com` and similar are Azure. */
export const dialectAt = ({ hostname }: URL): Dialect =>
  /\.azure\.(?:com|us|cn)$/.test(hostname) ? 'azure' : 'openai';

/** Refuses an address that asks for another kind of session, in words. */
export function checkConversation(url: URL): void {
  if (!url.searchParams.has('intent')) return;
  throw new MisuseError(
    '`url` asks for a session of another kind (intent). A transcription session has no responses, so there is nothing to gate: open it without this package, or write down what is said in a conversation, by audio.input.transcription.',
  );
}
