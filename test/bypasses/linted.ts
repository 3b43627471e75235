/** Runs the recommended lint rules on an attempt. */
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import gated from '../../src/lint/index.js';
import type { Case } from './corpus.js';

const config: Linter.Config[] = [
  gated.configs.recommended,
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
];

/** The names of the rules that report it, without repetition. */
export function rulesAgainst({ code, path }: Case): readonly string[] {
  const messages = new Linter().verify(code, config, { filename: path });
  const names = messages.map(({ ruleId, message }) => {
    if (ruleId === null) throw new Error(`${path} cannot be linted: ${message}`);
    return ruleId.replace('gated-realtime/', '');
  });
  return [...new Set(names)].sort();
}
