/** Builds a message of the user with the wrong kind of content. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'text', text: 'Hello.' }] },
});
