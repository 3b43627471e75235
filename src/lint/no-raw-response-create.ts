import type { Rule } from 'eslint';
import { type File, type Finding, gatesAt, purposeAt, rawCreates, soleEventIn } from '../detector/index.js';
import { around, insteadOfCreate } from './advice.js';
import { ruleFrom, sourceOf, type Suggestion } from './rule.js';

const ENDING = '{{instead}} It goes around {{around}}.';

export const noRawResponseCreate = ruleFrom({
  name: 'no-raw-response-create',
  description: 'Disallow asking the Realtime API for a response around the gate',
  messages: {
    sent: `\`{{what}}\` sends a raw \`response.create\`. ${ENDING}`,
    method: `\`{{what}}\` sends a \`response.create\` of its own. ${ENDING}`,
    built: `A raw \`response.create\` is built here, for other code to send. ${ENDING}`,
    respond: 'Write `{{code}}`.',
  },
  hasSuggestions: true,
  find: (file, context) =>
    rawCreates(file).map((finding) => {
      const { node, kind, what } = finding;
      const purpose = purposeAt(file, node) ?? '<purpose>';
      return {
        node,
        messageId: kind === 'method' || kind === 'built' ? kind : 'sent',
        data: { what, instead: insteadOfCreate(finding, purpose), around: around(finding) },
        suggestions: suggestionsFor(file, context, finding),
      };
    }),
});

/** Suggests `session.respond(…)` where a gated session is in scope and can express everything in the event. */
function suggestionsFor(file: File, context: Rule.RuleContext, { node, dangers }: Finding): readonly Suggestion[] {
  const event = soleEventIn(file, node);
  const purpose = purposeAt(file, node);
  if (!event || purpose === null || dangers.includes('tool handler')) return [];
  const parameters = event.response ? `, { response: ${sourceOf(context, event.response)} }` : '';
  return gatesAt(file, node).map((gate) => {
    const code = `${gate}('${purpose}'${parameters})`;
    return { messageId: 'respond', data: { code }, node: event.call, text: code };
  });
}
