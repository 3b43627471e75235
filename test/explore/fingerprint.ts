import { createHash } from 'node:crypto';
import { deadlines, dimensions, type Session } from '../../src/machine/index.js';
import type { Server } from '../../src/simulator/server/index.js';
import type { Records } from '../laws/judge.js';
import { field, type Frame } from '../laws/wire-log.js';
import type { State } from './model.js';
import type { Wire } from './wires.js';

/**
 * What two states share only if they will behave alike from here on: ids are numbered as they appear, times are relative
 * to now, moments are known by their order; what has only been counted, and what never changes here, is left out.
 */
export function fingerprint(state: State): string {
  const { session, wires, records, left, now, running, carrier, speaks, leasing, given } = state;
  const whole = [
    sessionOf(session, now),
    wires.map(wireOf),
    recordsOf(records, now),
    ...[left, running, carrier, speaks, leasing, given],
    moneyOf(session),
  ];
  return createHash('md5')
    .update(renumber(JSON.stringify(whole)))
    .digest('base64');
}

/** Times of the machine, by their names; beyond what any deadline looks back on they are all the same. */
const times: ReadonlySet<string> = new Set([
  ...['dueAt', 'expiresAt', 'writtenAt', 'lastAt', 'startedAt', 'playsUntil', 'playsFrom', 'markedAt'],
  ...['limitedUntil', 'until', 'deadlineAt', 'quietBy', 'runningSince', 'at', 'since', 'heardAt', 'lostAt', 'backAt'],
  ...['openedAt', 'greetedAt', 'notBefore', 'retiredUntil', 'addedAt'],
]);
/** Steps, of which only the order counts. */
const moments: ReadonlySet<string> = new Set(['askedStep', 'writtenStep', 'step', 'unseenBefore', 'triggeredAt']);
/** What decides nothing: counts, names of things that are the same everywhere, times of what is told and no more. */
const idle: ReadonlySet<string> = new Set([
  ...['rules', 'now', 'steps', 'ids', 'due', 'awaits', 'framesRead', 'epoch', 'lastAskedAt', 'sinceLastMs', 'askedAt'],
  ...['tools', 'inForce', 'told', 'asked', 'params', 'since', 'endedAt', 'line', 'session', 'whole', 'confirmed'],
  ...['housekeeping', 'settledAt', 'constants', 'spending', 'dearest', 'shut', 'firstAudioAt', 'echo'],
  ...['sent', 'reviewed', 'nextExpiry', 'nextEnd'],
]);

function sessionOf(session: Session, now: number): unknown {
  const { requests, responses, tools, is, since, ...rest } = session;
  const steps = [...stepsIn(session)].sort((one, other) => one - other);
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'number' && times.has(key)) return relative(value, now);
    if (typeof value === 'number' && moments.has(key)) return steps.indexOf(value);
    if (typeof value !== 'object' || value === null) return value === Infinity ? 'never' : value;
    if (value instanceof Set) return [...(value as Set<unknown>)];
    if (value instanceof Map) return [...value].map(([name, each]) => [name, walk(each)]);
    if (Array.isArray(value)) return value.map((each) => walk(each));
    return Object.entries(value).flatMap(([name, each]) => (idle.has(name) ? [] : [[name, walk(each, name)]]));
  };
  const { seen, rounds, left, othersDue } = tools;
  return walk([is, sinceOf(is, since, now), { requests, responses }, { seen, rounds, left, othersDue }, rest]);
}

/** What has been spent decides only where there is a budget. */
const moneyOf = ({ rules, spending, budget }: Session): unknown =>
  rules.budget && [spending.total.nanoUsd, budget.dearest];

/** What lies further back than the estimate of what was heard looks is over. */
const relative = (time: number, now: number): number | string =>
  time === Infinity ? 'never' : time <= now - 1_000 ? 'long ago' : time - now;

/** How long it has been in a state counts where that state does not last. */
const sinceOf = (is: Session['is'], since: Session['since'], now: number): readonly unknown[] =>
  (Object.keys(dimensions) as (keyof typeof dimensions)[]).map((name) => {
    const passes =
      name === 'connection' ||
      name === 'quiet' ||
      deadlines.some(({ dimension, state }) => dimension === name && state === is[name]);
    return passes ? since[name] - now : 0;
  });

function stepsIn(session: Session): ReadonlySet<number> {
  const steps = new Set<number>();
  const visit = (value: unknown, key = ''): void => {
    if (typeof value === 'number' && moments.has(key)) steps.add(value);
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Map) for (const each of value.values()) visit(each);
    else if (Array.isArray(value)) for (const each of value) visit(each);
    else if (!(value instanceof Set))
      for (const [name, each] of Object.entries(value)) if (!idle.has(name)) visit(each, name);
  };
  visit(session);
  return steps;
}

const wireOf = ({ server, toServer, toClient, is }: Wire): unknown => [
  serverOf(server),
  toServer.map(frameOf),
  toClient.map(frameOf),
  is,
];

/** The server's clock stands still: its times are all the same. Its settings are, too. */
function serverOf({ session, agenda, replies, connections }: Server): object | null {
  return (
    session && {
      ...session,
      ...{ config: 0, activity: 0, cachedTokens: 0, tokensLeft: 0, transcriptCount: 0 },
      items: session.items.map(({ id }) => id),
      responses: session.responses.map(({ settings, beats: _, reply: __, ...rest }) => [rest, settings.metadata]),
      agenda: agenda.map(({ action }) => (action.do === 'emit' ? frameOf(action.event) : action)),
      replies: replies.map(({ items, status }) => [items[0] && 'calls' in items[0], status]),
      connections: connections.length,
    }
  );
}

function recordsOf({ oracle, ledger, debts }: Records, now: number): unknown {
  const { session, voice, button, unheard, transcript, imminent, untold, creates, commits, responses, ...rest } =
    oracle;
  const flags = [voice, button, unheard, transcript, imminent, untold].map((flag) => flag && flag.since - now);
  return [
    { ...rest, constants: 0, tokens: Object.keys(rest.tokens).length },
    [session.is, session.pending?.is, session.pending?.eventId, session.givenUp.length],
    flags,
    creates.map((create) => ({ ...create, at: create.at - now })),
    commits.length,
    Object.entries(responses).map(([id, { heardAt, ...response }]) =>
      response.is === 'ended' ? [id, response.is] : [id, response, heardAt - now],
    ),
    [Object.values(ledger.requests), Object.values(ledger.responses), Object.values(ledger.rounds)],
    debts,
  ];
}

/** What anybody reads of it. */
function frameOf(frame: Frame | 'bye' | 'gone'): unknown {
  if (typeof frame === 'string') return frame;
  const ours = frame['event_id'];
  return [
    frame.type,
    typeof ours === 'string' && ours.startsWith('gr_') ? ours : 0,
    ...['item_id', 'response_id', 'audio_end_ms'].map((key) => frame[key]),
    ...['id', 'call_id', 'type', 'status'].map((key) => field(frame, `item.${key}`)),
    ...['id', 'status', 'conversation_id', 'metadata'].map((key) => field(frame, `response.${key}`)),
    ...['code', 'message', 'event_id'].map((key) => field(frame, `error.${key}`)),
  ];
}

const id = /gr_\d+|(?:item|resp|call|sess|conv)_[0-9A-Za-z]{16,21}/g;

function renumber(words: string): string {
  const numbers = new Map<string, string>();
  return words.replace(id, (each) => {
    let known = numbers.get(each);
    if (known === undefined) numbers.set(each, (known = `#${numbers.size}`));
    return known;
  });
}
