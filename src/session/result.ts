/** A tool's result as text for the model. `odd`: it could not be written as JSON without loss. */
export interface Written {
  readonly text: string;
  readonly odd: 'odd' | 'plain';
}

/**
 * Writes a result: a string as it is, anything else as JSON. Never throws, because the tool has already done its work.
 */
export function writeResult(result: unknown): Written {
  if (typeof result === 'string') return { text: result, odd: 'plain' };
  const writer = new Writer();
  const plain = writer.plain(result, []);
  return { text: JSON.stringify(plain) ?? 'null', odd: writer.odd };
}

/** Makes a copy that JSON can represent, and notes whether that changed anything. */
class Writer {
  odd: Written['odd'] = 'plain';

  plain(value: unknown, above: readonly object[]): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#odd(String(value));
    if (typeof value === 'bigint') return this.#odd(String(value));
    if (typeof value === 'function' || typeof value === 'symbol') return void (this.odd = 'odd');
    if (typeof value !== 'object' || value === null) return value;
    if (above.includes(value)) return this.#odd('(circular)');
    try {
      return this.#object(value, [...above, value]);
    } catch {
      return this.#odd('(unreadable)');
    }
  }

  #object(value: object, above: readonly object[]): unknown {
    if (value instanceof Error) return this.#odd(value.message);
    if (value instanceof Map) return this.#odd(this.#entries(value, above));
    if (value instanceof Set) return this.#odd([...value].map((each) => this.plain(each, above)));
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === 'function') return this.plain(Reflect.apply(toJSON, value, ['']), above.slice(0, -1));
    if (Array.isArray(value)) return value.map((each) => this.plain(each, above));
    return Object.fromEntries(Object.keys(value).map((key) => [key, this.plain(this.#read(value, key), above)]));
  }

  /** Writes a map as an object where all keys are strings, and otherwise as pairs. */
  #entries(map: ReadonlyMap<unknown, unknown>, above: readonly object[]): unknown {
    const pairs = [...map].map(([key, value]) => [this.plain(key, above), this.plain(value, above)] as const);
    return pairs.every(([key]) => typeof key === 'string') ? Object.fromEntries(pairs) : pairs;
  }

  #read(value: object, key: string): unknown {
    try {
      return (value as Readonly<Record<string, unknown>>)[key];
    } catch {
      return this.#odd('(unreadable)');
    }
  }

  #odd<Written>(written: Written): Written {
    this.odd = 'odd';
    return written;
  }
}
