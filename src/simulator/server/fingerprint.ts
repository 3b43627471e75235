import type { Due, Server, Session } from './state.js';

const idPattern = /\b(?:item|resp|call|sess|conv|event)_[0-9A-Za-z]{16,21}\b/g;

export interface FingerprintOptions {
  /**
   * `kept` (default), or `ignored`: the conversation so far, and what each response has seen of it, are left out, so that
   * servers which differ in nothing but their past are alike. Their order of events is; ids of places and usage are not.
   */
  readonly conversation?: 'kept' | 'ignored';
}

/**
 * A text that two servers share only if they will behave alike from here on: times are relative to now, ids are numbered
 * in the order in which they appear. What has only been counted (serial numbers, tokens) is left out.
 *
 * @example
 * ```ts
 * const same = fingerprint(createServer({ seed: 1 })) === fingerprint(createServer({ seed: 2 })); // true
 * ```
 */
export function fingerprint(server: Server, { conversation = 'kept' }: FingerprintOptions = {}): string {
  const { now, session, agenda, connections, acknowledgedUntil, faults, replies } = server;
  const text = JSON.stringify({
    faults,
    replies,
    acknowledgedIn: Math.max(0, acknowledgedUntil - now),
    connections: connections.map(({ id, kind }) => [id, kind]),
    agenda: agenda.map((due) => relativeDue(due, now, session)),
    session: session && relativeSession(session, now, conversation),
  });
  return renumber(text);
}

function relativeDue({ at, action }: Due, now: number, session: Session | null) {
  const still = action.do === 'idle' ? { do: 'idle', armed: action.activity === session?.activity } : action;
  return [at - now, still];
}

function relativeSession(session: Session, now: number, conversation: 'kept' | 'ignored') {
  const { startedAt: _a, expiresAt: _b, cache: _c, tokensLeft: _d, transcriptCount: _e, ...rest } = session;
  return {
    ...rest,
    config: { ...session.config, expires_at: null },
    activity: null,
    items: conversation === 'kept' ? session.items : [],
    buffer: { ...session.buffer, totalMs: null },
    callerBusyFor: Math.max(0, session.callerBusyUntil - now),
    callerBusyUntil: null,
    turn: session.turn && { item: session.turn.itemId, since: now - session.turn.startedAt },
    playing: session.playing && { ...session.playing, startedAt: now - session.playing.startedAt },
    responses: session.responses.map((response) => ({
      ...response,
      sees: conversation === 'kept' ? response.sees : [],
      createdAt: now - response.createdAt,
    })),
  };
}

function renumber(text: string): string {
  const numbers = new Map<string, string>();
  return text.replace(idPattern, (id) => {
    const known = numbers.get(id) ?? `#${numbers.size}`;
    numbers.set(id, known);
    return known;
  });
}
