/**
 * Removes everything that looks like a key from another party's text, and the user info before the host of an address.
 */
export const withoutKeys = (text: string): string =>
  text.replace(/\b(Bearer\s+|sk-|ek_)[^\s"'<>]+/g, HIDDEN).replace(/\/\/[^\s/@:"'<>]*:[^\s/@"'<>]+@/g, `//${HIDDEN}@`);

export const HIDDEN = '[hidden]';

/** Shorter secrets are not removed, because they occur in ordinary words. */
export const SHORTEST_SECRET = 8;

/**
 * Removes the given secrets from another party's text, and everything that looks like a key. Finds secrets that are
 * percent-encoded, escaped as in JSON, written in the other alphabet of base64, or cut off after their beginning.
 * Shorten the text afterwards, not before.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const whole = withoutWhole(text, trackedFor(secrets));
  return withoutKeys(withoutCut(whole, secrets));
}

/**
 * Removes the given secrets from every string in a JSON value, keys included. Returns the value itself if it holds
 * none. Leaves other texts that look like keys, because a caller may say such words.
 */
export function cleaned<Value>(value: Value, secrets: readonly string[]): Value {
  const tracked = trackedFor(secrets);
  return tracked.length > 0 && anyHolds(value, tracked) ? cleanCopy(value, tracked) : value;
}

/**
 * Whether a value read from this JSON may hold one of the secrets: only then is it looked through. A letter or a digit stands
 * in JSON as it is or as an escape, so one search of the text is enough.
 */
export function mayHold(json: string, secrets: readonly string[]): boolean {
  const tracked = trackedFor(secrets);
  return tracked.length > 0 && (json.includes('\\u00') || tracked.some(({ core }) => json.includes(core)));
}

/** A secret, and a part that appears in every spelling of it. */
interface Tracked {
  readonly core: string;
  readonly spellings: RegExp;
}

const known = new WeakMap<readonly string[], readonly Tracked[]>();

/** Sorts the longest first, so that `Bearer key` is removed as a whole. */
function trackedFor(secrets: readonly string[]): readonly Tracked[] {
  const before = known.get(secrets);
  if (before) return before;
  const tracked = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
    .map(track);
  known.set(secrets, tracked);
  return tracked;
}

function track(secret: string): Tracked {
  const runs = secret.match(/[A-Za-z0-9]+/g) ?? [];
  const core = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  // Base64 padding may be left out.
  const text = secret.replace(/(?<=.{8})=+$/, '');
  const padding = text === secret ? '' : '(?:=|%(?:25)*3[dD])*';
  return { core, spellings: new RegExp(Array.from(text, spellingsOf).join('') + padding, 'g') };
}

/** A pattern for one character, plain or escaped once or more. */
function spellingsOf(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const bytes = Array.from(new TextEncoder().encode(character), (byte) => `%(?:25)*${hex(byte, 2)}`);
  const units = Array.from({ length: character.length }, (_, at) => `\\\\+u${hex(character.charCodeAt(at), 4)}`);
  const plain = `\\\\*${character.replace(/[^\w\s]/g, '\\$&')}`;
  return `(?:${[plain, bytes.join(''), units.join(''), ...(ALSO.get(character) ?? [])].join('|')})`;
}

/** How base64url and form encoding write a character. */
const ALSO: ReadonlyMap<string, readonly string[]> = new Map([
  ['+', ['-']],
  ['/', ['_']],
  [' ', ['\\+']],
]);

const hex = (value: number, digits: number): string =>
  value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const holds = (text: string, { core, spellings }: Tracked): boolean =>
  text.includes(core) && text.search(spellings) >= 0;

const withoutWhole = (text: string, tracked: readonly Tracked[]): string =>
  tracked.reduce((rest, each) => (holds(rest, each) ? rest.replace(each.spellings, HIDDEN) : rest), text);

/**
 * Removes a secret's beginning at the end of a text: a close reason holds 123 bytes, and a server may shorten what it
 * quotes.
 */
const withoutCut = (text: string, secrets: readonly string[]): string =>
  text
    .split(/(…|\.{2,}|\*{2,})/)
    .map((piece) => secrets.reduce(withoutBeginning, piece))
    .join('');

function withoutBeginning(piece: string, secret: string): string {
  for (let length = Math.min(piece.length, secret.length); length >= SHORTEST_SECRET; length--) {
    if (piece.endsWith(secret.slice(0, length))) return piece.slice(0, -length) + HIDDEN;
  }
  return piece;
}

/** Works without recursion, because a server may nest values more deeply than the stack allows. */
function anyHolds(value: unknown, tracked: readonly Tracked[]): boolean {
  const found = (text: string): boolean => tracked.some((each) => holds(text, each));
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const next = todo.pop();
    if (typeof next === 'string' && found(next)) return true;
    if (typeof next !== 'object' || next === null) continue;
    const named = !Array.isArray(next);
    for (const [key, each] of Object.entries(next)) {
      if (named && found(key)) return true;
      todo.push(each);
    }
  }
  return false;
}

interface Copying {
  readonly into: object;
  readonly key: string;
  readonly value: unknown;
}

function cleanCopy<Value>(value: Value, tracked: readonly Tracked[]): Value {
  const root = { value };
  const todo: Copying[] = [{ into: root, key: 'value', value }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { into, key, value: original } = next;
    const copy = copyOf(original, tracked);
    // Defined and not assigned, because a key may be `__proto__`.
    Object.defineProperty(into, key, { value: copy, writable: true, enumerable: true, configurable: true });
    if (typeof original !== 'object' || original === null) continue;
    // Pushed in reverse, because the stack takes the last first: the copy keeps the order of its keys.
    for (const [name, each] of Object.entries(original).reverse()) {
      todo.push({ into: copy as object, key: withoutWhole(name, tracked), value: each });
    }
  }
  return root.value;
}

/** Copies a string without secrets, prepares an empty object or array to fill, or returns the value as it is. */
function copyOf(value: unknown, tracked: readonly Tracked[]): unknown {
  if (typeof value === 'string') return withoutWhole(value, tracked);
  if (Array.isArray(value)) return [];
  return typeof value === 'object' && value !== null ? {} : value;
}
