/** Breadth first over every interleaving, until nothing new follows, or as deep as one has time for. */
import type { Alphabet } from './alphabets.js';
import { fingerprint } from './fingerprint.js';
import { firstState, lastWords, nexts, type State } from './model.js';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Every state that is this many moves away, or fewer, has been seen. */
  readonly depth: number;
  readonly closure: 'closed' | 'open';
  /** The shortest way to something wrong, and what it is; null if there is none. */
  readonly wrong: { readonly way: readonly string[]; readonly says: readonly string[] } | null;
}

/** How they came to be, from the last to the first. */
interface Way {
  readonly did: string;
  readonly from: Way | null;
}

export interface Bounds {
  readonly states: number;
  readonly ms?: number;
}

export function explore(alphabet: Alphabet, bounds: Bounds): Explored {
  const first = firstState(alphabet);
  const seen = new Set([fingerprint(first)]);
  const deadline = performance.now() + (bounds.ms ?? Infinity);
  let frontier: { readonly state: State; readonly way: Way | null }[] = [{ state: first, way: null }];
  let transitions = 0;
  for (let depth = 0; ; depth++) {
    const following: typeof frontier = [];
    const result = { depth, wrong: null };
    for (const { state, way } of frontier) {
      const each = nexts(state);
      const end = each.length === 0 ? lastWords(state) : [];
      if (end.length > 0) return { states: seen.size, transitions, closure: 'open', depth, wrong: told(way, end) };
      for (const next of each) {
        transitions++;
        const taken: Way = { did: next.did, from: way };
        if (next.wrong.length > 0) {
          return { states: seen.size, transitions, closure: 'open', depth, wrong: told(taken, next.wrong) };
        }
        const mark = fingerprint(next.state);
        if (seen.has(mark)) continue;
        seen.add(mark);
        following.push({ state: next.state, way: taken });
      }
      if (seen.size >= bounds.states || performance.now() >= deadline) {
        return { ...result, states: seen.size, transitions, closure: 'open' };
      }
    }
    if (following.length === 0) return { ...result, states: seen.size, transitions, closure: 'closed' };
    frontier = following;
  }
}

function told(way: Way | null, says: readonly string[]): NonNullable<Explored['wrong']> {
  const moves: string[] = [];
  for (let each = way; each; each = each.from) moves.unshift(each.did);
  return { way: moves, says };
}

export const say = (what: string, { states, transitions, depth, closure }: Explored): string =>
  `${what}: ${states} states, ${transitions} transitions, ${closure === 'closed' ? 'closed at' : 'open at'} depth ${depth}\n`;
