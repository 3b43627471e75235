import type { JsonObject } from './server/index.js';

/** A key that is good for a short while, and brings the settings of its session. */
interface EphemeralKey {
  readonly value: string;
  /** Unix time, in seconds. */
  readonly expiresAt: number;
  readonly session: JsonObject;
}

/** The ephemeral keys that a simulated server has given out. */
export class EphemeralKeys {
  readonly #keys = new Map<string, EphemeralKey>();

  add(key: EphemeralKey): void {
    this.#keys.set(key.value, key);
  }

  /** What a greeting with this key brings with it; nothing where the key is an ordinary one. */
  brings(
    apiKey: string | undefined,
    unixSeconds: number,
  ): { readonly ephemeral?: 'valid' | 'expired'; readonly session?: JsonObject } {
    const key = apiKey === undefined ? undefined : this.#keys.get(apiKey);
    if (!key) return {};
    return key.expiresAt > unixSeconds ? { ephemeral: 'valid', session: key.session } : { ephemeral: 'expired' };
  }
}
