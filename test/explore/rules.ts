import type { Rules } from '../../src/machine/index.js';
import { limits, policies, reconnects } from '../laws/plots.js';
import { unwatched } from '../limits.js';
import type { Alphabet } from './alphabets.js';

/** For all but the deadlines time stands still, and no watchdog bites but the one that is meant. */
export const rulesOf = ({ recovery, playback, money, reconnect, line }: Alphabet): Rules => ({
  limits: {
    ...limits,
    ...{ holdForMs: 1e9, turnMs: 1e8, createdMs: 1e7, responseMs: 1e8, confirmMs: 1e8, mcpMs: 1e8, silentMs: 1e12 },
  },
  turnEnds: 'speech-stopped',
  line,
  prefix: 'gr',
  guards: [],
  accept: 'not given',
  unknownTools: 'answer',
  playback,
  endsCall: 'yes',
  pings: 'can ask',
  keys: 'fixed',
  recovery: policies[recovery],
  ...unwatched,
  reconnect: reconnects[reconnect],
  budget: money,
});
