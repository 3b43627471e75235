/** The SDK's event of another name declared anew */
import type { Context } from '../../context.js';

declare module 'openai/resources/realtime/realtime' {
  interface InputAudioBufferCommitEvent {
    type: 'response.create';
  }
}

export default ({ session }: Context) => {
  session.send({ type: 'response.create' } as import('openai/resources/realtime/realtime').InputAudioBufferCommitEvent);
};
