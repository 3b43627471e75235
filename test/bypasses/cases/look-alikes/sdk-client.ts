/** A session in the place of the SDK's client */
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { Context } from '../../context.js';

const greet = (client: Pick<OpenAIRealtimeWS, 'send'>) => client.send({ type: 'response.create' });

export default ({ session }: Context) => {
  greet(session);
};
