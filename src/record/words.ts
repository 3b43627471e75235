/** Computes 32 bytes from a text; nobody can do so without the key. */
export type Digest = (text: string) => Uint8Array;

/** Up to this many letters and digits, two lines of the same shape could get the same replacement by chance. */
const SHORT = 8;
/** How many short lines are remembered to prevent that: a memory bound, not a setting. */
const REMEMBERED = 10_000;

const REPLACED = /[\p{L}\p{M}\p{N}]/u;
/** Matches each code unit to replace, so that the length does not change. */
const EACH = /[\p{L}\p{M}\p{N}]/gu;

/**
 * Replaces texts by others of the same shape: letters by letters, digits by digits, everything else unchanged. It works
 * line by line, so that joining lines before or after replacing gives the same result. Equal lines stay equal, and
 * different ones different.
 */
export class Words {
  readonly #digest: Digest;
  /** Short lines, and their replacements. */
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** Replaces a text by one of the same length. */
  readonly replace = (text: string): string =>
    text.includes('\n') ? text.split('\n').map(this.#line).join('\n') : this.#line(text);

  /** Replaces a number by one with as many digits, if that is possible. */
  readonly number = (value: number): number => {
    const digits = String(value).replace(/e.*/, '');
    const replaced = Number(this.#line(digits).replace(/^(-?)0(?=\d)/, '$11'));
    return Number.isFinite(replaced) ? replaced : 0;
  };

  readonly #line = (line: string): string => {
    if (!REPLACED.test(line)) return line;
    const given = this.#given.get(line);
    if (given !== undefined) return given;
    const isShort = line.length <= SHORT && this.#given.size < REMEMBERED;
    return isShort ? this.#short(line) : this.#shaped(line, 0);
  };

  #short(line: string): string {
    let replaced = this.#shaped(line, 0);
    // A shape of one digit has only ten lines: a free one is found soon, or none is left.
    for (let again = 1; this.#taken.has(replaced) && again < 200; again++) replaced = this.#shaped(line, again);
    this.#given.set(line, replaced);
    this.#taken.add(replaced);
    return replaced;
  }

  #shaped(line: string, again: number): string {
    const random = randomFrom(this.#digest(`${again} ${line}`));
    return line.replace(EACH, (character) => {
      const letters = isDigit(character) ? DIGITS : LETTERS;
      const one = (): string => letters.charAt(random() % letters.length);
      return character.length === 1 ? one() : one() + one();
    });
  }
}

const isDigit = (character: string): boolean => (character < '\u0080' ? character <= '9' : /\p{N}/u.test(character));
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Derives as many numbers as needed from 16 random bytes. */
function randomFrom(seed: Uint8Array): () => number {
  const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
  let [a, b, c, d] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  return () => {
    // sfc32
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
}
