/** The world outside the connection: tools with every kind of behaviour, a carrier, a loudspeaker. */
import type { Command, Returned } from '../../src/machine/index.js';
import type { World } from './world.js';

type OfWorld = Extract<Command, { do: 'run-tool' | 'abort-tool' | 'end-call' | 'lease' | 'settle-lease' }>;
type RunTool = Extract<Command, { do: 'run-tool' }>;

/** The behaviour of each tool, by name. */
const behaviours: Readonly<Record<string, { readonly afterMs: number } & Partial<Omit<Returned, 'call'>>>> = {
  at_once: { afterMs: 0 },
  slow: { afterMs: 300 },
  never: { afterMs: Infinity },
  fails: { afterMs: 5, result: 'failed', threw: { ref: 7, words: 'a secret' } },
  silent: { afterMs: 5, reply: 'silent' },
  odd: { afterMs: 0, odd: 'odd' },
  shapes: { afterMs: 20, reply: { params: { instructions: 'Be brief.' } } },
};

export class Outside {
  /** Running calls, in order. */
  readonly running = new Map<string, RunTool>();
  readonly #world: World;
  /** Milliseconds of audio that have arrived, by item. */
  readonly #produced = new Map<string, number>();
  #errors = 0;
  /** What is left in the shared budget, in nanodollars. */
  #purse = 300_000_000;
  /** What was given back at the end. */
  returned: Extract<Command, { do: 'settle-lease' }> | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  carryOut(command: OfWorld): void {
    if (command.do === 'run-tool') this.#run(command);
    else if (command.do === 'abort-tool') this.#abort(command);
    else if (command.do === 'end-call') this.#endCall();
    else if (command.do === 'lease') this.#lease(command.nanoUsd);
    else this.returned = command;
  }

  /** `session.answer()`, or a tool that returns at last. */
  returns(call: string, how: Partial<Omit<Returned, 'call'>> = {}): void {
    this.running.delete(call);
    const plain = { result: 'answered', output: '"found"', odd: 'plain', reply: 'respond', threw: null } as const;
    this.#world.tell({ type: 'tool-returned', returned: { ...plain, ...how, call } });
  }

  produced(item: string, ms: number): void {
    this.#produced.set(item, (this.#produced.get(item) ?? 0) + ms);
  }

  /** The carrier's mark: this share of the last item has been played. */
  hears(share: number): void {
    const last = [...this.#produced].at(-1);
    if (last) this.#world.tell({ type: 'heard', itemId: last[0], ms: last[1] * share });
    else this.#world.tell({ type: 'heard', itemId: 'item_jingle', ms: 100 });
  }

  #run(command: RunTool): void {
    this.running.set(command.call, command);
    const { afterMs, ...how } = behaviours[command.tool] ?? { afterMs: 0 };
    const threw = how.threw && { ...how.threw, ref: ++this.#errors };
    if (afterMs < Infinity)
      this.#world.later(afterMs, () => this.returns(command.call, { ...how, ...(threw && { threw }) }));
  }

  /** A tool that is asked to stop either does, or ignores it. */
  #abort({ call, why }: Extract<Command, { do: 'abort-tool' }>): void {
    const tool = this.running.get(call)?.tool;
    if (why !== 'hang-up') this.running.delete(call);
    else if (tool === 'never') this.#world.later(10, () => this.returns(call, { result: 'aborted' }));
  }

  /** A shared budget that gives what it has, gives it late, or never. */
  #lease(nanoUsd: number): void {
    const { leases } = this.#world.options;
    if (leases === 'never') return;
    const granted = Math.min(nanoUsd, this.#purse);
    this.#purse -= granted;
    const threw = leases === 'fail' ? { ref: ++this.#errors, words: 'the store is down' } : null;
    this.#world.later(30, () => this.#world.tell({ type: 'leased', nanoUsd: threw ? 0 : granted, threw }));
  }

  #endCall(): void {
    const { leg } = this.#world.options;
    if (leg.end === 'never') return;
    const threw = leg.end === 'throws' ? { ref: ++this.#errors, words: 'the carrier said no' } : null;
    this.#world.later(leg.ms, () => this.#world.tell({ type: 'call-ended', threw }));
  }
}
