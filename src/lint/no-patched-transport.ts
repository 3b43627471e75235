import { patchedTransports } from '../detector/index.js';
import { around } from './advice.js';
import { ruleFrom } from './rule.js';

export const noPatchedTransport = ruleFrom({
  name: 'no-patched-transport',
  description: 'Disallow replacing what the gate sends through',
  messages: {
    patch:
      '`{{what}}` is replaced: what the replacement writes, no gate has seen. It can go around {{around}}. Listen with `session.on(…)`, read `session.state`, and leave the method as it is.',
    line: "A transport that is written by hand can send what no gate has seen. Use `openSession()` of 'gated-realtime/ws', with `url` or `ws` for a connection of your own; in a test, `simulate()` of 'gated-realtime/simulator'.",
  },
  find: (file) =>
    patchedTransports(file).map((finding) => ({
      node: finding.node,
      messageId: finding.kind,
      data: { what: finding.what, around: around(finding) },
    })),
});
