/**
 * Open questions about the real server: each scenario answers one of them in a line. The same scenarios run against the
 * simulated server, which has assumed an answer.
 */
import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Reply } from '../../src/simulator/index.js';
import { asideScenarios } from './beside.js';
import { bookkeepingScenarios } from './bookkeeping.js';
import type { Line } from './line.js';
import { turnScenarios } from './turns.js';

export interface Scenario {
  readonly asks: string;
  /** The silence in milliseconds that ends a turn, and more settings; null: no turn detection. */
  readonly detection: NonNullable<NonNullable<RealtimeSessionCreateRequest['audio']>['input']>['turn_detection'];
  /** The simulated server's answers; by default something brief. The real model is asked for something similar. */
  readonly simulated?: readonly Reply[];
  /** Returns one line. The same circumstances give the same words. */
  readonly find: (line: Line) => Promise<string>;
}

export const scenarios: readonly Scenario[] = [...turnScenarios, ...asideScenarios, ...bookkeepingScenarios];
