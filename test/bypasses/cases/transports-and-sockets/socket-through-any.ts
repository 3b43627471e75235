/** The session's socket, through `any` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const { socket, ws, transport, line } = session as any;
  (socket ?? ws ?? transport ?? line).send(JSON.stringify({ type: 'response.create' }));
};
