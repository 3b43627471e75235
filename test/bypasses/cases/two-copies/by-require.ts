/** The package by `require()` */
import { createRequire } from 'node:module';
import type { Context } from '../../context.js';

export default async ({ server }: Context) => {
  const { openSession } = createRequire(import.meta.url)('gated-realtime');
  const session = await openSession({ transport: server.transport, clock: server.clock });
  session.send({ type: 'response.create' });
};
