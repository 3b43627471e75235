import type { Clock } from '../clock.js';
import type { Input, Output, Server } from './server/index.js';
import { hasOnlyPings, nextDue, step } from './server/index.js';

type Without<Given, Key extends string> = Given extends unknown ? Omit<Given, Key> : never;
/** An input without its time, which is now. */
export type Happening = Without<Input, 'now'>;

export interface Drive {
  /** Passes an input to the server, now. */
  readonly tell: (happening: Happening) => void;
  /** Stops asking the clock for ticks. */
  readonly stop: () => void;
}

interface Appointment {
  readonly at: number;
  /** Where only pings are due, the timer is a background one: pings alone do not make virtual time run. */
  readonly ground: 'foreground' | 'background';
  readonly callOff: () => void;
}

/** Connects a server to a clock: passes inputs on, and ticks whenever something is due. */
export function drive(server: Server, clock: Clock, carry: (output: Output) => void): Drive {
  let appointment: Appointment | null = null;

  const tell = (happening: Happening) => {
    for (const output of step(server, { ...happening, now: clock.now() })) carry(output);
    arrange();
  };
  const arrange = () => {
    const at = nextDue(server);
    const ground = hasOnlyPings(server) ? 'background' : 'foreground';
    if (at !== null && appointment?.at === at && appointment.ground === ground) return;
    appointment?.callOff();
    appointment = at === null ? null : { at, ground, callOff: wakeAt(at, ground) };
  };
  const wakeAt = (at: number, ground: Appointment['ground']) => {
    const inMs = at - clock.now();
    return clock.after(inMs, keep, ground === 'background' ? ground : undefined);
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
