/** A module behind the front doors */
import { createFrame } from 'gated-realtime/src/machine/create.js';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(createFrame({ purpose: 'greeting' }, 'token_1', 'event_1'));
};
