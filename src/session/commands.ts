import type { HangUpReason } from '../../types/index.js';
import { TransportError } from '../errors.js';
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
