import { printable } from './printable.js';
import type { Command, Terminal } from './run.js';

interface Definition<Asked> extends Pick<Command, 'name' | 'summary'> {
  readonly help: string;
  /** What was asked for; what is wrong with it, returned or thrown; or null for help. */
  read(args: readonly string[]): Asked | string | null;
  /** Resolves with the exit code. */
  carryOut(asked: Asked, terminal: Terminal): Promise<number>;
}

/** A command that says how it is used, where it is asked to or is asked wrongly. */
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

function readOrWhyNot<Asked>({ read }: Definition<Asked>, args: readonly string[]): Asked | string | null {
  try {
    return read(args);
  } catch (error) {
    return (error as Error).message;
  }
}
