import { isMade } from './tone.js';
import type { ServerFrame } from './wire.js';

/** The JSON of an event. Base64 has nothing to escape, so the audio of the simulator is not searched for it. */
export function textOf(event: ServerFrame): string {
  const { delta, ...rest } = event;
  if (event.type !== 'response.output_audio.delta' || !isMade(delta)) return JSON.stringify(event);
  return `${JSON.stringify(rest).slice(0, -1)},"delta":"${delta}"}`;
}
