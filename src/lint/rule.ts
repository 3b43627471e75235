import type { Rule } from 'eslint';
import { type File, fileOf, mayHoldAny, type RuleName, spanOf } from '../detector/index.js';
import { isNode, type Node } from '../detector/node.js';
import { docsOf } from './docs.js';

/** One message about one place. */
export interface Remark {
  readonly node: Node;
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly suggestions?: readonly Suggestion[];
}

/** An edit that a person may choose: a replacement for a node's text. */
export interface Suggestion {
  readonly messageId: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly node: Node;
  readonly text: string;
}

export interface RuleDefinition {
  readonly name: RuleName;
  readonly description: string;
  readonly messages: Readonly<Record<string, string>>;
  /** The properties of the rule's only options object. */
  readonly options?: Readonly<Record<string, object>>;
  readonly hasSuggestions?: true;
  /** Returns whether the rule also checks files that a quick text search has ruled out. */
  readonly looksEverywhere?: (context: Rule.RuleContext) => boolean;
  find(file: File, context: Rule.RuleContext): readonly Remark[];
}

/** Makes an ESLint rule that runs the detector on the whole file. */
export function ruleFrom(definition: RuleDefinition): Rule.RuleModule {
  const { name, description, messages, options = {}, hasSuggestions = false } = definition;
  return {
    meta: {
      type: 'problem',
      docs: { description, recommended: true, url: docsOf(name) },
      messages,
      hasSuggestions,
      schema:
        Object.keys(options).length === 0
          ? []
          : [{ type: 'object', properties: { ...options }, additionalProperties: false }],
    },
    create: (context) => ({
      Program() {
        const file = fileAt(context, (definition.looksEverywhere?.(context) ?? false) ? 'every' : 'marked');
        if (file) for (const remark of definition.find(file, context)) report(context, remark);
      },
    }),
  };
}

const files = new WeakMap<object, File>();

/** The linted file, prepared once for all rules from ESLint's own tree. */
function fileAt({ sourceCode: { ast, text } }: Rule.RuleContext, which: 'every' | 'marked'): File | null {
  if (!isNode(ast) || (which === 'marked' && !mayHoldAny(text))) return null;
  const file = files.get(ast) ?? fileOf(ast, text);
  files.set(ast, file);
  return file;
}

function report(context: Rule.RuleContext, { node, messageId, data = {}, suggestions = [] }: Remark): void {
  const { sourceCode } = context;
  const [start, end] = spanOf(node);
  context.report({
    loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
    messageId,
    data,
    suggest: suggestions.map((each) => ({
      messageId: each.messageId,
      data: each.data ?? {},
      fix: (fixer) => fixer.replaceTextRange([...spanOf(each.node)], each.text),
    })),
  });
}

/** The source text of a node. */
export function sourceOf({ sourceCode }: Rule.RuleContext, node: Node): string {
  return sourceCode.text.slice(...spanOf(node));
}
