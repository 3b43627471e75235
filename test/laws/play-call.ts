/** Plays a script with a whole session, to the end, and reports errors. */
import { MisuseError } from '../../src/index.js';
import type { RespondOptions } from '../../types/index.js';
import { Call } from './call.js';
import type { Outcome } from './play.js';
import { append, changes, injected, items, parameters, replies } from './plots.js';
import type { Act, Asking, CallPlay, Change } from './script.js';

export async function playCall({ scene, acts, reactions, ending }: CallPlay): Promise<Outcome> {
  const call = await Call.open(scene);
  const actor = new Actor(call);
  for (const { to, after, does } of reactions) {
    let heard = 0;
    call.session.on(to, () => {
      if (++heard === after) actor.call(does);
    });
  }
  for (const act of acts) await actor.act(act);
  if (ending === 'silence') {
    call.mute();
    for (let minute = 0; minute < 10; minute++) await call.wait(60_000);
  }
  if (ending === 'gone') call.simulator.drop();
  else void call.session.close();
  await call.wait(60_000);
  if (call.session.state.connection !== 'closed') call.wrong.push('L6: the session never closed');
  call.end();
  return { steps: call.steps + actor.steps, wrong: call.wrong, recordings: call.recordings };
}

interface Moment {
  readonly state: string;
  readonly frames: number;
  readonly steps: number;
}

class Actor {
  readonly #of: Call;
  #asked = 0;
  steps = 0;

  constructor(call: Call) {
    this.#of = call;
  }

  async act(act: Act): Promise<void> {
    const { simulator } = this.#of;
    if (act[0] === 'wait') return this.#of.wait(act[1]);
    if (act[0] === 'caller') {
      if (act[1] === 'presses') simulator.caller.presses('1');
      else simulator.caller[act[1]]();
    } else if (act[0] === 'speaks') simulator.caller.speaks('Well then', { ms: act[1] });
    else if (act[0] === 'reply') simulator.replies(replies[act[1]]);
    else if (act[0] === 'calls') simulator.replies({ items: act[1].map((name) => ({ calls: name, args: '{}' })) });
    else if (act[0] === 'faults') simulator.misbehaves(act[1]);
    else if (act[0] === 'inject') simulator.injects(injected[act[1]]);
    else if (act[0] === 'expire' || act[0] === 'drop' || act[0] === 'die') simulator[act[0]]();
    else if (act[0] === 'hang-up') simulator.hangUp();
    else this.call(act);
    return this.#of.wait(0);
  }

  /** A call by the session's user, possibly inside a listener. */
  call(act: Act): void {
    const { session, books } = this.#of;
    this.steps++;
    switch (act[0]) {
      case 'respond':
        return this.#respond(act[1]);
      case 'withdraw': {
        const verdict = books.promised.at(-1 - act[1])?.verdict;
        if (verdict?.kind === 'hold') verdict.withdraw();
        return;
      }
      case 'cancel':
        return books.handles.at(-1 - act[1])?.cancel();
      case 'interrupt':
      case 'reconsider':
        return session[act[0]]();
      case 'close':
        return void session.close();
      case 'budget':
        return session.state.budget ? session.setBudget({ limit: act[1] }) : undefined;
      case 'commit':
      case 'clear':
        return session.send(this.#of.audio.place({ type: `input_audio_buffer.${act[0]}` as const }) as never);
      case 'item':
        return session.send({ type: 'conversation.item.create', item: items[act[1]] as never });
      case 'append':
        return session.send(this.#of.audio.place(append(act[1])));
      case 'turn':
        return session.userTurn(act[1]);
      case 'heard':
        return session.heard({ itemId: this.#of.books.lastItem, ms: 1_000 * act[1] });
      case 'update':
        return void this.#update(act[1]);
      case 'mood':
        this.#of.mood = act[1];
        return;
      case 'hangup':
        void session
          .hangup(act[1])
          .catch((error: unknown) => this.#of.wrong.push(`L6: hangup rejected: ${String(error)}`));
        return;
      case 'misuse':
        return this.#misuse(act[1]);
      default:
        throw new Error(`Nobody who uses a session can do '${act[0]}'.`);
    }
  }

  #respond({ what, whenBlocked, override, interrupt, holdForMs }: Asking): void {
    const { books, session } = this.#of;
    const purpose = `reply-${++this.#asked}`;
    const response = parameters[what] ?? undefined;
    const options: RespondOptions = { response, whenBlocked, override, interrupt, holdForMs };
    session.reconsider();
    const before = this.#now();
    const verdict = session.respond(purpose, options);
    books.asked(purpose, verdict);
    if (verdict.kind === 'refuse') this.#mustBeUntouched(before, `a request refused by ${verdict.by}`);
  }

  #now(): Moment {
    return { state: this.#of.books.state, frames: this.#of.frames, steps: this.steps };
  }

  /** Checks that nothing changed, unless a listener has acted meanwhile. */
  #mustBeUntouched(before: Moment, what: string): void {
    const { wrong, books, frames } = this.#of;
    if (this.steps !== before.steps) return;
    if (frames !== before.frames) wrong.push(`L9: ${what} wrote a frame`);
    if (books.state !== before.state) wrong.push(`L9: ${what} changed the session: ${before.state} to ${books.state}`);
  }

  async #update(change: Change): Promise<void> {
    try {
      await this.#of.session.update(change === 'tools' ? { tools: [] } : { session: changes[change] });
    } catch (error) {
      if ((error as Error).name !== 'ConfigureError')
        this.#of.wrong.push(`L6: update() rejected with ${String(error)}`);
    }
  }

  #misuse(what: Extract<Act, readonly ['misuse', unknown]>[1]): void {
    const { session, wrong } = this.#of;
    const before = this.#now();
    const loose = session as unknown as Record<string, (...args: unknown[]) => unknown>;
    const attempts: Readonly<Record<typeof what, () => unknown>> = {
      create: () => loose['send']?.({ type: 'response.create' }),
      'cancel by hand': () => loose['send']?.({ type: 'response.cancel' }),
      'update by hand': () => loose['send']?.({ type: 'session.update', session: {} }),
      'a disguise': () => loose['send']?.({ toJSON: () => ({ type: 'response.create' }) }),
      'no event': () => loose['send']?.(7),
      'no purpose': () => loose['respond']?.(''),
      'a bad override': () => loose['respond']?.('reply', { override: ['closing'] }),
      'a bad option': () => loose['respond']?.('reply', { force: true }),
      'a bad edge': () => loose['userTurn']?.('pauses'),
    };
    try {
      attempts[what]();
      wrong.push(`L9: ${what} was let through`);
    } catch (error) {
      if (!(error instanceof MisuseError)) wrong.push(`L9: ${what} threw ${String(error)}`);
    }
    this.#mustBeUntouched(before, what);
  }
}
