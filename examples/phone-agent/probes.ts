import type { FastifyInstance } from 'fastify';
import { within } from '../shared/within.js';
import type { AppParts } from './app.js';
import { paysForACall } from './budget.js';
import type { Office } from './office.js';

/** Probes have short timeouts, so a database that takes longer counts as closed. */
const BOOK_MS = 2_000;

/**
 * What whoever runs the process asks of it. `/health`: it lives; if this goes unanswered, start it anew. `/ready`: a call
 * would be served well; otherwise 503, and what is in the way: send callers elsewhere, and let it be.
 *
 * A budget that is spent is told, and is no 503: calls under way still need this process to end well, and it is the one
 * that tells new callers why.
 */
export function addProbes(app: FastifyInstance, { calls, office, today }: AppParts): void {
  const look = lookInto(office);
  app.get('/health', () => ({ calls: calls.count }));
  app.get('/ready', async ({ log }, reply) => {
    const book = await look().catch((err: unknown) => {
      log.error({ err }, 'the book cannot be read');
      return 'cannot be read' as const;
    });
    const ready = calls.state === 'open' && book === 'open';
    const budget = paysForACall(today) ? 'left' : 'spent';
    return reply.code(ready ? 200 : 503).send({ ready, calls: calls.state, book, budget });
  });
}

/** Checks the database once for all simultaneous probes, because its connections are for calls. */
function lookInto(office: Office): () => Promise<'open'> {
  let looking: Promise<'open'> | null = null;
  const look = async (): Promise<'open'> => {
    try {
      await within(BOOK_MS, office.isOpen());
      return 'open';
    } finally {
      looking = null;
    }
  };
  return () => (looking ??= look());
}
