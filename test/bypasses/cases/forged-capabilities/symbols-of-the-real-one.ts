/** The symbols of a real capability, copied */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const forged = () => session.send({ type: 'response.create' } as never);
  for (const symbol of Object.getOwnPropertySymbols(session.respond)) {
    Object.defineProperty(forged, symbol, { value: true });
  }
  forged();
};
