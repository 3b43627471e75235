import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { root } from '../tools/packed.js';

const eslint = new ESLint({ cwd: root });

/** The lint errors in a file of the shell with this text. */
async function complaints(text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${root}/src/session/runtime.ts` });
  return (result?.messages ?? [])
    .map(({ message }) => message)
    .filter((message) => message.includes('decides nothing'));
}

const RUNTIME =
  'interface Session { readonly hangUp: boolean }\ndeclare const runtime: { ask<Answer>(question: (session: Session) => Answer): Answer };\n';

describe("the shell's lint rule", () => {
  it.each([
    ['a state of the machine', 'export class A { #machine = { is: 1 }; get(): number { return this.#machine.is; } }'],
    ['a state of a local machine', 'declare const machine: { is: number };\nexport const is = machine.is;'],
    ['a state by destructuring', 'declare const machine: { is: number };\nexport const { is } = machine;'],
    ['the tables', "import { dimensions } from '../machine/index.js';\nexport const all = dimensions;"],
    [
      'a part of the machine',
      "import { hangUpIsPending } from '../machine/hang-up.js';\nexport const a = hangUpIsPending;",
    ],
    ['what a question of its own reads', `${RUNTIME}export const a = runtime.ask((each) => each.hangUp);`],
    [
      'what a question reads that it has written elsewhere',
      `${RUNTIME}const asked = (each: Session): boolean => each.hangUp;\nexport const a = runtime.ask(asked);`,
    ],
    [
      'what the question of another file reads',
      `import { asked } from './respond.js';\n${RUNTIME}export const a = runtime.ask(asked);`,
    ],
  ])('refuses to let it read %s', async (_, text) => {
    expect(await complaints(text)).not.toEqual([]);
  });

  it('lets it ask a named question', async () => {
    const text =
      "import { isOpen, type Session } from '../machine/index.js';\nexport const a = (s: Session) => isOpen(s);";
    expect(await complaints(text)).toEqual([]);
  });

  it('lets it have the machine answer a named question', async () => {
    const text = `import { isOpen } from '../machine/index.js';\ndeclare const runtime: { ask(question: typeof isOpen): boolean };\nexport const a = runtime.ask(isOpen);`;
    expect(await complaints(text)).toEqual([]);
  });
});
