import { isOwnOutput, isRecord } from '../machine/index.js';
import { HIDDEN, withoutKeys } from '../secrets.js';
import type { AudioPolicy, ContentPolicy } from './format.js';
import {
  isCredential,
  isData,
  isJsonText,
  isKept,
  isServersMessage,
  type Place,
  placeOfPath,
  placeUnder,
} from './places.js';
import type { Words } from './words.js';

export interface Redaction {
  readonly content: ContentPolicy;
  readonly audio: AudioPolicy;
  readonly words: Words;
  /** Computes the SHA-256 of the bytes of a base64 text, in hexadecimal. */
  readonly hash: (base64: string) => string;
}

/**
 * Redacts the parts of a step in place: the caller passes copies. Equal texts get equal replacements wherever they are,
 * so a machine that is given redacted inputs produces the redacted effects.
 */
export class Redactor {
  readonly #by: Redaction;

  constructor(by: Redaction) {
    this.#by = by;
  }

  /** Redacts an input, answers, notices, commands or rules. */
  machine<Value>(value: Value): Value {
    return this.#value(value, '', '', 'machine') as Value;
  }

  /** Redacts events that were sent. */
  events<Value>(value: Value): Value {
    return this.#value(value, '', '', 'event') as Value;
  }

  #value(value: unknown, key: string, parent: string, place: Place): unknown {
    if (typeof value === 'string') return this.#text(value, key, parent, place);
    if (Array.isArray(value)) {
      value.forEach((each, index) => (value[index] = this.#value(each, key, parent, place)));
      return value;
    }
    if (isRecord(value)) return this.#object(value, key, place);
    if (place !== 'free' || this.#by.content === 'kept') return value;
    return typeof value === 'number' ? this.#by.words.number(value) : typeof value === 'boolean' ? true : value;
  }

  #object(value: Record<string, unknown>, key: string, place: Place): unknown {
    if (place === 'machine' && 'path' in value) return this.#difference(value);
    if (place === 'machine' && 'thrown' in value) this.#quoted(value);
    for (const name of Object.keys(value)) {
      value[name] = isCredential(name) ? this.#credential(value[name]) : this.#under(value[name], name, key, place);
    }
    return value;
  }

  #under(value: unknown, name: string, parent: string, place: Place): unknown {
    const isNested = typeof value === 'object';
    return this.#value(value, name, parent, isNested ? placeUnder(place, name) : place);
  }

  /** Redacts a differing setting as it would be redacted in its own place. */
  #difference(value: Record<string, unknown>): unknown {
    const { place, key } = placeOfPath(String(value['path']));
    for (const side of ['asked', 'got']) {
      if (side in value) value[side] = this.#under(value[side], key, '', place);
    }
    return value;
  }

  /** Redacts the part of a fault that may quote an error of the user's. */
  #quoted(fault: Record<string, unknown>): void {
    const { message, thrown } = fault;
    if (this.#by.content === 'kept' || typeof message !== 'string' || !isRecord(thrown)) return;
    const words = String(thrown['words']);
    if (message.endsWith(words)) {
      fault['message'] = message.slice(0, message.length - words.length) + this.#by.words.replace(words);
    }
  }

  #text(text: string, key: string, parent: string, place: Place): string {
    if (isData(key) && place !== 'machine') return this.#data(text);
    if (isServersMessage(place, key, parent)) return withoutKeys(text);
    if (this.#by.content === 'kept' || isKept(place, key, parent)) return text;
    return isJsonText(key) ? this.#json(text) : this.#by.words.replace(text);
  }

  #data(text: string): string {
    if (this.#by.audio === 'kept') return text;
    const length = `${text.length} characters of base64`;
    return this.#by.audio === 'hashed' ? `sha256 ${this.#by.hash(text)}, ${length}` : length;
  }

  /** Redacts JSON text: it stays JSON, with its keys kept and its values replaced. */
  #json(text: string): string {
    if (isOwnOutput(text)) return text;
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      return this.#by.words.replace(text);
    }
    return JSON.stringify(this.#value(parsed, '', '', 'free'));
  }

  #credential(value: unknown): unknown {
    if (typeof value === 'string') return HIDDEN;
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.keys(value).map((name) => [name, HIDDEN]));
  }
}
