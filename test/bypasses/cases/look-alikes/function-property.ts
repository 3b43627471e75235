/** `send` as a function that takes every event */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const write: (event: RealtimeClientEvent) => void = session.send;
  write({ type: 'response.create' });
};
