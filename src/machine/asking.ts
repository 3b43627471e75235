import type { Difference } from '../../types/index.js';

/** An error thrown by one of the user's functions. The shell keeps the Error itself, under this number. */
export interface Thrown {
  readonly ref: number;
  readonly words: string;
}

/** A question for one of the user's functions, to be answered within the step. */
export type Question = { readonly guard: string } | { readonly accept: Difference };
export type Answer = { readonly yes: boolean } | { readonly threw: Thrown };

/** Answers questions: live, by calling the user's functions; in a replay, with the recorded answers. */
export type Asking = (question: Question) => Answer;
