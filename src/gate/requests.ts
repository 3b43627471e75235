import type { VerdictRecord } from '../../types/index.js';
import { createFrame } from './create.js';
import { explain, shutFor } from './guards.js';
import { cancelSlot } from './responses.js';
import type { Ask, Gate, Request } from './state.js';
import { requestLife, type Fact } from './table.js';
import { fault, live, makeId, send, tell, type Work } from './work.js';

type Shut = readonly { readonly name: string; readonly kind: 'terminal' | 'transient' }[];

/** A request is made: admitted, held or refused, at once. */
export function ask(work: Work, asked: Ask): void {
  const { gate } = work;
  const request = requestOf(gate, asked);
  gate.requests.set(request.id, request);
  const shut = shutTo(work, request);
  const blocking = blockingOf(request, shut);
  if (shut.length === 0) return admit(work, request);
  if (blocking) return comeToNothing(work, request, blocking);
  if (gate.queue.length >= gate.rules.limits.held) return comeToNothing(work, request, 'queue-full');
  request.heldBy = shut.map(({ name }) => name);
  enqueue(gate, request, request.interrupt ? 'head' : 'tail');
  tell(work, { kind: 'held', request: request.id, by: request.heldBy });
}

function requestOf(gate: Gate, asked: Ask): Request {
  const outOfBand = asked.params?.['conversation'] === 'none';
  const modalities = asked.params?.['output_modalities'];
  // Written out: to spread it into the rest costs more than the whole of the step.
  return {
    id: asked.id,
    purpose: asked.purpose,
    params: asked.params,
    whenBlocked: asked.whenBlocked,
    override: asked.override,
    interrupt: asked.interrupt,
    holdForMs: asked.holdForMs,
    origin: asked.origin,
    state: 'waiting',
    askedAt: gate.now,
    askedStep: gate.steps,
    lane: outOfBand ? 'out-of-band' : 'default',
    audible: !outOfBand || (Array.isArray(modalities) && modalities.includes('audio')),
    continues: continues(asked) ? gate.lastMark : 0,
    heldBy: [],
    settled: false,
    expiresAt: gate.now + asked.holdForMs,
    token: '',
    eventId: '',
    writtenAt: 0,
    writtenStep: 0,
    conflicts: 0,
    cancelWished: false,
    merged: [],
  };
}

/** It brings nothing of its own: any response that has seen what was sent before it answers it as well. */
const continues = ({ origin, params }: Ask): boolean =>
  origin === 'follow-up' || (origin === 'user' && params === null);

const enqueue = (gate: Gate, request: Request, where: 'head' | 'tail'): unknown =>
  where === 'head' ? gate.queue.unshift(request.id) : gate.queue.push(request.id);

/** Those that wait, in their order. */
export const waiting = (gate: Gate): readonly Request[] =>
  gate.queue.map((id) => gate.requests.get(id)).filter((request) => request !== undefined);

/** Every guard that is shut to it, the user's own last. */
const shutTo = (work: Work, request: Request): Shut => [...shutFor(work.gate, request), ...shutByUser(work)];

/** The user's own guards, each asked once a step. One that throws is shut. */
function shutByUser(work: Work): Shut {
  const asked = (work.asked ??= new Map<string, boolean>());
  return work.gate.rules.guards.filter((guard) => {
    const known = asked.get(guard.name);
    if (known !== undefined) return known;
    let shut = true;
    try {
      shut = guard.shut();
    } catch (error) {
      fault(work, `The guard '${guard.name}' threw, and counts as shut.`, error);
    }
    asked.set(guard.name, shut);
    return shut;
  });
}

/** What it may not wait for: a terminal guard, or any at all if it does not wait. */
function blockingOf(request: Request, shut: Shut): string | undefined {
  const terminal = shut.find(({ kind }) => kind === 'terminal');
  const impatient = request.whenBlocked === 'refuse';
  const inTheWay = impatient ? shut.find(({ name }) => !(request.interrupt && name === 'response-active')) : undefined;
  return (terminal ?? inTheWay)?.name;
}

function admit(work: Work, request: Request): void {
  const { gate } = work;
  leaveQueue(gate, request);
  live(request, requestLife, 'admitted');
  request.token = makeId(gate);
  request.eventId = makeId(gate);
  request.writtenAt = gate.now;
  request.writtenStep = gate.steps;
  send(work, createFrame(request, request.token, request.eventId));
  if (request.settled) return;
  tell(work, { kind: 'admitted', request: request.id });
  record(work, request, 'admit', null);
}

/** Looks at all that waits: what may not wait any longer is refused, what may go goes, in its order. */
export function review(work: Work): void {
  for (const request of waiting(work.gate)) {
    if (request.state !== 'waiting') continue;
    const shut = shutTo(work, request);
    const blocking = blockingOf(request, shut);
    if (blocking) comeToNothing(work, request, blocking);
    else if (shut.length === 0) admitWithItsLike(work, request);
    else if (request.interrupt && shut.every(({ name }) => name === 'response-active')) cancelSlot(work);
  }
}

/** Every continuation that waited for the slot alone goes out with the first as one create. */
function admitWithItsLike(work: Work, first: Request): void {
  admit(work, first);
  if (first.continues === 0) return;
  for (const request of waiting(work.gate)) {
    const waitsForSlot = shutTo(work, request).every(({ name }) => name === 'response-active');
    if (request.continues === 0 || !waitsForSlot) continue;
    first.merged.push(request.id, ...request.merged);
    merge(work, request, { request: first.id });
  }
}

/** Another response answers it. */
export function merge(work: Work, request: Request, into: { request: number } | { response: string }): void {
  leave(work.gate, request, 'merged');
  if (!request.settled) {
    tell(work, { kind: 'merged', request: request.id, into });
    record(work, request, 'merge', null);
  } else {
    tell(work, { kind: 'answered', request: request.id, into });
  }
}

/** It will not be sent, or was sent in vain. */
export function comeToNothing(
  work: Work,
  request: Request,
  by: string,
  message = explain(by),
  fact: Fact = 'settled',
): void {
  leave(work.gate, request, fact);
  if (!request.settled) {
    tell(work, { kind: 'refused', request: request.id, by, message });
    record(work, request, 'refuse', by);
  }
  const requests = [request.id, ...request.merged];
  const outcome = { status: 'unsent', by, message } as const;
  tell(work, { kind: 'ended', response: null, lane: request.lane, requests, outcome });
}

/** The server says that the slot is taken: back to the head of the queue, where every guard decides it anew. */
export function putBack(work: Work, request: Request): void {
  const { gate } = work;
  request.conflicts++;
  if (request.cancelWished) return comeToNothing(work, request, 'withdrawn', undefined, 'refused');
  if (request.conflicts > gate.rules.limits.conflicts) {
    const message = `The slot of the conversation was taken ${request.conflicts} times.`;
    return comeToNothing(work, request, 'rejected', message, 'refused');
  }
  if (request.whenBlocked === 'hold-this-turn' && gate.turnStep > request.writtenStep) {
    return comeToNothing(work, request, 'expired', undefined, 'refused');
  }
  live(request, requestLife, 'conflict');
  request.expiresAt = gate.now + request.holdForMs;
  enqueue(gate, request, 'head');
}

/** `withdraw()`, or `cancel()` before it was created. */
export function withdraw(work: Work, id: number): void {
  const request = work.gate.requests.get(id);
  if (request?.state === 'waiting') comeToNothing(work, request, 'withdrawn');
}

/** What has waited for too long; what was meant for a turn that is over. */
export function expire(work: Work): void {
  for (const request of waiting(work.gate)) {
    if (work.gate.now >= request.expiresAt) comeToNothing(work, request, 'expired');
  }
}
export function lapseWithTurn(work: Work): void {
  for (const request of waiting(work.gate)) {
    if (request.whenBlocked === 'hold-this-turn') comeToNothing(work, request, 'expired');
  }
}

/** It waits no more, and nothing is asked of it any more. */
function leave(gate: Gate, request: Request, fact: Fact): void {
  leaveQueue(gate, request);
  live(request, requestLife, fact);
  gate.requests.delete(request.id);
}

const leaveQueue = (gate: Gate, request: Request): void => {
  gate.queue = gate.queue.filter((id) => id !== request.id);
};

/** Its verdict is given for good. Exactly one record is left of it. */
function record(work: Work, request: Request, verdict: VerdictRecord['verdict'], by: string | null): void {
  const { gate } = work;
  request.settled = true;
  const { purpose, heldBy, override: overrides, askedAt } = request;
  const times = { epoch: gate.epoch, askedAt, settledAt: gate.now };
  tell(work, { kind: 'record', record: { purpose, verdict, by, heldBy, overrides, ...times } });
}
