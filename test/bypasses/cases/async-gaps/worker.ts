/** A session posted to a worker */
import { MessageChannel } from 'node:worker_threads';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(session.respond);
  } finally {
    port1.close();
    port2.close();
  }
};
