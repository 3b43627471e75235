/** A sendable event, spread, with another name */
import { userMessage } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ ...userMessage('Hello.'), type: 'response.create' });
};
