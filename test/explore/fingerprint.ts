import { createHash } from 'node:crypto';
import type { Gate } from '../../src/machine/index.js';
import type { Server } from '../../src/simulator/server/index.js';
import type { Frame, Oracle } from '../laws/oracle.js';
import { field } from '../laws/wire-log.js';
import type { State } from './model.js';

/**
 * What two states share only if they will behave alike from here on: ids are numbered as they appear, times are relative
 * to now, moments are known by their order; what has only been counted, and what never changes here, is left out.
 */
export function fingerprint(state: State): string {
  const { gate, server, oracle, ledger, toServer, toClient, left, now, connection, speaks } = state;
  const whole = [
    gateOf(gate, now),
    serverOf(server),
    oracleOf(oracle, now),
    Object.values(ledger.requests),
    toServer.map(frameOf),
    toClient.map(frameOf),
    left,
    connection,
    speaks,
  ];
  return createHash('md5')
    .update(renumber(JSON.stringify(whole)))
    .digest('base64');
}

/** Of the steps that it remembers only their order counts; of how long it has been at rest, nothing. */
function gateOf(gate: Gate, now: number): object {
  const requests = [...gate.requests.values(), ...gate.late.values()].map((request) => ({
    ...request,
    askedAt: request.askedAt - now,
    expiresAt: request.expiresAt - now,
    writtenAt: request.writtenAt - now,
    writtenStep: [gate.speechStep > request.writtenStep, gate.turnStep > request.writtenStep],
  }));
  return {
    ...gate,
    ...{ rules: 0, now: 0, steps: 0, ids: 0, due: 0, confirmed: 0, speechStep: 0, turnStep: 0 },
    since: [
      gate.turn === 'silent' ? 0 : gate.since.turn - now,
      gate.automatic === 'quiet' ? 0 : gate.since.automatic - now,
    ],
    requests,
    responses: [...gate.responses.values()].map((response) => ({ ...response, lastAt: response.lastAt - now })),
    ended: [...gate.ended],
    late: [...gate.late.keys()],
    inFlight: gate.inFlight && [gate.inFlight.id, gate.inFlight.eventId, gate.inFlight.expiresAt - now],
  };
}

/** The server's clock stands still: its times are all the same. Its settings are, too. */
function serverOf({ session, agenda, replies, connections }: Server): object | null {
  return (
    session && {
      ...session,
      ...{ config: 0, activity: 0, cachedTokens: 0, tokensLeft: 0, transcriptCount: 0 },
      items: session.items.map(({ id }) => id),
      responses: session.responses.map(({ settings, beats: _, reply: __, ...rest }) => [rest, settings.metadata]),
      agenda: agenda.map(({ action }) => (action.do === 'emit' ? frameOf(action.event) : action)),
      replies: replies.length,
      connections: connections.length,
    }
  );
}

function oracleOf(oracle: Oracle, now: number): object {
  return {
    ...oracle,
    constants: 0,
    session: [oracle.session.is, oracle.session.pending?.eventId],
    turn: { ...oracle.turn, since: oracle.turn.is === 'silent' ? 0 : oracle.turn.since - now },
    imminent: oracle.imminent && oracle.imminent.since - now,
    creates: oracle.creates.map((create) => ({ ...create, at: create.at - now })),
    responses: Object.entries(oracle.responses).map(([id, { is, lane, created, heardAt }]) =>
      is === 'ended' ? [id, is] : [id, is, lane, created, heardAt - now],
    ),
  };
}

/** What anybody reads of it. */
function frameOf(frame: Frame | 'bye' | 'gone'): unknown {
  if (typeof frame === 'string') return frame;
  const ours = frame['event_id'];
  return [
    frame.type,
    typeof ours === 'string' && ours.startsWith('gr_') ? ours : 0,
    frame['item_id'],
    frame['response_id'],
    field(frame, 'item.id'),
    ...['id', 'status', 'conversation_id', 'metadata'].map((key) => field(frame, `response.${key}`)),
    ...['code', 'message', 'event_id'].map((key) => field(frame, `error.${key}`)),
  ];
}

const id = /gr_\d+|(?:item|resp|call|sess|conv)_[0-9A-Za-z]{16,21}/g;

function renumber(text: string): string {
  const numbers = new Map<string, string>();
  return text.replace(id, (each) => {
    let known = numbers.get(each);
    if (known === undefined) numbers.set(each, (known = `#${numbers.size}`));
    return known;
  });
}
