import type { Difference } from '../../types/index.js';

/** An error that a function of the user's threw. The Error itself stays in the shell, under this number. */
export interface Thrown {
  readonly ref: number;
  readonly words: string;
}

/** A question to a function of the user's that a step must have answered at once. */
export type Question = { readonly guard: string } | { readonly accept: Difference };
export type Answer = { readonly yes: boolean } | { readonly threw: Thrown };

/** Answers questions: live, the user's functions; in a replay, what they answered then. */
export type Asking = (question: Question) => Answer;
