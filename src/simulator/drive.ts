import type { Clock } from '../clock.js';
import type { Input, Output, Server } from './server/index.js';
import { nextDue, step } from './server/index.js';

type Without<Given, Key extends string> = Given extends unknown ? Omit<Given, Key> : never;
/** An input, which happens now. */
export type Happening = Without<Input, 'now'>;

export interface Drive {
  /** Something happens to the server, now. */
  readonly tell: (happening: Happening) => void;
  /** Its clock is not asked any more. */
  readonly stop: () => void;
}

/** Gives a server a clock: it is told what happens, and called again when something is due. */
export function drive(server: Server, clock: Clock, carry: (output: Output) => void): Drive {
  let appointment: { readonly at: number; readonly callOff: () => void } | null = null;

  const tell = (happening: Happening) => {
    for (const output of step(server, { ...happening, now: clock.now() })) carry(output);
    arrange();
  };
  const arrange = () => {
    const at = nextDue(server);
    if (appointment?.at === at) return;
    appointment?.callOff();
    appointment = at === null ? null : { at, callOff: clock.after(at - clock.now(), keep) };
  };
  const keep = () => {
    appointment = null;
    tell({ type: 'tick' });
  };
  return {
    tell,
    stop: () => {
      appointment?.callOff();
    },
  };
}
