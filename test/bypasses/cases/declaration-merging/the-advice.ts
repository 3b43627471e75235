/** The list of gated events declared anew */
import type { Sent } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface Gated {
    'response.create': never;
  }
}

export default ({ session }: Context) => {
  const event: Sent<'response.create'> = { type: 'response.create' };
  session.send(event);
};
