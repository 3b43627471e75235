import { parseArgs, type ParseArgsConfig } from 'node:util';
import { didYouMean } from './near.js';
import { printable } from './printable.js';
import type { Command, Terminal } from './run.js';

interface Definition<Asked> extends Pick<Command, 'name' | 'summary'> {
  readonly help: string;
  /** The command's options, as `parseArgs()` takes them. */
  readonly options: Options;
  /** Returns what was asked for, null for help, or an error message as a string; may also throw. */
  read(args: readonly string[]): Asked | string | null;
  /** Resolves with the exit code. */
  carryOut(asked: Asked, terminal: Terminal): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Makes a command that prints its usage when asked for help or called wrongly. */
export const commandFrom = <Asked extends object>(definition: Definition<Asked>): Command => ({
  name: definition.name,
  summary: definition.summary,
  async run(args, terminal) {
    const asked = readOrWhyNot(definition, args);
    if (typeof asked === 'string') {
      terminal.complain(`${printable(asked)}\n\n${definition.help}`);
      return 2;
    }
    if (asked !== null) return definition.carryOut(asked, terminal);
    terminal.print(definition.help);
    return 0;
  },
});

function readOrWhyNot<Asked>({ options, read }: Definition<Asked>, args: readonly string[]): Asked | string | null {
  try {
    return unknownOption(args, options) ?? read(args);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The error message for the first unknown option; null where there is none. */
function unknownOption(args: readonly string[], options: Options): string | null {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option' || Object.hasOwn(options, token.name)) continue;
    const known = Object.keys(options).map((name) => `--${name}`);
    return `There is no option "${token.rawName}".${didYouMean(token.rawName, known)}`;
  }
  return null;
}
