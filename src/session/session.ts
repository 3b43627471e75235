import type {
  AnyTool,
  ConfirmedSession,
  HangUpOptions,
  OnceOptions,
  Respond,
  SessionEvents,
  SessionPlan,
  SessionSettings,
} from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { ledgerOf, modelOf, takesEvent, type ToolSet } from '../machine/index.js';
import { type ClientEvent, encode, encodeAppend, snapshot } from '../wire/index.js';
import { budgetChangeOf, mustBePriced, transcriberIn } from './budget.js';
import { check, checkKeys, checkObject } from './check.js';
import { asError } from './emitter.js';
import { eventsOf } from './events.js';
import { hangUpOf } from './hang-up-options.js';
import { onceOf } from './once.js';
import { runnable, settingsOf, toolSetOf } from './plan.js';
import { Purposes, request, NO_OPTIONS } from './respond.js';
import type { Runtime } from './runtime.js';
import { askHistory } from './history.js';
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
export function prepareSession(runtime: Runtime, plan: SessionPlan, endCall: EndCall): Prepared {
  const initial = runnable(plan.tools ?? []);
  const purposes: Purposes = new Purposes(plan.purposes, initial.keys());

  // The only place that issues the brand, and the only cast: no other value has it.
  const respond = ((purpose, options = NO_OPTIONS) => {
    purposes.mustAllow(purpose);
    return request(runtime, purpose, options, 'user');
  }) as Respond<string>;

  const methods: Omit<AnyConfirmed, keyof Readings> = {
    respond,
    send(event) {
      runtime.answers.mustNotBeAsking();
      const plain = snapshot(event);
      if (plain.type === 'input_audio_buffer.append') runtime.append(appendOf(plain));
      else if (!runtime.ask(takesEvent, plain.type)) runtime.drop();
      else runtime.call({ type: 'send', event: plain });
    },
    appendAudio(audio) {
      if (runtime.goesOn) runtime.append(encodeAppend(audio));
      else runtime.drop();
    },
    userTurn(edge) {
      if (edge !== 'begins' && edge !== 'ends') throw new MisuseError("userTurn() takes 'begins' or 'ends'.");
      runtime.call({ type: 'turn', edge });
    },
    heard(position) {
      checkObject(position, 'heard()');
      checkKeys(position, 'heard()', ['itemId', 'ms']);
      const { itemId, ms } = position;
      if (typeof itemId !== 'string' || !(Number.isFinite(ms) && ms >= 0)) {
        throw new MisuseError('heard() takes { itemId, ms }: a string, and milliseconds from the start of the item.');
      }
      runtime.call({ type: 'heard', itemId, ms });
    },
    update(change: Change) {
      runtime.answers.mustNotBeAsking();
      try {
        return update(change);
      } catch (error) {
        return handled(Promise.reject(asError(error)));
      }
    },
    interrupt: () => runtime.call({ type: 'interrupt' }),
    reconsider: () => runtime.call({ type: 'reconsider' }),
    hangup: (options: HangUpOptions = {}) => runtime.hangup({ type: 'hang-up', asked: hangUpOf(options) }),
    setBudget(change) {
      const asked = budgetChangeOf(change);
      if (!runtime.rules.budget) throw new MisuseError('The plan has no budget: give it one to begin with.');
      runtime.call({ type: 'budget', ...asked });
    },
    answer(callId, result) {
      runtime.answers.mustNotBeAsking();
      runner.answer(callId, result);
    },
    once<Type extends keyof SessionEvents>(type: Type, options: OnceOptions<SessionEvents[Type]> = {}) {
      return onceOf(runtime, type, options);
    },
    on(type, listener) {
      check(
        typeof type === 'string' && typeof listener === 'function',
        'on() takes the name of an event, and a function.',
      );
      return runtime.emitter.on(type, listener);
    },
    events(options = {}) {
      checkObject(options, 'events()');
      checkKeys(options, 'events()', ['buffer']);
      return eventsOf(runtime, options.buffer);
    },
    close: () => runtime.close(),
    [Symbol.asyncDispose]: () => runtime.close(),
  };
  const session: AnyConfirmed = Object.assign(new Readings(runtime), methods);

  const runner = new ToolRunner(runtime, session);
  const declare = (tools: Tools, list: readonly AnyTool[]): ToolSet => toolSetOf(runner.add(tools), tools, list);

  function update(change: Change): Promise<AnyConfirmed> {
    checkObject(change, 'update()');
    checkKeys(change, 'update()', ['session', 'tools']);
    const next = change.tools && runnable(change.tools);
    const settings = settingsOf(change.session, change.tools);
    const transcriber = transcriberIn(change.session);
    mustBePriced(runtime.rules, { model: runtime.ask(modelOf), transcriber });
    const tools = next && change.tools ? declare(next, change.tools) : null;
    const timeoutMs = runtime.rules.limits.confirmMs;
    const confirm = (): AnyConfirmed => {
      if (tools) runner.confirm(tools.generation);
      if (next) purposes.retool(next.keys());
      return session;
    };
    const drop = (): void => {
      if (tools) runner.drop(tools.generation);
    };
    return runtime.configure({ session: settings, tools, timeoutMs }, { by: 'update', confirm, drop }).done;
  }

  const initialSet = declare(initial, plan.tools ?? []);
  const history = plan.reconnect ? plan.reconnect.history : undefined;
  const begin = (): void => {
    runner.confirm(initialSet.generation);
    runtime.world = {
      runTool: (command) => runner.run(command),
      abortTool: (command) => runner.abort(command),
      endCall: async (why) => endCall?.(why),
      askHistory: (command) => void askHistory(runtime, history, command),
    };
  };
  return { session, tools: initialSet, begin };
}

/** What is read anew each time. A class: V8 makes a dictionary of a literal with getters, and keeps what they see for long. */
class Readings implements Pick<AnyConfirmed, 'id' | 'closed' | 'state' | 'ledger' | 'effective'> {
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  get id(): AnyConfirmed['id'] {
    return this.#runtime.described.id;
  }

  get closed(): AnyConfirmed['closed'] {
    return this.#runtime.closed.promise;
  }

  get state(): AnyConfirmed['state'] {
    return this.#runtime.state;
  }

  get ledger(): AnyConfirmed['ledger'] {
    return this.#runtime.ask(ledgerOf);
  }

  get effective(): AnyConfirmed['effective'] {
    return structuredClone(this.#runtime.described.effective);
  }
}

type EndCall = SessionPlan['hangUp'];

/** Checks the event's audio and writes its text, with its other fields, `event_id` included. */
function appendOf(event: ClientEvent): string {
  const append = encodeAppend(event['audio'] as string);
  return Object.keys(event).length > 2 ? encode(event) : append;
}
