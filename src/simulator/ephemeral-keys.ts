import type { JsonObject } from './server/index.js';

/** A short-lived key that carries its session's settings. */
interface EphemeralKey {
  readonly value: string;
  /** Unix time, in seconds. */
  readonly expiresAt: number;
  readonly session: JsonObject;
}

/** The ephemeral keys issued by a simulated server. */
export class EphemeralKeys {
  readonly #keys = new Map<string, EphemeralKey>();

  add(key: EphemeralKey): void {
    this.#keys.set(key.value, key);
  }

  /** The settings and validity that a key adds to a greeting; nothing for an ordinary key. */
  brings(
    apiKey: string | undefined,
    unixSeconds: number,
  ): { readonly ephemeral?: 'valid' | 'expired'; readonly session?: JsonObject } {
    const key = apiKey === undefined ? undefined : this.#keys.get(apiKey);
    if (!key) return {};
    return key.expiresAt > unixSeconds ? { ephemeral: 'valid', session: key.session } : { ephemeral: 'expired' };
  }
}
