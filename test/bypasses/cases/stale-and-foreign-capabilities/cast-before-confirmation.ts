/** An unconfirmed session, cast to a confirmed one */
import type { ConfirmedSession } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ unconfirmed }: Context) => {
  (unconfirmed as unknown as ConfirmedSession<'greeting'>).respond('greeting');
};
