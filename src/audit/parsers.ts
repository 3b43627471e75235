import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Language, languages } from './languages.js';
import { UnreadableError } from './report.js';

/** A loaded package: its exports by name. */
export type Exports = Readonly<Record<string, unknown>>;

export interface Parsers {
  /**
   * The packages that can parse this file's language, in the order to try them: those of the file's own project, then
   * those of the folder that the audit runs in, then those beside this package.
   *
   * @throws {UnreadableError} Where there is none. Its message says what to install.
   */
  forFile(language: Language, absolute: string): Promise<readonly Parser[]>;
}

export interface Parser {
  readonly name: string;
  /** The path of the loaded file. */
  readonly path: string;
  readonly exports: Exports;
}

export function findParsers(cwd: string, beside: string = import.meta.url): Parsers {
  const loaded = new Map<string, Promise<Exports | null>>();
  const known = new Map<string, Promise<readonly Parser[]>>();
  const load = (path: string): Promise<Exports | null> => {
    const loading = loaded.get(path) ?? import(pathToFileURL(path).href).then(exportsOf, () => null);
    loaded.set(path, loading);
    return loading;
  };
  const find = async (language: Language, folder: string): Promise<readonly Parser[]> => {
    const found = new Map<string, Parser>();
    for (const place of [join(folder, '_.js'), join(cwd, '_.js'), beside]) {
      for (const name of languages[language].parsers) {
        const path = resolveFrom(place, name);
        const exports = path === null ? null : await load(path);
        if (path !== null && exports !== null && isUsable(name, exports)) found.set(path, { name, path, exports });
      }
    }
    return [...found.values()];
  };
  return {
    async forFile(language, absolute) {
      const folder = dirname(absolute);
      const key = `${language}:${folder}`;
      const finding = known.get(key) ?? find(language, folder);
      known.set(key, finding);
      const found = await finding;
      if (found.length === 0) throw new UnreadableError(missing(language));
      return found;
    },
  };
}

/** Whether a package is the right version: Vue 2 has one of the same name with other functions. */
const isUsable = (name: string, { version }: Exports): boolean =>
  name !== '@vue/compiler-sfc' || (typeof version === 'string' && version.startsWith('3.'));

function missing(language: Language): string {
  const [parser = ''] = languages[language].parsers;
  const name = parser.startsWith('@') ? parser : (parser.split('/')[0] ?? parser);
  const command = `npm install --save-dev ${name}`;
  const once = `npx -p gated-realtime -p ${name} gated-realtime …`;
  return `No parser for ${languages[language].label}: install one with "${command}", or run "${once}".`;
}

function resolveFrom(place: string, name: string): string | null {
  try {
    return createRequire(place).resolve(name);
  } catch {
    return null;
  }
}

/** The exports of an ES module, or of an imported CommonJS module. */
function exportsOf(module: unknown): Exports {
  const named = module as Exports;
  const whole = named['default'];
  return typeof whole === 'object' && whole !== null ? { ...(whole as Exports), ...named } : named;
}
