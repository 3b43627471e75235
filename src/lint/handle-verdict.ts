import type { Rule } from 'eslint';
import { droppedVerdicts, type File, knownBySource } from '../detector/index.js';
import { child, children, isA, type Node } from '../detector/node.js';
import { ruleFrom, sourceOf, type Suggestion } from './rule.js';
import { gatedByType, hasTypes } from './types.js';

export const handleVerdict = ruleFrom({
  name: 'handle-verdict',
  description: 'Require that the verdict of `respond()` is read',
  messages: {
    dropped:
      'Nobody reads the verdict of `{{what}}`: if it is refused, nothing is said, and nothing here knows. Read its `kind`, await its `done`, or write `void {{what}}` where a refusal does not matter.',
    sayVoid: 'Say that a refusal does not matter: `void`.',
    awaitDone: 'Wait for the outcome: `.done`.',
  },
  options: {
    ignore: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      uniqueItems: true,
      description: 'Purposes whose refusal never matters.',
    },
  },
  hasSuggestions: true,
  looksEverywhere: ({ sourceCode }) => hasTypes(sourceCode.parserServices),
  find(file, context) {
    const ignored = ignoredBy(context);
    const isGated = gatedByType(context.sourceCode.parserServices, knownBySource(file));
    return droppedVerdicts(file, isGated)
      .filter(({ node }) => !isIgnored(file, node, ignored))
      .map(({ node }) => ({
        node,
        messageId: 'dropped',
        data: { what: shortened(sourceOf(context, node)) },
        suggestions: suggestionsFor(file, context, node),
      }));
  },
});

function ignoredBy({ options: [given] }: Rule.RuleContext): readonly string[] {
  return (given as { readonly ignore?: readonly string[] } | undefined)?.ignore ?? [];
}

/** Whether all possible purposes of a call are ignored. A tool's own `respond()` names none. */
function isIgnored(file: File, call: Node, ignored: readonly string[]): boolean {
  const purposes = [...file.values.stringsOf(children(call, 'arguments')[0] ?? null)];
  return purposes.length > 0 && purposes.every((each) => ignored.includes(each));
}

function suggestionsFor(file: File, context: Rule.RuleContext, call: Node): readonly Suggestion[] {
  const parent = file.tree.parentOf(call);
  const awaited = parent?.type === 'AwaitExpression' ? parent : null;
  const source = sourceOf(context, call);
  const sayVoid = { messageId: 'sayVoid', node: awaited ?? call, text: `void ${source}` };
  if (!awaited || isA(child(call, 'callee'), 'ChainExpression')) return [sayVoid];
  return [sayVoid, { messageId: 'awaitDone', node: call, text: `${source}.done` }];
}

/** The callee and its purpose, on one line. */
function shortened(source: string): string {
  const [line = ''] = source.split('\n');
  return line.length <= 60 && line === source ? line : `${line.slice(0, line.indexOf('(') + 1)}…)`;
}
