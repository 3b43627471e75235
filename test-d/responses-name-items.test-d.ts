/** A response's input may name items of the conversation, without a cast; nothing else passes for an item. */
import type { ConversationItem } from 'openai/resources/realtime/realtime';
import { type AnySession, type ConfirmedSession, plan, type ResponseParameters } from 'gated-realtime';

declare const session: ConfirmedSession<'classify'>;
declare const any: AnySession;
const said: ConversationItem = {
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text: 'Well?' }],
};

session.respond('classify', {
  response: { conversation: 'none', input: [{ type: 'item_reference', id: 'item_1' }, said] },
});
const parameters: ResponseParameters = { input: [{ type: 'item_reference', id: 'item_1' }] };
void any.hangup({ farewell: parameters });
plan({ recovery: { silent: { apology: parameters } } });

// @ts-expect-error: Property 'id' is missing
session.respond('classify', { response: { input: [{ type: 'item_reference' }] } });
// @ts-expect-error: Type '"reference"' is not assignable to type
session.respond('classify', { response: { input: [{ type: 'reference', id: 'item_1' }] } });
