import type { Node } from '../detector/index.js';
import { mayNestDeeply, survives } from './depth.js';
import type { Exports, Parser } from './parsers.js';
import { placesIn } from './places.js';
import { UnreadableError } from './report.js';

/** The dialect of a script. Plain JavaScript is parsed as JSX, which changes the meaning of none of it. */
export type Dialect = 'jsx' | 'ts' | 'tsx' | 'dts';

export function dialectOf(path: string): Dialect {
  if (/\.d\.[cm]?ts$/.test(path)) return 'dts';
  if (/\.tsx$/i.test(path)) return 'tsx';
  return /\.[cm]?ts$/i.test(path) ? 'ts' : 'jsx';
}

/**
 * Parses a script with the first parser that can. What may nest deeply is given to those first that throw where it does.
 *
 * @throws {UnreadableError} Where none can. It says what the first of them said.
 */
export function parseScript(parsers: readonly Parser[], text: string, dialect: Dialect): Node {
  const source = text.replace(/^\uFEFF/, ' ');
  let first: UnreadableError | null = null;
  const isDeep = mayNestDeeply(source);
  for (const { name, path, exports } of isDeep ? [...parsers].sort(nativeLast) : parsers) {
    try {
      const parse = adapters[name];
      if (isDeep && isNative(name) && !survives(path, source, dialect)) throw new UnreadableError(TOO_DEEP);
      if (parse) return parse(exports, source, dialect);
    } catch (error) {
      first ??= unreadable(error, source);
    }
  }
  throw first ?? new UnreadableError('None of the parsers that were found can read scripts.');
}

const isNative = (name: string): boolean => name === 'oxc-parser';
const nativeLast = (one: Parser, other: Parser): number => Number(isNative(one.name)) - Number(isNative(other.name));
const TOO_DEEP = 'It nests too deeply to be read';

type Adapter = (exports: Exports, text: string, dialect: Dialect) => Node;

const adapters: Readonly<Record<string, Adapter>> = {
  'oxc-parser': withOxc,
  '@typescript-eslint/typescript-estree': withTypescriptEstree,
  '@babel/parser': withBabel,
};

interface OxcResult {
  readonly program: Node;
  readonly errors: readonly {
    readonly severity: string;
    readonly message: string;
    readonly labels?: readonly { readonly start: number }[];
  }[];
}

/**
 * Parses with oxc. It answers a syntax error with an empty body, so errors are checked first. Old code may only parse
 * as a script.
 */
function withOxc(exports: Exports, text: string, lang: Dialect): Node {
  const parse = exports['parseSync'] as (name: string, text: string, options: object) => OxcResult;
  const attempt = (sourceType: string): OxcResult => parse(`file.${lang}`, text, { lang, sourceType });
  const failed = ({ errors }: OxcResult): boolean => errors.some(({ severity }) => severity === 'Error');
  const asModule = attempt('module');
  if (!failed(asModule)) return asModule.program;
  const asScript = attempt('script');
  if (!failed(asScript)) return asScript.program;
  const [error] = asModule.errors;
  throw new UnreadableError(error?.message ?? 'Syntax error', lineAt(text, error?.labels?.[0]?.start));
}

function withTypescriptEstree(exports: Exports, text: string, dialect: Dialect): Node {
  const parse = exports['parse'] as (text: string, options: object) => Node;
  const jsx = dialect === 'jsx' || dialect === 'tsx';
  return parse(text, { jsx, range: true, loggerFn: false, filePath: `file.${dialect === 'dts' ? 'd.ts' : dialect}` });
}

/** Parses with Babel. The plugin `estree` gives standard trees. A file without types may be Flow. */
function withBabel(exports: Exports, text: string, dialect: Dialect): Node {
  const parse = exports['parse'] as (text: string, options: object) => { readonly program: Node };
  const typed = dialect === 'dts' ? [['typescript', { dts: true }]] : ['typescript'];
  const kind = dialect === 'jsx' ? ['flow', 'jsx'] : dialect === 'tsx' ? [...typed, 'jsx'] : typed;
  const plugins = ['estree', 'decorators-legacy', ...kind];
  return parse(text, { sourceType: 'unambiguous', allowReturnOutsideFunction: true, plugins }).program;
}

const lineAt = (text: string, offset: number | undefined): number | null =>
  offset === undefined ? null : placesIn(text)(offset).line;

/** An error from whatever a parser threw, on one line: its message, and where. */
export function unreadable(error: unknown, text: string): UnreadableError {
  if (error instanceof UnreadableError) return error;
  const thrown = error as {
    readonly message?: unknown;
    readonly loc?: { readonly line?: unknown };
    readonly lineNumber?: unknown;
    readonly pos?: unknown;
    readonly start?: { readonly line?: unknown };
  };
  const said = typeof thrown.message === 'string' ? thrown.message : String(error);
  const [message = ''] = said.split('\n');
  if (/call stack size|stack space/.test(message)) return new UnreadableError(TOO_DEEP);
  const known = [thrown.loc?.line, thrown.start?.line, thrown.lineNumber].find((each) => typeof each === 'number');
  return new UnreadableError(message, known ?? (typeof thrown.pos === 'number' ? lineAt(text, thrown.pos) : null));
}
