/** An event that may be sendable or not */
import type { SendableEvent } from 'gated-realtime';
import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const pick = (urgent: boolean): SendableEvent | ResponseCreateEvent =>
    urgent ? { type: 'response.create' } : { type: 'input_audio_buffer.commit' };
  session.send(pick(true));
};
