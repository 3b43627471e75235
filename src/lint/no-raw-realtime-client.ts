import type { Rule } from 'eslint';
import { type Finding, moduleOf, rawRealtimeClients } from '../detector/index.js';
import { matchesAny, pathIn } from './patterns.js';
import { ruleFrom } from './rule.js';

export const noRawRealtimeClient = ruleFrom({
  name: 'no-raw-realtime-client',
  description: 'Disallow clients and connections of the Realtime API that send whatever they are given',
  messages: {
    import:
      "The clients of '{{what}}' send whatever they are given. Import `openSession` from 'gated-realtime/ws': it takes the client of the official SDK as its option `client`.",
    construction:
      "`{{what}}` makes a client that sends whatever it is given. Write `await openSession({ client, … })` of 'gated-realtime/ws': it uses the SDK's own address and credentials.",
    socket:
      "`{{what}}` connects to the Realtime API past the gate. Write `await openSession({ … })` of 'gated-realtime/ws', with `url` for an address of your own.",
    channel:
      "`{{what}}` opens a raw line to the Realtime API. Let the server ask for responses, by `openSession({ callId, … })` of 'gated-realtime/ws' beside the call, and only listen here.",
  },
  options: {
    allow: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      description: 'Patterns of file paths, relative to the working directory, and of module names.',
    },
  },
  find(file, context) {
    const allowed = allowedBy(context);
    if (matchesAny(allowed, pathIn(context))) return [];
    return rawRealtimeClients(file)
      .filter(({ node }) => !matchesAny(allowed, moduleOf(file, node)))
      .map(({ node, kind, what }: Finding) => ({ node, messageId: kind, data: { what } }));
  },
});

function allowedBy({ options: [given] }: Rule.RuleContext): readonly string[] {
  return (given as { readonly allow?: readonly string[] } | undefined)?.allow ?? [];
}
