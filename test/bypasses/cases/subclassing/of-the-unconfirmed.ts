/** A class that lends an unconfirmed session its `respond` */
import type { ConfirmedSession, UnconfirmedSession } from 'gated-realtime';
import type { Context } from '../../context.js';

class Early implements Pick<ConfirmedSession<'greeting'>, 'respond'> {
  readonly respond: ConfirmedSession<'greeting'>['respond'];

  constructor(session: UnconfirmedSession) {
    this.respond = session.respond;
  }
}

export default ({ unconfirmed }: Context) => {
  new Early(unconfirmed).respond('greeting');
};
