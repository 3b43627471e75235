import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ListenOptions } from '../simulator/index.js';
import { listen, parseScript } from '../simulator/index.js';
import { commandFrom } from './command.js';
import { printable } from './printable.js';
import type { Terminal } from './run.js';

const help = `Usage: gated-realtime simulate [options]

Plays the server of the Realtime API on a WebSocket, for any client in any language.
Whoever appends loud audio speaks; without a script it makes up short answers.

Options:
  --port <n>       Where to listen. Default 8765; 0 is any that is free.
  --host <name>    On which address. Default 127.0.0.1, which only this machine can reach.
  --script <file>  What happens, as JSON: { "server": {…}, "faults": {…}, "steps": [{ "on": "connect", "says": "Hello." }, …] }
  --seed <n>       Same seed, same ids. Default 1.
  --api-key <key>  A key to let in; may be given several times. Without it, everybody is.
  --pace <n>       How many times faster than the wall clock it lives. Default 1.
  --help           This.

Examples:
  npx gated-realtime simulate
  npx gated-realtime simulate --port 0 --pace 10
  npx gated-realtime simulate --script call.json --api-key sk-test

Then, in another terminal, give its address to a session (url), or to any client: OPENAI_BASE_URL=http://127.0.0.1:8765/v1`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  script: { type: 'string' },
  seed: { type: 'string' },
  'api-key': { type: 'string', multiple: true },
  pace: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const simulateCommand = commandFrom<Asked>({
  name: 'simulate',
  summary: 'Play the Realtime server on a local WebSocket.',
  help,
  options,
  read,
  async carryOut({ listen: given, script }, terminal) {
    await serve(script === undefined ? given : { ...given, ...(await load(script)) }, terminal);
    return 0;
  },
});

interface Asked {
  readonly listen: ListenOptions;
  readonly script: string | undefined;
}

function read(args: readonly string[]): Asked | string | null {
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  if (values.help) return null;
  const port = numberOf(values.port ?? '8765', 0, 65_535);
  const seed = values.seed === undefined ? undefined : numberOf(values.seed, 0, 2 ** 31);
  const pace = Number(values.pace ?? '1');
  if (port === null) return '--port must be a number from 0 to 65535.';
  if (seed === null) return '--seed must be a whole number, 0 or more.';
  if (!(pace > 0 && pace <= 10_000)) return '--pace must be a number above 0, and no more than 10000.';
  const keys = values['api-key'];
  const host = values.host;
  return {
    script: values.script,
    listen: {
      port,
      pace,
      ...(seed !== undefined && { seed }),
      ...(host !== undefined && { host }),
      ...(keys && { apiKeys: keys }),
    },
  };
}

function numberOf(text: string, from: number, to: number): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  return value >= from && value <= to ? value : null;
}

async function load(file: string): Promise<Pick<ListenOptions, 'script'>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`The script ${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  return { script: parseScript(text) };
}

async function serve(given: ListenOptions, { print, signal }: Terminal): Promise<void> {
  const server = await listen({
    ...given,
    onConnection: ({ id, greeting, server: { session } }) => {
      const how = greeting.callId === undefined ? '' : `, on the call ${greeting.callId}`;
      print(printable(`${id}: ${nameOf(session?.config)}${how}, ${session?.id ?? 'no session'}`));
    },
    onRefused: (id, code) => print(printable(`${id}: refused, ${code}`)),
    onGone: (id) => print(`${id}: gone`),
  });
  print(`Listening on ${server.url}?model=gpt-realtime-2.1`);
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
}

/** The model's name; a transcription session has none of its own. */
const nameOf = (config: { readonly model: string } | undefined): string =>
  config === undefined ? 'no model' : config.model === '' ? 'transcription' : config.model;
