/** A second line to the same server */
import type { Context } from '../../context.js';

export default async ({ server }: Context) => {
  const line = await server.transport.open(
    { frame: () => undefined, gone: () => undefined },
    new AbortController().signal,
  );
  line.send(JSON.stringify({ type: 'response.create' }));
};
