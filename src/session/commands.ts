import type { BudgetStore, HangUpReason } from '../../types/index.js';
import { MisuseError, TransportError } from '../errors.js';
import type { Command } from '../machine/index.js';
import { encode } from '../wire/index.js';
import type { Emitter } from './emitter.js';
import type { Lines } from './lines.js';
import type { Outbound } from './outbound.js';

/** What the machine may ask of the session around it. */
export interface World {
  runTool(command: Extract<Command, { do: 'run-tool' }>): void;
  abortTool(command: Extract<Command, { do: 'abort-tool' }>): void;
  endCall(why: HangUpReason): Promise<void>;
  askHistory(command: Extract<Command, { do: 'ask-history' }>): void;
}

/** What a command may use. */
export interface Reach {
  readonly outbound: Outbound;
  readonly lines: Lines;
  readonly emitter: Emitter;
  /** Null until the session is confirmed: no such command comes before. */
  readonly world: World | null;
  /** The shared budget; null: none. */
  readonly store: BudgetStore | null;
  /** The session's name in the shared budget. */
  readonly holder: string;
  /** Reports the amount that the store set aside, or the error that it failed with. */
  leased(nanoUsd: number, how: { readonly threw: unknown } | null): void;
  /** The carrier's leg has been ended; or could not be, for this error. */
  legEnded(how: { readonly threw: unknown } | null): void;
  fault(error: Error): void;
}

/** Runs one command of the machine. An error of the transport becomes a fault, and does not break the step. */
export function carryOut(command: Command, reach: Reach): void {
  try {
    act(command, reach);
  } catch (cause) {
    reach.fault(new TransportError('The line did not do what it was told.', { cause }));
  }
}

function act(command: Command, reach: Reach): void {
  const { outbound, lines, emitter, world } = reach;
  switch (command.do) {
    case 'close-line':
      return outbound.close(command.code, command.reason);
    case 'give-up-line':
      return lines.giveUp();
    case 'dial':
      return lines.dial(command.line);
    case 'write':
      return outbound.sendTo(command.line, encode(command.frame));
    case 'ask-history':
      return world?.askHistory(command);
    case 'shut':
      return lines.shut(command.line);
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

/** Calls the user's `hangUp` after the step, when listeners have been notified. */
async function endCall(why: HangUpReason, { world, legEnded }: Reach): Promise<void> {
  await Promise.resolve();
  const threw = await world?.endCall(why).then(
    () => null,
    (error: unknown) => ({ threw: error }),
  );
  legEnded(threw ?? null);
}

/** Asks the store, also after the step. An invalid amount counts as an error of the store. */
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
