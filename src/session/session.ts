import type { AnyTool, ConfirmedSession, Respond, SessionPlan, SessionSettings } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { modelOf, takesEvent, type ToolSet } from '../machine/index.js';
import { type ClientEvent, encode, encodeAppend, snapshot } from '../wire/index.js';
import { budgetChangeOf, mustBePriced, transcriberIn } from './budget.js';
import { check, checkKeys, checkObject } from './check.js';
import { asError } from './emitter.js';
import { eventsOf } from './events.js';
import { hangUpOf } from './hang-up-options.js';
import { onceOf } from './once.js';
import { runnable, settingsOf, toolSetOf } from './plan.js';
import { PlannedWorld } from './planned-world.js';
import { Purposes, request, NO_OPTIONS } from './respond.js';
import type { Runtime } from './runtime.js';
import { ToolRunner, type Tools } from './tool-runner.js';
import { handled } from './updates.js';

type Change = { readonly session?: SessionSettings | undefined; readonly tools?: readonly AnyTool[] | undefined };
type AnyConfirmed = ConfirmedSession<string>;

/** A session that its user does not have yet. */
export interface Prepared {
  readonly session: AnyConfirmed;
  readonly tools: ToolSet;
  /** Called on the server's confirmation: from then on the machine's commands reach the session. */
  begin(): void;
}

/** Makes the session for a plan. The caller gives it to the user only after the server's confirmation. */
export function prepareSession(runtime: Runtime, plan: SessionPlan, endCall: SessionPlan['hangUp']): Prepared {
  const initial = runnable(plan.tools ?? []);
  const runner = new ToolRunner(runtime);
  const session = new GatedSession(runtime, runner, new Purposes(plan.purposes, initial.keys()));
  const tools = declared(runner, initial, plan.tools ?? []);
  const history = plan.reconnect ? plan.reconnect.history : undefined;
  const begin = (): void => {
    runner.confirm(tools.generation);
    runtime.world = new PlannedWorld(runtime, runner, session, { endCall, history });
  };
  return { session, tools, begin };
}

const declared = (runner: ToolRunner, tools: Tools, list: readonly AnyTool[]): ToolSet =>
  toolSetOf(runner.add(tools), tools, list);

const READ = Symbol('read');
const readings = {
  id: ({ id }: Runtime): string => id,
  closed: ({ closed }: Runtime): AnyConfirmed['closed'] => closed.promise,
  state: ({ state }: Runtime): AnyConfirmed['state'] => state,
  ledger: ({ ledger }: Runtime): AnyConfirmed['ledger'] => ledger,
  effective: ({ described }: Runtime): AnyConfirmed['effective'] => structuredClone(described.effective),
};

/** The user's session. Its methods are values: they may be taken off it, and passed on. */
class GatedSession implements AnyConfirmed {
  readonly #runtime: Runtime;
  readonly #runner: ToolRunner;
  readonly #purposes: Purposes;

  constructor(runtime: Runtime, runner: ToolRunner, purposes: Purposes) {
    this.#runtime = runtime;
    this.#runner = runner;
    this.#purposes = purposes;
  }

  // The only place that issues the brand, and the only cast: no other value has it.
  readonly respond = ((purpose, options = NO_OPTIONS) => {
    this.#purposes.mustAllow(purpose);
    return request(this.#runtime, purpose, options, 'user');
  }) as Respond<string>;

  /** Answers the getters: a proxy around the session has this function, and could not reach a `#field`. */
  readonly [READ] = <Name extends keyof typeof readings>(name: Name): ReturnType<(typeof readings)[Name]> =>
    readings[name](this.#runtime) as ReturnType<(typeof readings)[Name]>;

  get id(): string {
    return this[READ]('id');
  }

  get closed(): AnyConfirmed['closed'] {
    return this[READ]('closed');
  }

  get state(): AnyConfirmed['state'] {
    return this[READ]('state');
  }

  get ledger(): AnyConfirmed['ledger'] {
    return this[READ]('ledger');
  }

  get effective(): AnyConfirmed['effective'] {
    return this[READ]('effective');
  }

  readonly send: AnyConfirmed['send'] = (event) => {
    const runtime = this.#runtime;
    runtime.answers.mustNotBeAsking();
    const plain = snapshot(event);
    if (plain.type === 'input_audio_buffer.append') runtime.append(appendOf(plain));
    else if (!runtime.ask(takesEvent, plain.type)) runtime.drop();
    else runtime.call({ type: 'send', event: plain });
  };

  readonly appendAudio: AnyConfirmed['appendAudio'] = (audio) => {
    const runtime = this.#runtime;
    if (runtime.goesOn) runtime.append(encodeAppend(audio));
    else runtime.drop();
  };

  readonly userTurn: AnyConfirmed['userTurn'] = (edge) => {
    if (edge !== 'begins' && edge !== 'ends') throw new MisuseError("userTurn() takes 'begins' or 'ends'.");
    this.#runtime.call({ type: 'turn', edge });
  };

  readonly heard: AnyConfirmed['heard'] = (position) => {
    checkObject(position, 'heard()');
    checkKeys(position, 'heard()', ['itemId', 'ms']);
    const { itemId, ms } = position;
    if (typeof itemId !== 'string' || !(Number.isFinite(ms) && ms >= 0)) {
      throw new MisuseError('heard() takes { itemId, ms }: a string, and milliseconds from the start of the item.');
    }
    this.#runtime.call({ type: 'heard', itemId, ms });
  };

  readonly update = (change: Change): Promise<AnyConfirmed> => {
    this.#runtime.answers.mustNotBeAsking();
    try {
      return this.#update(change);
    } catch (error) {
      return handled(Promise.reject(asError(error)));
    }
  };

  readonly interrupt: AnyConfirmed['interrupt'] = () => this.#runtime.call({ type: 'interrupt' });

  readonly reconsider: AnyConfirmed['reconsider'] = () => this.#runtime.call({ type: 'reconsider' });

  readonly hangup: AnyConfirmed['hangup'] = (options = {}) =>
    this.#runtime.hangup({ type: 'hang-up', asked: hangUpOf(options) });

  readonly setBudget: AnyConfirmed['setBudget'] = (change) => {
    const asked = budgetChangeOf(change);
    if (!this.#runtime.rules.budget) throw new MisuseError('The plan has no budget: give it one to begin with.');
    this.#runtime.call({ type: 'budget', ...asked });
  };

  readonly answer: AnyConfirmed['answer'] = (callId, result) => {
    this.#runtime.answers.mustNotBeAsking();
    this.#runner.answer(callId, result);
  };

  readonly once: AnyConfirmed['once'] = (type, options = {}) => onceOf(this.#runtime, type, options);

  readonly on: AnyConfirmed['on'] = (type, listener) => {
    check(
      typeof type === 'string' && typeof listener === 'function',
      'on() takes the name of an event, and a function.',
    );
    return this.#runtime.emitter.on(type, listener);
  };

  readonly events: AnyConfirmed['events'] = (options = {}) => {
    checkObject(options, 'events()');
    checkKeys(options, 'events()', ['buffer']);
    return eventsOf(this.#runtime, options.buffer);
  };

  readonly close = (): Promise<void> => this.#runtime.close();

  readonly [Symbol.asyncDispose] = this.close;

  #update(change: Change): Promise<AnyConfirmed> {
    checkObject(change, 'update()');
    checkKeys(change, 'update()', ['session', 'tools']);
    const [runtime, runner] = [this.#runtime, this.#runner];
    const next = change.tools && runnable(change.tools);
    const settings = settingsOf(change.session, change.tools);
    const transcriber = transcriberIn(change.session);
    mustBePriced(runtime.rules, { model: runtime.ask(modelOf), transcriber });
    const tools = next && change.tools ? declared(runner, next, change.tools) : null;
    const timeoutMs = runtime.rules.limits.confirmMs;
    const confirm = (): AnyConfirmed => {
      if (tools) runner.confirm(tools.generation);
      if (next) this.#purposes.retool(next.keys());
      return this;
    };
    const drop = (): void => {
      if (tools) runner.drop(tools.generation);
    };
    return runtime.configure({ session: settings, tools, timeoutMs }, { by: 'update', confirm, drop }).done;
  }
}

/** Checks the event's audio and writes its text, with its other fields, `event_id` included. */
function appendOf(event: ClientEvent): string {
  const append = encodeAppend(event['audio'] as string);
  return Object.keys(event).length > 2 ? encode(event) : append;
}
