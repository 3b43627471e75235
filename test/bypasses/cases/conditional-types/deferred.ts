/** A conditional type that is decided only at the call */
import type { AnySession } from 'gated-realtime';
import type { Context } from '../../context.js';

type Payload<Urgent> = Urgent extends true ? { type: 'response.create' } : { type: 'input_audio_buffer.commit' };
function push<Urgent extends boolean>(session: AnySession, payload: Payload<Urgent>): void {
  session.send(payload);
}

export default ({ session }: Context) => {
  push<true>(session, { type: 'response.create' });
};
