import { createHash } from 'node:crypto';
import type { Gate } from '../../src/gate/index.js';
import type { State } from './model.js';

/**
 * What two states share only if they will behave alike from here on: ids are numbered as they appear, times are relative
 * to now, moments are known by their order, and what has only been counted is left out.
 */
export function fingerprint(state: State): string {
  const { gate, server, oracle, ledger, toServer, toClient, left, now, connection, speaks } = state;
  const whole = [gateOf(gate, now), server, oracle, ledger.requests, toServer, toClient, left, connection, speaks];
  const text = JSON.stringify(whole, (key, value: unknown) => {
    if (counted.has(key)) return undefined;
    if (key === 'event_id' && typeof value === 'string' && value.startsWith('event_')) return undefined;
    if (moments.has(key) && typeof value === 'number') return value - now;
    return value instanceof Map || value instanceof Set ? [...value] : value;
  });
  return createHash('md5').update(renumber(text)).digest('base64');
}

const counted: ReadonlySet<string> = new Set(
  ['options', 'faults', 'serial', 'sequence', 'activity', 'tokensLeft', 'cachedTokens', 'transcriptCount'].concat([
    'usage',
    'constants',
    'outputs',
    'rules',
    'now',
    'steps',
    'ids',
    'due',
    'writtenStep',
    'speechStep',
    'turnStep',
  ]),
);
const moments: ReadonlySet<string> = new Set(
  ['askedAt', 'settledAt', 'expiresAt', 'writtenAt', 'lastAt', 'heardAt', 'since', 'turn', 'automatic'].concat(['at']),
);

/** Of the steps that it remembers only their order counts; of how long it has been at rest, nothing. */
function gateOf(gate: Gate, now: number): object {
  const written = [...gate.requests.values(), ...gate.late.values()].map(({ writtenStep }) => writtenStep);
  const since = {
    turn: gate.turn === 'silent' ? now : gate.since.turn,
    automatic: gate.automatic === 'quiet' ? now : gate.since.automatic,
  };
  const spoke = written.map((each) => [gate.speechStep > each, gate.turnStep > each]);
  return { ...gate, since, spoke };
}

const id = /\b(?:gr_\d+|(?:item|resp|call|sess|conv|event)_[0-9A-Za-z]{16,21})\b/g;

function renumber(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(id, (each) => {
    const known = numbers.get(each) ?? numbers.size;
    numbers.set(each, known);
    return `#${known}`;
  });
}
