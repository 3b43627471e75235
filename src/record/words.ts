/** Makes 32 bytes out of a text, which nobody can make who does not have the key. */
export type Digest = (text: string) => Uint8Array;

/** Up to this many letters and digits two lines of one shape could be given the same replacement by chance. */
const SHORT = 8;
/** How many short lines are remembered, so that no two of them are: a bound, not a tuning. */
const REMEMBERED = 10_000;

const REPLACED = /[\p{L}\p{M}\p{N}]/u;
/** Each code unit of what is replaced, so that the length stays what it was. */
const EACH = /[\p{L}\p{M}\p{N}]/gu;

/**
 * Replaces texts by others of the same shape: a letter by a letter, a digit by a digit, everything else as it is. It goes
 * line by line, so that to join lines and to replace them can be done in any order. Equal lines stay equal, and different
 * ones different.
 */
export class Words {
  readonly #digest: Digest;
  /** Short lines, and what each was replaced by. */
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** A text of the same length. */
  readonly replace = (text: string): string =>
    text.includes('\n') ? text.split('\n').map(this.#line).join('\n') : this.#line(text);

  /** A number with as many digits, as far as that is one. */
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
    // A shape of one digit has ten lines: what is left of them is found soon, or is not there.
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

/** As many numbers as are asked for, out of 16 bytes: what is random is the bytes, and this only stretches them. */
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
