import { isMade } from './tone.js';
import type { ServerFrame } from './wire.js';

/** The JSON of an event. Base64 has nothing to escape, so the audio of the simulator is not searched for it. */
export function textOf(event: ServerFrame): string {
  const { type, delta } = event;
  return type === 'response.output_audio.delta' && isMade(delta) ? spliced(event, delta) : JSON.stringify(event);
}

const spliced = ({ delta: _, ...rest }: ServerFrame, audio: string): string =>
  `${JSON.stringify(rest).slice(0, -1)},"delta":"${audio}"}`;
