import { plan, tool, type SessionOf, type SharedBudget, type ToolCall } from 'gated-realtime';
import { z } from 'zod';
import { callBudget } from './budget.js';
import type { CallLimits } from './config.js';
import type { Office } from './office.js';

/** What one call depends on. */
export interface CallParts {
  readonly callSid: string;
  readonly office: Office;
  readonly limits: CallLimits;
  /** The shared budget for all calls of today; null: no limit. */
  readonly today: SharedBudget | null;
  /** Read by the guards, changed by the call. */
  readonly state: CallState;
  /** Ends the carrier's leg. */
  readonly hangUp: () => void;
}

export interface CallState {
  operator: 'away' | 'has the call';
  toolsAtWork: number;
}

export type Receptionist = SessionOf<typeof receptionist>;

/** The plan of the agent: what it knows, what it can do, and when it must be silent. */
export const receptionist = (parts: CallParts) =>
  plan({
    session: {
      instructions,
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          transcription: { model: 'gpt-4o-mini-transcribe' },
          turn_detection: listening.answers,
        },
        output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
      },
    },
    purposes: ['greeting', 'nudge', 'keypad', 'operator-has-left'],
    tools: [saveLeadInfo(parts), checkAvailability(parts), scheduleAppointment(parts), endCall()],
    guards: { operator: () => parts.state.operator === 'has the call' },
    // A nudge must not come before the caller has heard the last sentence.
    playback: { waits: true },
    recovery: {
      'server-error': { retries: 1, backoffMs: 300, apology: say(sorry), then: 'hang-up' },
      'max-output-tokens': { apology: say('Say that you lost the thread, and ask what you can do.'), then: 'go-on' },
    },
    budget: callBudget(parts.limits.budgetUsd, parts.today, sentences.moneySpent),
    hangUp: async () => parts.hangUp(),
  });

const instructions = `
You are the receptionist of Oak Street Dental, on the phone. Be warm, and brief: one or two short sentences at a time.
You book appointments of half an hour, Monday to Friday, and you take down what callers want.
Never say that something is booked before schedule_appointment has said so. When the caller is done, call end_call.
`.trim();

/** Settings for listening: the server answers each turn by itself, or only transcribes. */
export const listening = {
  answers: { type: 'server_vad', silence_duration_ms: 500, create_response: true, interrupt_response: true },
  writes: { type: 'server_vad', silence_duration_ms: 500, create_response: false, interrupt_response: false },
} as const;

/** Parameters for saying one thing without calling a tool. */
export const say = (what: string) => ({ instructions: `${what} One short sentence.`, tool_choice: 'none' }) as const;

export const sentences = {
  greeting: say('Greet the caller for Oak Street Dental, and ask what you can do for them.'),
  nudge: say('Ask whether the caller is still there.'),
  nobodyThere: say('Say that you cannot hear anybody, that they may call again, and goodbye.'),
  turnsSpent: say('Say that you must end the call here, that a colleague will call back, and goodbye.'),
  moneySpent: say('Say that you must end the call here, that a colleague will call back, and goodbye.'),
  shutdown: say('Say that you must end the call for technical reasons, that they may call again, and goodbye.'),
};

const sorry = 'Apologise for a technical problem, say that a colleague will call back, and goodbye.';

const saveLeadInfo = ({ callSid, office, ...parts }: CallParts) =>
  tool({
    name: 'save_lead_info',
    description: 'Saves who called and what they want. Call it again to correct it.',
    parameters: z.object({ name: z.string().min(1), phone: z.string().min(3), wish: z.string().min(1) }),
    run: (lead, call) =>
      patiently(parts, call, async () => {
        await office.saveLead(callSid, { functionCallId: call.callId, ...lead });
        return { saved: true };
      }),
  });

const day = z.iso.date().describe('YYYY-MM-DD');

const checkAvailability = ({ office, ...parts }: CallParts) =>
  tool({
    name: 'check_availability',
    description: 'Tells at what times of a day an appointment can begin.',
    parameters: z.object({ date: day }),
    run: ({ date }, call) => patiently(parts, call, async () => ({ date, free: await office.freeTimes(date) })),
  });

const scheduleAppointment = ({ callSid, office, ...parts }: CallParts) =>
  tool({
    name: 'schedule_appointment',
    description: 'Books an appointment. Where the time is taken, it tells what is free instead.',
    parameters: z.object({ name: z.string().min(1), date: day, time: z.iso.time({ precision: -1 }).describe('HH:MM') }),
    run: (asked, call) =>
      patiently(parts, call, () => office.book(callSid, { functionCallId: call.callId, ...asked }, call.signal)),
  });

/** Longer than the hang-up itself may take, because the tool waits for it. */
const END_CALL_TIMEOUT_MS = 60_000;

const endCall = () =>
  tool({
    name: 'end_call',
    description: 'Says goodbye and hangs up. Say nothing yourself before you call it.',
    parameters: z.object({}),
    timeoutMs: END_CALL_TIMEOUT_MS,
    run: async (_, { session }) => {
      const ending = await session.hangup({ farewell: say('Say goodbye.'), onBargeIn: 'resume' });
      return ending.kind === 'resumed' ? 'The caller has something to add: the call goes on.' : 'The call has ended.';
    },
    // A caller who speaks over the goodbye is answered anyway.
    reply: 'silent',
  });

/** Asks the caller for a moment if the work takes long. */
async function patiently<Result>(
  { limits, state }: Pick<CallParts, 'limits' | 'state'>,
  call: ToolCall<string>,
  work: () => Promise<Result>,
): Promise<Result> {
  const remark = () => call.respond({ response: say('Ask the caller for a moment.'), whenBlocked: 'refuse' });
  const timer = setTimeout(remark, limits.patienceMs);
  // After the call of the tool is aborted, it has nothing to say either.
  call.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  state.toolsAtWork += 1;
  try {
    return await work();
  } finally {
    state.toolsAtWork -= 1;
    clearTimeout(timer);
  }
}
