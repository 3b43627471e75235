import { auditCommand } from './audit.js';
import { migrateCommand } from './migrate.js';
import { didYouMean } from './near.js';
import { printable } from './printable.js';
import { replayCommand } from './replay.js';
import { simulateCommand } from './simulate.js';
import { version } from '../version.js';

/** The terminal that a command writes to. */
export interface Terminal {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Aborted when the command must stop. */
  readonly signal: AbortSignal;
  /** Replaces the progress line; an empty text removes it. Left out where the output is not a terminal. */
  readonly progress?: (line: string) => void;
  /** @default The folder of the process. */
  readonly cwd?: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Resolves with the exit code: 0, 1 for findings, or 2 for wrong usage. Rejects if the command fails. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

const commands: readonly Command[] = [auditCommand, migrateCommand, replayCommand, simulateCommand];

const usage = (): string =>
  [
    'Usage: gated-realtime <command> [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`),
    '',
    'Options:',
    '  --version   The version of this package.',
    '  --help      This. After a command: how that is used, with examples.',
    '',
    'Examples:',
    '  npx gated-realtime simulate',
    '  npx gated-realtime audit src',
  ].join('\n');

/** Runs the command line. Resolves with the exit code: 2 if it fails, 130 if it is interrupted. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    (name === undefined ? terminal.complain : terminal.print)(usage());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    terminal.print(version);
    return 0;
  }
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const what = name.startsWith('-') ? 'option' : 'command';
    const names = what === 'option' ? ['--version', '--help'] : commands.map((each) => each.name);
    terminal.complain(printable(`There is no ${what} "${name}".${didYouMean(name, names)}`) + `\n\n${usage()}`);
    return 2;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return STOPPED;
    terminal.complain(
      lines(`gated-realtime ${name} failed: ${error instanceof Error ? error.message : String(error)}`),
    );
    return 2;
  }
}

/** The exit code that shells use for an interrupted command: 128 plus signal 2. */
const STOPPED = 130;

/** Makes each line of a message safe to print. */
const lines = (message: string): string => message.split('\n').map(printable).join('\n');
