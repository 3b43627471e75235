/**
 * Leaves out a property of an event.
 *
 * Why: The type of the event has to be found out by its name, and TypeScript then names both types first; the
 * line below says that `Property 'item_id' is missing`.
 */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'conversation.item.delete' });
