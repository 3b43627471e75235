import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import { ESLint as ESLint9 } from 'eslint-9';
import gated from 'gated-realtime/lint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../tools/packed.js';

const files = {
  // What the file below takes over without a word of its own about where it comes from.
  'gates.ts': `
    import type { ConfirmedSession, Respond, RespondAs } from 'gated-realtime';
    export declare const greet: Respond<'greeting'>;
    export declare const answer: RespondAs;
    export declare const maybe: Respond<'greeting'> | undefined;
    export declare const calls: Map<string, ConfirmedSession<'greeting'>>;
    export declare const server: { respond(status: number): void };
    export declare const lost: any;
  `,
  'calls.ts': `
    import { answer, calls, greet, lost, maybe, server } from './gates.js';
    greet('greeting');
    answer();
    maybe?.('greeting');
    for (const call of calls.values()) call.respond('greeting');
    [...calls.values()].forEach((call) => call.respond('greeting'));
    void greet('greeting');
    export const verdict = greet('greeting');
    server.respond(404);
    lost.respond('greeting');
  `,
  // By its source alone this is a session: the compiler knows better.
  'other.ts': `
    import 'gated-realtime';
    const session = { respond: (status: number): number => status };
    const other = { session };
    other.session.respond(404);
  `,
};

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'gated-realtime-types-'));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe.each(Object.entries({ 'ESLint 10': ESLint, 'ESLint 9': ESLint9 as unknown as typeof ESLint }))(
  'handle-verdict with types, on %s',
  (_, Engine) => {
    const linesIn = async (name: keyof typeof files): Promise<readonly string[]> => {
      const parserOptions = { projectService: true, tsconfigRootDir: project };
      const languageOptions = { parser: tseslint.parser as Linter.Parser, parserOptions };
      const overrideConfig = [{ files: ['**/*.ts'], languageOptions }, gated.configs.recommended];
      const engine = new Engine({ cwd: project, overrideConfigFile: true, overrideConfig });
      const [result] = await engine.lintFiles([name]);
      expect(result!.messages.filter(({ fatal }) => fatal)).toEqual([]);
      return result!.messages.map(({ line }) => files[name].split('\n')[line - 1]!.trim());
    };

    it('knows a capability by its type, whatever it is called', async () => {
      expect(await linesIn('calls.ts')).toEqual([
        "greet('greeting');",
        'answer();',
        "maybe?.('greeting');",
        "for (const call of calls.values()) call.respond('greeting');",
        "[...calls.values()].forEach((call) => call.respond('greeting'));",
      ]);
    });

    it('leaves alone what has another type', async () => {
      expect(await linesIn('other.ts')).toEqual([]);
    });
  },
);
