/**
 * What a machine tells, folded into decisions: one for each request, once nothing more can come of it, saying what its
 * record says; and what they cost, with what nobody asked for, is all that was spent.
 */
import { type Effects, ledgerOf, type Notice, type Session, type Settlement } from '../../src/machine/index.js';
import { Decisions } from '../../src/session/decisions.js';
import { requestName } from '../../src/session/handle.js';
import type { Decision } from '../../types/index.js';

type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

export class Decided {
  readonly decisions = new Map<string, Decision>();
  readonly #fold = new Decisions({ callId: null, startedAt: 0, wallTime: 0 });
  readonly #records = new Map<string, Settlement>();
  /** The request that asked for each response, if it was still pending when the response was created. */
  readonly #askedBy = new Map<string, string>();
  /** Costs without a decision: the server's own answers, and responses to requests that had been given up. */
  #others = 0;
  #wrong: string[] = [];

  /** Takes the notices of one step; returns errors. */
  note({ notices }: Pick<Effects, 'notices'>, now: number): readonly string[] {
    this.#wrong = [];
    for (const notice of notices) if (notice.kind === 'record') this.#note(notice);
    for (const notice of notices) if (notice.kind === 'created') this.#created(notice);
    for (const notice of notices) if (notice.kind === 'spent') this.#spent(notice);
    for (const decision of this.#fold.told(this.#fold.note(notices, now), 'sess_1')) this.#judge(decision, now);
    return this.#wrong;
  }

  /** Checks at the end of everything. */
  end(session: Session): readonly string[] {
    this.#wrong = [];
    for (const id of this.#records.keys()) if (!this.decisions.has(id)) this.#say(`${id} left no decision`);
    const { total, transcription, creates } = ledgerOf(session);
    const all = [...this.decisions.values()];
    const sum = all.reduce((sofar, { nanoUsd }) => sofar + (nanoUsd ?? 0), 0);
    if (sum + this.#others + transcription.nanoUsd !== total.nanoUsd) {
      this.#say(`decisions cost ${sum}, others ${this.#others + transcription.nanoUsd}, all of it ${total.nanoUsd}`);
    }
    const sent = all.flatMap(({ steps }) => steps.filter(({ what }) => what === 'sent')).length;
    if (sent !== creates) this.#say(`decisions tell of ${sent} creates, and ${creates} were written`);
    return this.#wrong;
  }

  #say(what: string): void {
    this.#wrong.push(`L11: ${what}`);
  }

  #note({ record }: Of<'record'>): void {
    this.#records.set(requestName(record.request), record);
  }

  #created({ response, request, requests }: Of<'created'>): void {
    if (request !== null && requests.includes(request)) this.#askedBy.set(response, requestName(request));
  }

  #spent({ spent: { responseId, nanoUsd } }: Of<'spent'>): void {
    const request = this.#askedBy.get(responseId);
    if (request === undefined || this.decisions.has(request)) this.#others += nanoUsd ?? 0;
  }

  #judge(decision: Decision, now: number): void {
    const { requestId, times, steps, verdict, outcome, answeredBy, nanoUsd, tokens } = decision;
    if (this.decisions.has(requestId)) this.#say(`${requestId} has two decisions`);
    this.decisions.set(requestId, decision);
    const record = this.#records.get(requestId);
    if (!record) return this.#say(`${requestId} has a decision and no record`);
    if (!agrees(decision, record)) this.#say(`${requestId} is decided otherwise than it is recorded`);
    const { askedAt, sentAt, createdAt, firstAudioAt, doneAt, heardAt } = times;
    if (!inOrder([askedAt, sentAt, doneAt]) || !inOrder([askedAt, createdAt, firstAudioAt, heardAt, now])) {
      if (answeredBy === null) this.#say(`${requestId} has times out of order: ${JSON.stringify(times)}`);
    }
    if (!inOrder(steps.map(({ at }) => at)) || steps[0]?.what !== 'asked')
      this.#say(`${requestId} has steps out of order`);
    const isSent = steps.some(({ what }) => what === 'sent');
    if (isSent !== (verdict === 'admit')) this.#say(`${requestId} has the verdict ${verdict}`);
    if (verdict === 'refuse' && outcome !== 'unsent') this.#say(`${requestId} was refused, and is ${outcome}`);
    if (answeredBy !== null && (tokens !== null || nanoUsd !== 0)) this.#say(`${requestId} is paid for twice`);
    if ((steps.at(-1)?.what === 'unsent') !== (outcome === 'unsent')) this.#say(`${requestId} ends as ${outcome}`);
  }
}

const agrees = (decision: Decision, record: Settlement): boolean =>
  decision.purpose === record.purpose &&
  decision.verdict === record.verdict &&
  decision.by === record.by &&
  decision.epoch === record.epoch &&
  decision.sinceLastMs === record.sinceLastMs &&
  decision.times.askedAt === record.askedAt &&
  decision.steps[0]?.at === record.askedAt &&
  decision.heldBy.join() === record.heldBy.join() &&
  decision.overrides.join() === record.overrides.join();

function inOrder(times: readonly (number | null)[]): boolean {
  const known = times.filter((time) => time !== null);
  return known.every((time, at) => at === 0 || known[at - 1]! <= time);
}
