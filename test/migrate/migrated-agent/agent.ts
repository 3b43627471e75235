/** The agent of `../bad-agent`, migrated: as the command rewrites it, and with the hand edits that its marks ask for. */
import {
  openSession,
  plan,
  tool,
  type Clock,
  type SessionEvents,
  type SessionOf,
  type Transport,
} from 'gated-realtime';
import { z } from 'zod';
import { apologise, officeIsSlow, officeTimedOut, recordingFailed } from './errors.js';
import type { Office } from './office.js';

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

const saveLeadInfo = (office: Office) =>
  tool({
    name: 'save_lead_info',
    description: 'Saves who called.',
    parameters: z.object({ name: z.string(), phone: z.string() }),
    run: async (lead) => {
      try {
        await office.saveLead(lead);
        return { saved: true };
      } catch {
        // The model has to know that it failed.
        return { saved: false };
      }
    },
  });

const checkAvailability = tool({
  name: 'check_availability',
  description: 'Tells at what times of a day an appointment can begin.',
  parameters: z.object({ date: z.string() }),
});

const scheduleAppointment = (office: Office) =>
  tool({
    name: 'schedule_appointment',
    description: 'Books an appointment.',
    parameters: z.object({ name: z.string(), time: z.string() }),
    run: async (appointment, call) => {
      void call.respond({ response: { instructions: 'Ask the caller for a moment.' } });
      try {
        const number = await office.book(appointment);
        return { booked: true, number };
      } catch {
        return { booked: false };
      }
    },
    reply: ({ booked }) => (booked ? { instructions: 'Read the booking out.' } : 'respond'),
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
export const receptionist = ({ office, hangUpLeg }: AgentParts) =>
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
      'check-silence',
      'close-office',
      'greet',
      'hung-up',
      'operator-joins',
      'pressed',
      'retry-after-error',
      'transcription-failed',
      'apologise',
      'office-timed-out',
      'office-is-slow',
      'recording-failed',
    ],
    tools: [saveLeadInfo(office), checkAvailability, scheduleAppointment(office), cancelAppointment, endCall],
    hangUp: async () => hangUpLeg(),
  });

type Receptionist = SessionOf<typeof receptionist>;

// The call -------------------------------------------------------------------------------------------------------------

export async function openAgent(parts: AgentParts): Promise<PhoneAgent> {
  const { transport, clock } = parts;
  const session = await openSession({ ...receptionist(parts), transport, clock });
  return new PhoneAgent(session, parts);
}

export class PhoneAgent {
  readonly #session: Receptionist;
  readonly #parts: AgentParts;
  /** How many responses were asked for, by purpose: what the bill is explained with. */
  readonly ledger = new Map<string, number>();
  #state: 'talking' | 'over' = 'talking';
  #retries = 0;
  #forgetNudge = (): void => undefined;

  constructor(session: Receptionist, parts: AgentParts) {
    this.#session = session;
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
    void this.#session.respond('greet', {
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
    void this.#session.respond('pressed', { response: { instructions: `The caller pressed ${key}. Help.` } });
  }

  operatorJoins(): void {
    void this.#session.respond('operator-joins', {
      interrupt: true,
      response: { instructions: 'Say that a colleague takes over.' },
    });
  }

  /** The caller has waited long enough for the office. */
  async officeIsSlow(): Promise<void> {
    await officeIsSlow(this.#session);
  }

  /** The supervisor's button. */
  recordingStopped(): void {
    recordingFailed(this.#session);
  }

  // Silence ------------------------------------------------------------------------------------------------------------

  #expectTheCaller(): void {
    this.#forgetNudge();
    this.#forgetNudge = this.#parts.clock.after(NUDGE_AFTER_MS, () => this.#checkSilence());
  }

  #checkSilence(): void {
    if (this.#state === 'over') return;
    void this.#session.respond('check-silence', {
      response: { instructions: 'Ask whether the caller is still there.' },
    });
  }

  // What goes wrong ----------------------------------------------------------------------------------------------------

  #retryAfterError(): void {
    if (this.#state === 'over' || this.#retries > 0) return;
    this.#retries += 1;
    void this.#session.respond('retry-after-error');
  }

  #responseFailed(): void {
    apologise(this.#session);
  }

  #transcriptionFailed(): void {
    void this.#session.respond('transcription-failed', {
      response: { instructions: 'Ask the caller to say that again.' },
    });
  }

  // Tools that are run here --------------------------------------------------------------------------------------------

  async #handleCall(call: SessionEvents['call']): Promise<void> {
    switch (call.name) {
      case 'check_availability':
        return this.#checkAvailability(call.callId, call.args as { date: string });
      case 'cancel_appointment':
        return this.#cancelAppointment(call.callId, call.args as { name: string });
      case 'end_call':
        return this.#endCall();
      default:
        this.#giveOutput(call.callId, { error: 'There is no such tool.' });
    }
  }

  async #checkAvailability(callId: string, { date }: { date: string }): Promise<void> {
    const slow = this.#parts.clock.after(SLOW_MS, () => officeTimedOut(this.#session));
    try {
      const free = await this.#parts.office.freeTimes(date);
      this.#session.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: callId, output: JSON.stringify({ date, free }) },
      });
      // Now the model can tell.
    } catch {
      this.#giveOutput(callId, { error: 'The book cannot be read.' });
    } finally {
      slow();
    }
  }

  /** The oldest of the tools: it never heard of a session. */
  async #cancelAppointment(callId: string, { name }: { name: string }): Promise<void> {
    await this.#parts.office.cancel(name);
    this.#session.answer(callId, { cancelled: true });
  }

  #giveOutput(callId: string, output: object): void {
    this.#session.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: callId, output: JSON.stringify(output) },
    });
  }

  // The end ------------------------------------------------------------------------------------------------------------

  #endCall(): void {
    this.#hangUp('Say goodbye.');
  }

  /** The office closes: the call has to end now. */
  closeOffice(): void {
    void this.#session.respond('close-office', { response: { instructions: 'Say that the office closes.' } });
    this.#parts.clock.after(GOODBYE_MS, () => this.hangUp());
  }

  hangUp(): void {
    this.#hangUp('Thank the caller.');
  }

  #hangUp(farewell: string): void {
    this.#state = 'over';
    this.#forgetNudge();
    void this.#session.hangup({ farewell: { instructions: farewell } });
  }

  /** The caller has gone: what is not known yet is asked of the model, for the file. */
  callerHungUp(): void {
    this.#state = 'over';
    this.#forgetNudge();
    void this.#session.respond('hung-up', {
      response: { conversation: 'none', output_modalities: ['text'], instructions: 'Sum the call up.' },
    });
  }
}
