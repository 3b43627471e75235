import type { Database } from '../database.js';
import type { Stage } from './stage.js';
import { rowsOf } from './timeline.js';

/** The counts of one call. */
export interface Audit {
  readonly functionCalls: number;
  readonly bookings: number;
  /** Descriptions of what went wrong: empty if nothing was lost, said twice or too late. */
  readonly losses: readonly string[];
}

/** Compares the wire, the agent's own records and the database. */
export async function audit(stage: Stage, database: Database): Promise<Audit> {
  const { callSid, log } = stage;
  const { appointments } = await rowsOf(callSid, database);
  const called = log.frames.flatMap(({ event }) =>
    event.type === 'response.output_item.done' && event.item?.type === 'function_call' ? [event.item] : [],
  );
  const losses = [
    ...called.flatMap(({ call_id = '', status }) => outputsOf(stage, call_id, status)),
    ...bookings(stage, appointments.length),
    ...tooLate(stage),
  ];
  return {
    functionCalls: called.length,
    bookings: appointments.length,
    losses: losses.map((loss) => `${callSid}: ${loss}`),
  };
}

/** Checks that each complete call has one output, unless the session had ended: then the round says so. */
function outputsOf({ log }: Stage, callId: string, status = ''): readonly string[] {
  const outputs = outputsIn(log.frames).filter((item) => item.call_id === callId);
  const record = log.rounds.flatMap(({ calls }) => calls).find((call) => call.callId === callId);
  const due = status === 'completed' && record?.result !== 'unsent' ? 1 : 0;
  if (status === 'completed' && !record) return [`the function call ${callId} is in no round`];
  return outputs.length === due ? [] : [`the function call ${callId} has ${outputs.length} outputs, not ${due}`];
}

/**
 * Checks that every confirmed booking is in the database. A caller who left early may have one without a confirmation.
 */
function bookings({ log }: Stage, inTheBook: number): readonly string[] {
  const told = outputsIn(log.frames).filter(({ output = '' }) => output.includes('"booked":true')).length;
  const mayDiffer = log.rounds.flatMap(({ calls }) => calls).filter(({ result }) => result === 'unsent').length;
  return inTheBook >= told && inTheBook <= told + mayDiffer
    ? []
    : [`${told} bookings were told, ${inTheBook} are in the book`];
}

/** Checks that nothing was sent to the model after the end of the call. */
function tooLate({ log: { framesTooLate } }: Stage): readonly string[] {
  if (framesTooLate === null) return ['the call is not over'];
  return framesTooLate === 0 ? [] : [`${framesTooLate} frames after the hang-up`];
}

const outputsIn = (frames: Stage['log']['frames']) =>
  frames.flatMap(({ direction, event }) =>
    direction === 'to the model' && event.item?.type === 'function_call_output' ? [event.item] : [],
  );
