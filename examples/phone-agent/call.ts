import { logTo, userMessage } from 'gated-realtime';
import type { AnySession, Ending, Logger } from 'gated-realtime';
import { openSession, type WsConnectOptions } from 'gated-realtime/ws';
import { within } from '../shared/within.js';
import { EarlyAudio } from './early-audio.js';
import { Keypad } from './keypad.js';
import { listening, receptionist, sentences } from './receptionist.js';
import type { CallParts, CallState, Receptionist } from './receptionist.js';
import { Silence } from './silence.js';
import { TwilioStream, type StreamMessage } from './twilio-stream.js';

export interface CallOptions extends Omit<CallParts, 'state' | 'hangUp'> {
  readonly caller: string;
  readonly stream: TwilioStream;
  readonly openai: WsConnectOptions;
  /** Also takes the decisions and faults of the session. */
  readonly log: Logger;
  /** Called with the session once it exists; `gone` is aborted when the caller has left. */
  readonly onSession?: ((session: AnySession, gone: AbortSignal) => void) | undefined;
}

/** Ten seconds of the caller's audio. */
const EARLY_FRAMES = 500;
/** How long the office may take to save something: a call must not hang on a database that does not answer. */
const OFFICE_MS = 5_000;

/** One phone call: Twilio's stream on one side, the model's session on the other. */
export class Call {
  /** Settles with how the call ended, once that is saved. Never rejects. */
  readonly ended: Promise<string>;
  readonly #options: CallOptions;
  readonly #state: CallState = { operator: 'away', toolsAtWork: 0 };
  readonly #early = new EarlyAudio(EARLY_FRAMES);
  readonly #silence: Silence;
  readonly #keypad = new Keypad((digits) => this.#typed(digits));
  /** Aborted when the call is over or the caller has left; its reason says how. Nothing is done after that. */
  readonly #gone = new AbortController();
  #session: Receptionist | null = null;
  #nudges = 0;
  #turns = 0;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#silence = new Silence(options.limits.silenceMs, () => this.#quietTooLong());
    this.ended = this.#run();
  }

  // From Twilio -----------------------------------------------------------------------------------------------------

  /** Handles a message of the carrier's. Messages after the end are ignored: marks often arrive late. */
  take(message: StreamMessage): void {
    if (this.#gone.signal.aborted) return;
    if (message.event === 'media') this.#hear(message.media.payload);
    if (message.event === 'mark') this.#heard(message.mark.name);
    if (message.event === 'dtmf') this.#keypad.press(message.dtmf.digit);
    if (message.event === 'stop') this.leave('the caller hung up');
  }

  /** Handles that the caller has left. */
  leave(how: string): void {
    this.#gone.abort(how);
    void this.#session?.close();
  }

  #hear(payload: string): void {
    if (this.#session) this.#session.appendAudio(payload);
    else this.#early.keep(payload);
  }

  #heard(mark: string): void {
    this.#session?.heard(TwilioStream.heard(mark));
    this.#silence.broken();
  }

  #typed(digits: string): void {
    this.#silence.broken();
    this.#session?.send(userMessage(`The caller typed ${digits} on the keypad.`));
    void this.#session?.respond('keypad');
  }

  // From the operator -----------------------------------------------------------------------------------------------

  /** Silences the agent, which keeps transcribing. */
  async takeOver(): Promise<void> {
    this.#state.operator = 'has the call';
    this.#session?.interrupt();
    await this.#session?.update(turnDetection('writes'));
  }

  async giveBack(): Promise<void> {
    await this.#session?.update(turnDetection('answers'));
    this.#state.operator = 'away';
    this.#session?.reconsider();
    void this.#session?.respond('operator-has-left');
  }

  /** Ends the call with a goodbye, at any point, because this program is about to stop. */
  async sayGoodbye(): Promise<void> {
    if (!this.#session) return this.leave('the agent was shut down');
    const goodbye = { farewell: sentences.shutdown, onBargeIn: 'hang-up', deadlineMs: 10_000 } as const;
    const { kind } = await this.#session.hangup(goodbye);
    // The caller interrupted an earlier goodbye, so a new one is needed.
    if (kind === 'resumed') await this.sayGoodbye();
  }

  // The call itself -------------------------------------------------------------------------------------------------

  async #run(): Promise<string> {
    const { callSid, office, stream, log } = this.#options;
    const ending = await this.#conversation();
    this.#gone.abort(ending);
    this.#silence.end();
    this.#keypad.end();
    stream.end();
    log.info({ ending, usd: this.#costUsd() }, 'the call is over');
    try {
      await within(OFFICE_MS, office.callEnded(callSid, ending));
    } catch (err) {
      log.error({ err }, 'how the call ended was not written down');
    }
    return ending;
  }

  /** US dollars; null if the model was never asked for anything. */
  #costUsd(): number | null {
    return this.#session ? this.#session.ledger.total.nanoUsd / 1e9 : null;
  }

  /** Runs the conversation, and returns how it ended. Never rejects. */
  async #conversation(): Promise<string> {
    const { callSid, caller, office, log } = this.#options;
    try {
      await within(OFFICE_MS, office.callBegan(callSid, caller));
      return await this.#converse();
    } catch (err) {
      if (this.#gone.signal.aborted) return String(this.#gone.signal.reason);
      log.error({ err }, 'the call failed');
      return 'failed';
    }
  }

  async #converse(): Promise<string> {
    const { openai, stream, log, onSession } = this.#options;
    const { signal } = this.#gone;
    const agent = receptionist({ ...this.#options, state: this.#state, hangUp: () => stream.end() });
    const observe = [...(openai.observe ?? []), logTo(log)];
    await using session = await openSession({ ...openai, ...agent, signal, observe });
    signal.throwIfAborted();
    this.#session = session;
    onSession?.(session, signal);
    this.#listen(session);
    for (const frame of this.#early.take()) session.appendAudio(frame);
    void session.respond('greeting', { response: sentences.greeting, whenBlocked: 'hold-this-turn' });
    this.#silence.broken();
    const ending = await session.closed;
    return ending.kind === 'closed' ? String(signal.reason) : inWords(ending);
  }

  #listen(session: Receptionist): void {
    const { stream } = this.#options;
    session.on('audio', ({ itemId, bytes }) => stream.play(itemId, bytes));
    session.on('cut', () => stream.clear());
    session.on('input_audio_buffer.speech_started', () => this.#callerSpeaks());
    session.on('input_audio_buffer.speech_stopped', () => this.#callerHasSpoken(session));
    session.on('response', (response) => {
      this.#silence.broken();
      // The server began this response before it knew that it must be silent.
      if (this.#state.operator === 'has the call' && response.purpose === null) response.cancel();
    });
    session.on('response.done', () => this.#silence.broken());
  }

  #callerSpeaks(): void {
    this.#nudges = 0;
    this.#silence.broken();
  }

  /**
   * Counts a turn of the caller. The last turn is still answered, then comes the goodbye. Speech to an operator is not
   * counted.
   */
  #callerHasSpoken(session: Receptionist): void {
    this.#silence.broken();
    if (this.#state.operator === 'has the call') return;
    this.#turns += 1;
    if (this.#turns < this.#options.limits.turns) return;
    void session.hangup({ farewell: sentences.turnsSpent, onBargeIn: 'hang-up' });
  }

  /** Asks whether the caller is there. Refused while anybody speaks or is about to: then it was not quiet after all. */
  #quietTooLong(): void {
    if (!this.#session || this.#state.toolsAtWork > 0 || this.#state.operator === 'has the call') return;
    if (this.#nudges >= this.#options.limits.nudges) {
      void this.#session.hangup({ farewell: sentences.nobodyThere, onBargeIn: 'resume' });
      return;
    }
    const verdict = this.#session.respond('nudge', { response: sentences.nudge, whenBlocked: 'refuse' });
    if (verdict.kind === 'admit') this.#nudges += 1;
  }
}

const turnDetection = (how: keyof typeof listening) => ({
  session: { audio: { input: { turn_detection: listening[how] } } },
});

/** `failed`: the caller has not heard why, so Twilio says it. */
const inWords = (ending: Ending): string => (ending.kind === 'hung-up' ? hungUp(ending.farewell) : 'failed');

const hungUp = (farewell: string): string => `the agent hung up, farewell ${farewell}`;

/** The caller has heard no goodbye, so Twilio says it. */
export const UNSAID = hungUp('failed');
