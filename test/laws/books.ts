/** Checks every promise to the session's user. */
import type {
  ConfirmedSession,
  Decision,
  ResponseHandle,
  ToolRound,
  Verdict,
  VerdictRecord,
} from '../../types/index.js';
import { isOpen, type Session } from '../../src/machine/index.js';
import { field, text, type Frame } from './wire-log.js';

interface Promised {
  readonly purpose: string;
  readonly verdict: Verdict;
  settledAs: string | null;
  done: number;
  created: number | null;
}

export class Books {
  readonly promised: Promised[] = [];
  readonly handles: ResponseHandle[] = [];
  /** The last item with audio. */
  lastItem = 'item_jingle';
  readonly #records = new Map<string, VerdictRecord[]>();
  readonly #decisions: Decision[] = [];
  /** Requests without a decision when the session reported its end. */
  #undecided: readonly string[] | null = null;
  readonly #rounds: ToolRound[] = [];
  /** How many outputs were sent for each complete call, by call id. */
  readonly #outputs = new Map<string, number>();
  readonly #beside = new Set<string>();
  readonly #told = new Set<string>();
  /** Nobody could be told of what came while no line was live, where none was live again. */
  #isAway = false;
  readonly #wrong: string[];
  #session!: ConfirmedSession<string>;
  #ended = 0;

  constructor(wrong: string[]) {
    this.#wrong = wrong;
  }

  open(session: ConfirmedSession<string>): void {
    this.#session = session;
    session.on('verdict', (record) => {
      this.#records.set(record.purpose, [...(this.#records.get(record.purpose) ?? []), record]);
    });
    session.on('away', () => (this.#isAway = true));
    session.on('back', () => (this.#isAway = false));
    session.on('decision', (decision) => void this.#decisions.push(decision));
    session.on('fault', () => undefined);
    session.on('tools', (round) => void this.#rounds.push(round));
    session.on('response', (handle) => {
      this.handles.push(handle);
      void handle.done.then(() => this.#ended++);
    });
    void session.closed.then(
      () => (this.#undecided = this.#withoutDecision()),
      (error: unknown) => this.#wrong.push(`L6: closed rejected: ${String(error)}`),
    );
  }

  /** Every request has a purpose of its own, which identifies its record. */
  asked(purpose: string, verdict: Verdict): void {
    const promised: Promised = { purpose, verdict, settledAs: null, done: 0, created: null };
    this.promised.push(promised);
    if (verdict.kind === 'hold') void verdict.settled.then(({ kind }) => (promised.settledAs = kind));
    else promised.settledAs = verdict.kind;
    if (verdict.kind === 'admit') {
      promised.created = 0;
      void verdict.response.created.then(() => (promised.created = 1));
    }
    void verdict.done.then(() => promised.done++);
  }

  /** Notes a frame before it is read. A call that is read while the session is closing is not run. */
  read(machine: Session, frame: Frame): void {
    if (frame.type === 'response.output_audio.delta') this.lastItem = text(frame, 'item_id') ?? '';
    if (isOpen(machine)) this.#note(frame);
  }

  #note(frame: Frame): void {
    if (frame.type === 'response.created' && field(frame, 'response.conversation_id') === null) {
      this.#beside.add(text(frame, 'response.id') ?? '');
    }
    if (frame.type !== 'response.output_item.done' || this.#beside.has(text(frame, 'response_id') ?? '')) return;
    if (text(frame, 'item.type') !== 'function_call' || text(frame, 'item.status') !== 'completed') return;
    const call = text(frame, 'item.call_id') ?? '';
    this.#outputs.set(call, this.#outputs.get(call) ?? 0);
  }

  wrote(frame: Frame): void {
    if (text(frame, 'item.type') !== 'function_call_output') return;
    const call = text(frame, 'item.call_id') ?? '';
    if (call === 'call_nobody_made') return;
    if (!this.#outputs.has(call)) this.#wrong.push(`L7: an output for ${call}, which was never called`);
    this.#outputs.set(call, (this.#outputs.get(call) ?? 0) + 1);
  }

  /** A frame for the next line: each line is told of an output once, however many lines are. */
  told(line: number, frame: Frame): void {
    if (text(frame, 'item.type') !== 'function_call_output') return;
    const call = text(frame, 'item.call_id') ?? '';
    if (this.#told.has(`${line} ${call}`)) this.#wrong.push(`L7: line ${line} was told twice what ${call} gave`);
    this.#told.add(`${line} ${call}`);
    this.#outputs.set(call, Math.max(this.#outputs.get(call) ?? 0, 1));
  }

  /** At the end of the session, finds promises that were not kept. */
  close(): void {
    for (const promised of this.promised) this.#audit(promised);
    if (this.#ended !== this.handles.length) {
      this.#wrong.push(`L6: ${this.handles.length} responses were told, and ${this.#ended} ended`);
    }
    this.#auditTools();
    if (this.#undecided) this.#auditDecisions(this.#undecided);
  }

  #audit({ purpose, verdict, settledAs, done, created }: Promised): void {
    const records = this.#records.get(purpose) ?? [];
    if (settledAs === null) this.#wrong.push(`L6: '${purpose}' never settled`);
    if (done !== 1) this.#wrong.push(`L6: 'done' of '${purpose}' resolved ${done} times`);
    if (created === 0) this.#wrong.push(`L6: 'created' of '${purpose}' never resolved`);
    if (records.length !== 1) this.#wrong.push(`L11: '${purpose}' left ${records.length} records`);
    const [record] = records;
    if (!record) return;
    if (record.verdict !== settledAs) this.#wrong.push(`L11: '${purpose}' is recorded as ${record.verdict}`);
    if ((verdict.kind === 'hold') !== record.heldBy.length > 0) this.#wrong.push(`L11: '${purpose}' hides its hold`);
    if (record.settledAt < record.askedAt) this.#wrong.push(`L11: '${purpose}' settled before it was asked`);
  }

  #withoutDecision(): readonly string[] {
    const decided = new Set(this.#decisions.map(({ requestId }) => requestId));
    const all = [...this.#records.values()].flat().map(({ requestId }) => requestId);
    return all.filter((id) => !decided.has(id));
  }

  /**
   * Checks that each record has one decision before the session reports its end, and that the costs add up to the
   * ledger.
   */
  #auditDecisions(undecided: readonly string[]): void {
    const late = [...undecided, ...this.#withoutDecision()];
    if (late.length > 0) this.#wrong.push(`L11: no decision was told in time of ${late.join()}`);
    const records = [...this.#records.values()].flat().length;
    if (this.#decisions.length !== records) {
      this.#wrong.push(`L11: ${records} requests left ${this.#decisions.length} decisions`);
    }
    const { total, automatic, transcription, responses } = this.#session.ledger;
    const counted = this.#decisions.filter(({ tokens }) => tokens !== null).map(({ responseId }) => responseId);
    const givenUp = responses.filter(({ responseId, purpose }) => purpose !== null && !counted.includes(responseId));
    const costs = [...this.#decisions, automatic, transcription, ...givenUp].map(({ nanoUsd }) => nanoUsd ?? 0);
    const sum = costs.reduce((sofar, each) => sofar + each, 0);
    if (sum !== total.nanoUsd)
      this.#wrong.push(`L11: all that was told of cost ${sum}, and the ledger ${total.nanoUsd}`);
  }

  #auditTools(): void {
    const calls = this.#rounds.flatMap((round) => round.calls);
    for (const [id, outputs] of this.#outputs) {
      const accounts = calls.filter(({ callId }) => callId === id);
      if (accounts.length !== 1) this.#wrong.push(`L7: ${id} is accounted for ${accounts.length} times`);
      const owed = accounts[0]?.result === 'unsent' ? 0 : 1;
      const isReplaced = accounts[0]?.result === 'refused' && outputs === 2;
      const isUntold = this.#isAway && outputs === 0;
      if (outputs !== owed && !isReplaced && !isUntold)
        this.#wrong.push(`L7: ${id} got ${outputs} outputs, and was owed ${owed}`);
    }
    const asked = this.#rounds.filter(({ followUp }) => followUp === 'asked').length;
    const records = [...this.#records].filter(([purpose]) => purpose.startsWith('tool:'));
    const followed = records.reduce((sum, [, each]) => sum + each.length, 0);
    if (asked !== followed) this.#wrong.push(`L7: ${asked} follow-ups were asked for, and ${followed} have a record`);
    const rounds = new Set(this.#rounds.map(({ responseId }) => responseId));
    if (rounds.size !== this.#rounds.length) this.#wrong.push('L7: a round came to its end twice');
  }

  get state(): string {
    return JSON.stringify(this.#session.state);
  }
}
