/** The clock of the calls put forward */
import type { Context } from '../../context.js';

export default ({ session, server }: Context) => {
  session.respond('greeting', { holdForMs: 1_000_000 });
  server.clock.advance(60_001);
};
