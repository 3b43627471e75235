import type { Node } from '../detector/index.js';
import { composed, handlerOf } from './compose.js';
import type { Parser } from './parsers.js';
import { onlyWithin } from './places.js';
import type { Program } from './program.js';
import { UnreadableError } from './report.js';
import { type Dialect, parseScript, unreadable } from './script.js';

type Span = readonly [start: number, end: number];

/** The parts of the results of `@vue/compiler-sfc` that are used. */
interface Location {
  readonly start: { readonly offset: number; readonly line: number };
  readonly end: { readonly offset: number };
}
interface Script {
  readonly lang?: string;
  readonly src?: string;
  readonly loc: Location;
}
interface TemplateNode {
  readonly type: number;
  readonly name?: string;
  readonly rawName?: string;
  readonly loc: Location;
  readonly content?: TemplateNode | string;
  readonly exp?: TemplateNode;
  readonly props?: readonly TemplateNode[];
  readonly children?: readonly TemplateNode[];
}
interface Parsed {
  readonly descriptor: {
    readonly script: Script | null;
    readonly scriptSetup: Script | null;
    readonly template: { readonly lang?: string; readonly ast?: TemplateNode; readonly loc: Location } | null;
  };
  readonly errors: readonly { readonly message: string; readonly loc?: Location }[];
}

const DIRECTIVE = 7;
const INTERPOLATION = 5;
/** Directives that contain an expression; the others declare names. */
const expressive: ReadonlySet<string> = new Set([
  'on',
  'bind',
  'if',
  'else-if',
  'show',
  'html',
  'text',
  'model',
  'memo',
]);

/**
 * Reads both scripts of a component and the handlers and expressions of its template as one program. Of a template in
 * another language, and of what cannot be parsed in one, it says that it is unread, and reads the rest.
 *
 * @throws {UnreadableError} Where a script cannot be parsed.
 */
export function parseVue(vue: readonly Parser[], scripts: readonly Parser[], text: string): Program {
  const parse = vue[0]?.exports['parse'] as (text: string, options: object) => Parsed;
  const { descriptor, errors } = parse(text, { sourceMap: false, ignoreEmpty: false });
  const gaps = errors.map(({ message, loc }) => new UnreadableError(message, loc?.start.line ?? null));
  const { script, scriptSetup, template } = descriptor;
  const blocks = [script, scriptSetup].filter((each) => each !== null);
  const [lang] = blocks.map((each) => each.lang).filter((each) => each !== undefined);
  const dialect: Dialect = lang === 'ts' ? 'ts' : lang === 'tsx' ? 'tsx' : 'jsx';
  const read = (source: string): Node => parseScript(scripts, source, dialect);
  const programs = blocks.map(({ loc }) => read(onlyWithin(text, [[loc.start.offset, loc.end.offset]])));
  if (template?.lang !== undefined && template.lang !== 'html') {
    const why = `The template is written in ${template.lang}, which is not read`;
    return { root: composed(programs, []), gap: gaps[0] ?? new UnreadableError(why, template.loc.start.line) };
  }
  const readOrSkip = (source: string): Node => {
    try {
      return read(source);
    } catch (error) {
      gaps.push(unreadable(error, source));
      return composed([], []);
    }
  };
  const expressions = template?.ast ? expressionsIn(template.ast, text, { read, readOrSkip }) : [];
  return { root: composed(programs, expressions), gap: gaps[0] ?? null };
}

interface Reads {
  readonly read: (source: string) => Node;
  /** Parses, or notes the error and returns an empty result. */
  readonly readOrSkip: (source: string) => Node;
}

function expressionsIn(node: TemplateNode, text: string, reads: Reads): readonly Node[] {
  const own = [...(node.props ?? []), node].flatMap((each) => {
    const found = expressionOf(each, text);
    if (found === null) return [];
    const body = parseExpression(found.span, text, reads);
    return found.name === null ? body : [handlerOf(found.name, body)];
  });
  return [...own, ...(node.children ?? []).flatMap((each) => expressionsIn(each, text, reads))];
}

/** Parenthesised, because an object would be parsed as a block; only handlers may be statements. */
function parseExpression([start, end]: Span, text: string, { read, readOrSkip }: Reads): readonly Node[] {
  const source = onlyWithin(text, [[start, end]]);
  const body = (program: Node): readonly Node[] => program['body'] as readonly Node[];
  try {
    return body(read(`${source.slice(0, start - 1)}(${source.slice(start, end)})`));
  } catch {
    return body(readOrSkip(source));
  }
}

/** The expression of a directive or of `{{ … }}`, with its name if it is a handler. */
function expressionOf(node: TemplateNode, text: string): { readonly name: string | null; readonly span: Span } | null {
  const holder = node.type === INTERPOLATION ? node.content : node.type === DIRECTIVE ? node.exp : undefined;
  if (holder === undefined || typeof holder === 'string') return null;
  if (node.type === DIRECTIVE && !expressive.has(node.name ?? '')) return null;
  const span: Span = [holder.loc.start.offset, holder.loc.end.offset];
  // Most expressions are a plain name or empty, and need no parser.
  if (/^[\s\w.$]*$/.test(text.slice(...span))) return null;
  return { name: node.name === 'on' ? (node.rawName ?? '@…') : null, span };
}
