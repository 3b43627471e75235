/**
 * What nobody outside knows of the real server until somebody asks it: each scenario asks one such question, and answers
 * it in a line. The same scenarios run against the simulated server, which has assumed an answer.
 */
import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Reply } from '../../src/simulator/index.js';
import { asideScenarios } from './beside.js';
import { bookkeepingScenarios } from './bookkeeping.js';
import type { Line } from './line.js';
import { turnScenarios } from './turns.js';

export interface Scenario {
  readonly asks: string;
  /** Milliseconds of silence that the voice detection waits for, and more of its settings; null: there is none. */
  readonly detection: NonNullable<NonNullable<RealtimeSessionCreateRequest['audio']>['input']>['turn_detection'];
  /** What the simulated server answers; by default something brief. The real one is asked for something like it. */
  readonly simulated?: readonly Reply[];
  /** One line. The same circumstances give the same words. */
  readonly find: (line: Line) => Promise<string>;
}

export const scenarios: readonly Scenario[] = [...turnScenarios, ...asideScenarios, ...bookkeepingScenarios];
