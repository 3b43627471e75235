/** Runs the cases of a rule on both supported majors of ESLint, with each parser that can read them. */
import { Linter, RuleTester, type Rule } from 'eslint';
import { Linter as Linter9, RuleTester as RuleTester9 } from 'eslint-9';
import gated from 'gated-realtime/lint';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';

export type RuleName = keyof typeof gated.rules;
export type Options = readonly [Readonly<Record<string, unknown>>?];

export interface Case {
  readonly name: string;
  readonly code: string;
  readonly options?: Options;
  readonly filename?: string;
}
export interface Reported extends Case {
  /** How often; or each with its message and its suggestions. */
  readonly errors?: number | RuleTester.TestCaseError[];
}

/** A table of cases that differ in their code alone. */
export const titled = (cases: Readonly<Record<string, string>>, more: Partial<Case> = {}): Case[] =>
  Object.entries(cases).map(([name, code]) => ({ ...more, name, code }));

interface Major {
  readonly Tester: typeof RuleTester;
  /** Whether a parser of this major can read a text. */
  isReadable(code: string, languageOptions: Linter.LanguageOptions): boolean;
}
const majors: Readonly<Record<string, Major>> = {
  'ESLint 10': {
    Tester: RuleTester,
    isReadable: (code, languageOptions) => new Linter().verify(code, { languageOptions }).every(isMild),
  },
  'ESLint 9': {
    Tester: RuleTester9 as typeof RuleTester,
    isReadable: (code, languageOptions) => new Linter9().verify(code, { languageOptions }).every(isMild),
  },
};
const isMild = ({ fatal }: { readonly fatal?: boolean | undefined }): boolean => fatal !== true;

const parsers = { espree: undefined, 'typescript-eslint': tseslint.parser as Linter.Parser };

const languageOf = (parser: Linter.Parser | undefined): Linter.LanguageOptions => ({
  ecmaVersion: 'latest',
  sourceType: 'module',
  ...(parser ? { parser } : {}),
});

export function suite(rule: RuleName, lets: readonly Case[], reports: readonly Reported[]): void {
  for (const [major, { Tester, isReadable }] of Object.entries(majors)) {
    for (const [name, parser] of Object.entries(parsers)) {
      const languageOptions = languageOf(parser);
      const meant = <Some extends Case>(cases: readonly Some[]): readonly Some[] =>
        parser ? cases : cases.filter(({ code }) => isReadable(code, languageOptions));
      describe(`${major}, ${name}`, () => {
        new Tester({ languageOptions }).run(rule, gated.rules[rule], {
          valid: meant(lets).map(inOrder),
          invalid: meant(reports).map((each) => ({ ...inOrder(each), errors: each.errors ?? 1 })),
        });
      });
    }
  }
}

const inOrder = ({ name, code, options, filename }: Case): RuleTester.ValidTestCase => ({
  name,
  code,
  ...(options ? { options: [...options] } : {}),
  ...(filename === undefined ? {} : { filename }),
});

for (const Tester of [RuleTester, RuleTester9]) Object.assign(Tester, { describe, it });

export const ruleOf = (name: RuleName): Rule.RuleModule => gated.rules[name];
