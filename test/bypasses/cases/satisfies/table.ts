/** A table of events that `satisfies` a record */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

const events = {
  commit: { type: 'input_audio_buffer.commit' },
  speak: { type: 'response.create' },
} satisfies Record<string, RealtimeClientEvent>;

export default ({ session }: Context) => {
  session.send(events.speak);
};
