import type { BudgetStore, HangUpReason } from '../../types/index.js';
import { MisuseError, TransportError } from '../errors.js';
import type { Command } from '../machine/index.js';
import type { Emitter } from './emitter.js';
import type { Outbound } from './outbound.js';

/** The requests that the machine may make of the session around it. */
export interface World {
  runTool(command: Extract<Command, { do: 'run-tool' }>): void;
  abortTool(command: Extract<Command, { do: 'abort-tool' }>): void;
  endCall(why: HangUpReason): Promise<void>;
}

/** Everything that a command may reach. */
export interface Reach {
  readonly outbound: Outbound;
  readonly emitter: Emitter;
  /** Null before the session is confirmed: nothing is asked of it then. */
  readonly world: World | null;
  /** The budget that other sessions draw from as well; null: none. */
  readonly store: BudgetStore | null;
  /** The session's name among those that draw from it. */
  readonly holder: string;
  /** The store has set this aside; or nothing, for this error. */
  leased(nanoUsd: number, how: { readonly threw: unknown } | null): void;
  /** The line is not listened to any more. */
  giveUp(): void;
  /** The carrier's leg has been ended; or could not be, for this error. */
  legEnded(how: { readonly threw: unknown } | null): void;
  fault(error: Error): void;
}

/** Carries out one request of the machine's. What the line throws is a fault, and breaks no step. */
export function carryOut(command: Command, reach: Reach): void {
  try {
    act(command, reach);
  } catch (cause) {
    reach.fault(new TransportError('The line did not do what it was told.', { cause }));
  }
}

function act(command: Command, reach: Reach): void {
  const { outbound, emitter, world } = reach;
  switch (command.do) {
    case 'close-line':
      return outbound.close(command.code, command.reason);
    case 'give-up-line':
      return reach.giveUp();
    case 'ping':
      return outbound.ping();
    case 'run-tool':
      return world?.runTool(command);
    case 'abort-tool':
      return emitter.queueCall(() => world?.abortTool(command));
    case 'lease':
      return void lease(command.nanoUsd, reach);
    case 'settle-lease':
      return void settleLease(command, reach);
    case 'end-call':
      return void endCall(command.why, reach);
  }
}

/** Never inside a step: what the user's function does at once comes after all that is being told. */
async function endCall(why: HangUpReason, { world, legEnded }: Reach): Promise<void> {
  await Promise.resolve();
  const threw = await world?.endCall(why).then(
    () => null,
    (error: unknown) => ({ threw: error }),
  );
  legEnded(threw ?? null);
}

/** Never inside a step either. What is no amount is an error of the store's. */
async function lease(nanoUsd: number, { store, holder, leased }: Reach): Promise<void> {
  await Promise.resolve();
  try {
    const granted: unknown = await store?.lease({ holder, nanoUsd });
    if (!Number.isFinite(granted) || Number(granted) < 0)
      throw new MisuseError('lease() gives a number of nanodollars.');
    leased(Math.floor(Number(granted)), null);
  } catch (error) {
    leased(0, { threw: error });
  }
}

async function settleLease(used: Extract<Command, { do: 'settle-lease' }>, reach: Reach): Promise<void> {
  await Promise.resolve();
  const { leasedNanoUsd, spentNanoUsd } = used;
  try {
    await reach.store?.settle({ holder: reach.holder, leasedNanoUsd, spentNanoUsd });
  } catch (cause) {
    reach.fault(new MisuseError('The store of the budget did not take back what was left.', { cause }));
  }
}
