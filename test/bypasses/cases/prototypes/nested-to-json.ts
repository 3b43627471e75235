/** `toJSON()` of a part of an event */
import { userMessage } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event = userMessage('Hello.');
  Object.assign(event, { item: { toJSON: () => ({ type: 'response.create' }) } });
  session.send(event);
};
