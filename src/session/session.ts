import type {
  AnyTool,
  ConfirmedSession,
  HangUpOptions,
  Respond,
  RespondOptions,
  SessionPlan,
  SessionSettings,
  Verdict,
} from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { encode, encodeAppend, snapshot, type ClientEvent } from '../wire/index.js';
import { check, checkObject } from './check.js';
import type { Core } from './core.js';
import { eventsOf } from './events.js';
import { unheeded } from './updates.js';
import { hangUpper } from './hangup.js';
import { within } from './mail.js';
import { followPlayback } from './playback.js';
import { runnable, settingsOf } from './plan.js';
import { Purposes, request } from './respond.js';
import { Recoveries } from './recovery.js';
import { stateOf } from './state.js';
import { Tools } from './tools.js';

type Change = { readonly session?: SessionSettings | undefined; readonly tools?: readonly AnyTool[] | undefined };
type AnyConfirmed = ConfirmedSession<string>;

/** A session that is not yet its user's. */
export interface Prepared {
  readonly session: AnyConfirmed;
  /** The server has confirmed it. */
  begin(): void;
}

/** The session that a plan configures. Whoever makes it hands it out only once the server has confirmed it. */
export function prepareSession(core: Core, plan: SessionPlan): Prepared {
  const initial = runnable(plan.tools ?? []);
  const purposes: Purposes = new Purposes(plan.purposes, initial.keys());
  const playback = followPlayback(core, plan);

  // The one issuer, and the one cast: no other value has this brand.
  const respond = ((purpose, options = {}) => {
    purposes.mustAllow(purpose);
    const verdict = request(core, purpose, options, 'user');
    if (interrupts(options) && onlySpeechIsInTheWayOf(verdict)) playback.cut();
    return verdict;
  }) as Respond<string>;

  const session: AnyConfirmed = {
    respond,
    get id() {
      return core.id;
    },
    get closed() {
      return core.closed.promise;
    },
    get state() {
      return stateOf(core.gate, core.clock.now(), core.dropped);
    },
    send(event) {
      core.driver.mustNotBeAsking();
      const plain = snapshot(event);
      if (plain.type === 'input_audio_buffer.append') core.write(appendOf(plain));
      else if (core.gate.connection !== 'open') core.dropped++;
      else core.call({ type: 'send', event: plain });
    },
    appendAudio(audio) {
      if (core.gate.connection === 'open') core.write(encodeAppend(audio));
      else core.dropped++;
    },
    userTurn(edge) {
      if (edge !== 'begins' && edge !== 'ends') throw new MisuseError("userTurn() takes 'begins' or 'ends'.");
      core.call({ type: 'turn', edge });
    },
    heard(position) {
      core.driver.mustNotBeAsking();
      playback.heard(position);
    },
    update(change: Change) {
      core.driver.mustNotBeAsking();
      return unheeded(update(change));
    },
    interrupt() {
      core.call({ type: 'interrupt' });
      playback.cut();
    },
    reconsider: () => core.call({ type: 'reconsider' }),
    hangup(options: HangUpOptions = {}) {
      checkObject(options, 'hangup()');
      return hangUp(options, 'farewell');
    },
    on(type, listener) {
      check(
        typeof type === 'string' && typeof listener === 'function',
        'on() takes the name of an event, and a function.',
      );
      check(!within.has(type), `There is no event '${type}'.`);
      return core.mail.on(type, listener);
    },
    events(options = {}) {
      checkObject(options, 'events()');
      return eventsOf(core, options.buffer);
    },
    close: () => core.end({ kind: 'closed' }),
    [Symbol.asyncDispose]: () => core.end({ kind: 'closed' }),
  };

  const tools = new Tools(core, session, initial);
  const endCall = plan.hangUp ?? core.endCall;
  const hangUp = hangUpper(core, { playback, endCall, abortTools: () => tools.hangUp() });

  async function update(change: Change): Promise<AnyConfirmed> {
    checkObject(change, 'update()');
    const next = change.tools && runnable(change.tools);
    const settings = settingsOf(change.session, change.tools);
    const { done } = core.configure(settings, core.gate.rules.limits.confirmMs, () => {
      if (!next) return;
      tools.exchange(next);
      purposes.retool(next.keys());
    });
    await done;
    return session;
  }

  const recoveries = plan.recovery && new Recoveries(core, plan.recovery, hangUp);
  const begin = (): void => {
    playback.begin();
    tools.begin();
    recoveries?.begin();
    if (endCall) recoveries?.endWithTheConnection();
  };
  return { session, begin };
}

/** What is beside the conversation interrupts nothing in it. */
const interrupts = ({ interrupt, response }: RespondOptions): boolean =>
  interrupt === true && response?.conversation !== 'none';

/** What an interruption may put an end to: an answer that is being made, and one that is still being heard. */
const onlySpeechIsInTheWayOf = (verdict: Verdict): boolean =>
  verdict.kind === 'admit' ||
  (verdict.kind === 'hold' && verdict.by.every((by) => by === 'response-active' || by === 'playback'));

/** The audio is checked; whatever else the event has, its `event_id` first of all, goes with it. */
function appendOf(event: ClientEvent): string {
  const append = encodeAppend(event['audio'] as string);
  return Object.keys(event).length > 2 ? encode(event) : append;
}
