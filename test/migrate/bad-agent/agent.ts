/**
 * A phone agent as such agents are written: it opens a gated session for its configuration and its audio, and keeps a
 * line beside it on which it writes `response.create` whenever it thinks that something should be said. Deliberately
 * bad: 24 creates go around the gate, here and in `errors.ts`.
 */
import {
  openSession,
  plan,
  tool,
  type Clock,
  type Ears,
  type Line,
  type SessionEvents,
  type SessionOf,
  type Transport,
} from 'gated-realtime';
import { z } from 'zod';
import { apologise, officeIsSlow, officeTimedOut, recordingFailed } from './errors.js';
import type { Office } from './office.js';

/** The line under the session, kept, so that anything can be written on it. */
export class RawLine implements Transport {
  readonly #transport: Transport;
  #line: Line | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async open(ears: Ears, signal: AbortSignal): Promise<Line> {
    this.#line = await this.#transport.open(ears, signal);
    return this.#line;
  }

  send(event: object): void {
    this.#line?.send(JSON.stringify(event));
  }
}

export interface AgentParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly office: Office;
  /** Ends the carrier's leg. */
  readonly hangUpLeg: () => void;
}

const instructions = `
You are the receptionist of Oak Street Dental, on the phone. Be warm, and brief: one or two short sentences at a time.
You book appointments, and you take down what callers want. When the caller is done, call end_call.
`.trim();

const NUDGE_AFTER_MS = 8_000;
const SLOW_MS = 4_000;
const GOODBYE_MS = 3_000;

// What it can do -------------------------------------------------------------------------------------------------------

const saveLeadInfo = (office: Office, raw: RawLine) =>
  tool({
    name: 'save_lead_info',
    description: 'Saves who called.',
    parameters: z.object({ name: z.string(), phone: z.string() }),
    run: async (lead) => {
      try {
        await office.saveLead(lead);
        raw.send({ type: 'response.create' });
        return { saved: true };
      } catch {
        // The model has to know that it failed.
        raw.send({ type: 'response.create' });
        return { saved: false };
      }
    },
  });

const checkAvailability = tool({
  name: 'check_availability',
  description: 'Tells at what times of a day an appointment can begin.',
  parameters: z.object({ date: z.string() }),
});

const scheduleAppointment = (office: Office, raw: RawLine) =>
  tool({
    name: 'schedule_appointment',
    description: 'Books an appointment.',
    parameters: z.object({ name: z.string(), time: z.string() }),
    run: async (appointment) => {
      raw.send({ type: 'response.create', response: { instructions: 'Ask the caller for a moment.' } });
      try {
        const number = await office.book(appointment);
        raw.send({ type: 'response.create', response: { instructions: 'Read the booking out.' } });
        return { booked: true, number };
      } catch {
        raw.send({ type: 'response.create' });
        return { booked: false };
      }
    },
  });

const cancelAppointment = tool({
  name: 'cancel_appointment',
  description: 'Cancels an appointment.',
  parameters: z.object({ name: z.string() }),
});

const endCall = tool({
  name: 'end_call',
  description: 'Ends the call.',
  parameters: z.object({}),
});

/** Whom the caller speaks to. */
export const receptionist = ({ office }: AgentParts, raw: RawLine) =>
  plan({
    session: {
      instructions,
      audio: {
        input: { turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true } },
        output: { voice: 'marin' },
      },
    },
    purposes: [
      'menu', // The only one that was ever asked for through the gate.
    ],
    tools: [saveLeadInfo(office, raw), checkAvailability, scheduleAppointment(office, raw), cancelAppointment, endCall],
  });

type Receptionist = SessionOf<typeof receptionist>;

// The call -------------------------------------------------------------------------------------------------------------

export async function openAgent(parts: AgentParts): Promise<PhoneAgent> {
  const raw = new RawLine(parts.transport);
  const agentPlan = receptionist(parts, raw);
  const session = await openSession({ ...agentPlan, transport: raw, clock: parts.clock });
  return new PhoneAgent(session, raw, parts);
}

export class PhoneAgent {
  readonly #session: Receptionist;
  readonly #raw: RawLine;
  readonly #parts: AgentParts;
  /** How many responses were asked for, by purpose: what the bill is explained with. */
  readonly ledger = new Map<string, number>();
  #state: 'talking' | 'over' = 'talking';
  #retries = 0;
  #forgetNudge = (): void => undefined;

  constructor(session: Receptionist, raw: RawLine, parts: AgentParts) {
    this.#session = session;
    this.#raw = raw;
    this.#parts = parts;
    this.#follow(session);
  }

  #follow(session: Receptionist): void {
    session.on('verdict', ({ purpose, verdict }) => {
      if (verdict === 'admit') this.ledger.set(purpose, (this.ledger.get(purpose) ?? 0) + 1);
    });
    session.on('call', (call) => void this.#handleCall(call));
    session.on('error', () => this.#retryAfterError());
    session.on('response.done', ({ response }) => {
      if (response.status === 'failed') this.#responseFailed();
      else this.#expectTheCaller();
    });
    session.on('input_audio_buffer.speech_started', () => this.#forgetNudge());
    session.on('conversation.item.input_audio_transcription.failed', () => this.#transcriptionFailed());
    session.on('input_audio_buffer.dtmf_event_received', ({ event: key }) => this.pressed(key));
  }

  /** The first words. */
  greet(): void {
    this.#raw.send({
      type: 'response.create',
      response: {
        // No tool is of any use yet.
        tool_choice: 'none',
        instructions: 'Greet the caller for Oak Street Dental.',
      },
    });
  }

  /** A key of the phone. */
  pressed(key: string): void {
    if (key === '0') {
      this.#session.respond('menu', { whenBlocked: 'refuse' }).done.catch(() => undefined);
      return;
    }
    this.#raw.send({ type: 'response.create', response: { instructions: `The caller pressed ${key}. Help.` } });
  }

  operatorJoins(): void {
    this.#raw.send({ type: 'response.cancel' });
    this.#raw.send({ type: 'response.create', response: { instructions: 'Say that a colleague takes over.' } });
  }

  /** The caller has waited long enough for the office. */
  async officeIsSlow(): Promise<void> {
    await officeIsSlow(this.#session, this.#raw);
  }

  /** The supervisor's button. */
  recordingStopped(): void {
    recordingFailed(this.#raw);
  }

  // Silence ------------------------------------------------------------------------------------------------------------

  #expectTheCaller(): void {
    this.#forgetNudge();
    this.#forgetNudge = this.#parts.clock.after(NUDGE_AFTER_MS, () => this.#checkSilence());
  }

  #checkSilence(): void {
    if (this.#state === 'over') return;
    this.#raw.send({ type: 'response.create', response: { instructions: 'Ask whether the caller is still there.' } });
  }

  // What goes wrong ----------------------------------------------------------------------------------------------------

  #retryAfterError(): void {
    if (this.#state === 'over' || this.#retries > 0) return;
    this.#retries += 1;
    this.#raw.send({ type: 'response.create' });
  }

  #responseFailed(): void {
    apologise(this.#session, this.#raw);
  }

  #transcriptionFailed(): void {
    this.#raw.send({ type: 'response.create', response: { instructions: 'Ask the caller to say that again.' } });
  }

  // Tools that are run here --------------------------------------------------------------------------------------------

  async #handleCall(call: SessionEvents['call']): Promise<void> {
    switch (call.name) {
      case 'check_availability':
        return this.#checkAvailability(call.callId, call.args as { date: string });
      case 'cancel_appointment':
        return this.#cancelAppointment(call.callId, call.args as { name: string });
      case 'end_call':
        return this.#endCall(call.callId);
      default:
        this.#giveOutput(call.callId, { error: 'There is no such tool.' });
        this.#raw.send({ type: 'response.create' });
    }
  }

  async #checkAvailability(callId: string, { date }: { date: string }): Promise<void> {
    const slow = this.#parts.clock.after(SLOW_MS, () => officeTimedOut(this.#session, this.#raw));
    try {
      const free = await this.#parts.office.freeTimes(date);
      this.#session.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: callId, output: JSON.stringify({ date, free }) },
      });
      // Now the model can tell.
      this.#raw.send({ type: 'response.create' });
    } catch {
      this.#giveOutput(callId, { error: 'The book cannot be read.' });
      this.#raw.send({ type: 'response.create' });
    } finally {
      slow();
    }
  }

  /** The oldest of the tools: it never heard of a session. */
  async #cancelAppointment(callId: string, { name }: { name: string }): Promise<void> {
    await this.#parts.office.cancel(name);
    const item = { type: 'function_call_output', call_id: callId, output: '{"cancelled":true}' };
    this.#raw.send({ type: 'conversation.item.create', item });
    this.#raw.send({ type: 'response.create' });
  }

  #giveOutput(callId: string, output: object): void {
    this.#session.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: callId, output: JSON.stringify(output) },
    });
  }

  // The end ------------------------------------------------------------------------------------------------------------

  #endCall(callId: string): void {
    this.#giveOutput(callId, { ended: true });
    this.#raw.send({ type: 'response.create', response: { instructions: 'Say goodbye.' } });
    this.#parts.clock.after(GOODBYE_MS, () => this.hangUp());
  }

  /** The office closes: the call has to end now. */
  closeOffice(): void {
    const call = this.#raw;
    call.send({ type: 'response.create', response: { instructions: 'Say that the office closes.' } });
    this.#parts.clock.after(GOODBYE_MS, () => this.hangUp());
  }

  hangUp(): void {
    this.#state = 'over';
    this.#forgetNudge();
    this.#parts.hangUpLeg();
    this.#raw.send({ type: 'response.create', response: { instructions: 'Thank the caller.' } });
    this.#parts.clock.after(GOODBYE_MS, () => void this.#session.close());
  }

  /** The caller has gone: what is not known yet is asked of the model, for the file. */
  callerHungUp(): void {
    this.#state = 'over';
    this.#forgetNudge();
    this.#raw.send({
      type: 'response.create',
      response: { conversation: 'none', output_modalities: ['text'], instructions: 'Sum the call up.' },
    });
  }
}
