/** Gives an event a property that it does not have. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'conversation.item.delete', id: 'item_1' });
