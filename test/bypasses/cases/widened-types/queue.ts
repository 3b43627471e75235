/** A queue of events, sent one by one */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const queue: RealtimeClientEvent[] = [{ type: 'input_audio_buffer.clear' }, { type: 'response.create' }];
  for (const event of queue) session.send(event);
};
