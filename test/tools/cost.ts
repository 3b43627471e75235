/**
 * What the package adds to a consumer's type-check, over the SDK's own event types: `npm run cost`. Files and
 * instantiations are the same in every run; time and memory are medians.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everything, openWorkshop, root } from './packed.js';

export interface Cost {
  readonly files: number;
  readonly instantiations: number;
  readonly checkSeconds: number;
  readonly memoryMB: number;
}

const SDK_EVENTS = `
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
export const said = (event: RealtimeServerEvent) => (event.type === 'response.done' ? event.response.id : event.type);
`;

const SDK_SOCKET = `
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
const socket = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1' });
socket.on('response.output_audio.delta', ({ delta }) => delta.length);
socket.on('response.done', ({ response }) => response.status);
socket.send({ type: 'response.create' });
`;

const conversation = (open: string, tools = ''): string => `${open}
session.on('audio', ({ bytes }) => bytes.byteLength);
const outcome = await session.respond('${tools === '' ? 'greeting' : 'tool:tool_0'}').done;
export const said: string = outcome.status === 'completed' ? outcome.text : outcome.status;
await session.close();
`;

const OVER_A_TRANSPORT = conversation(`
import { openSession, type Transport } from 'gated-realtime';
declare const transport: Transport;
const session = await openSession({ transport, purposes: ['greeting'] });`);

const FIRST_PROGRAM = conversation(`
import { openSession } from 'gated-realtime/ws';
const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });`);

const numbers = (count: number): readonly number[] => [...Array(count).keys()];

/** Typical schemas, all different. */
const schemas = (count: number): string =>
  numbers(count)
    .map(
      (at) => `
const schema${at} = z.object({
  field${at}: z.string().describe('A name.'),
  amount: z.number().min(${at}).optional(),
  kind: z.enum(['one', 'two', 'kind${at}']),
});`,
    )
    .join('');

/** The same schemas, and functions over their outputs, without this package. */
const schemasAlone = (count: number): string => `
import { z } from 'zod';
${SDK_EVENTS}${schemas(count)}
${numbers(count)
  .map((at) => `export const run${at} = ({ field${at}, kind }: z.infer<typeof schema${at}>) => [field${at}, kind];`)
  .join('\n')}
`;

const toolCode = (at: number): string => `
const tool${at} = tool({
  name: 'tool_${at}',
  description: 'Does it.',
  parameters: schema${at},
  run: ({ field${at}, kind }) => [field${at}, kind],
});`;

const withTools = (count: number): string => {
  const list = numbers(count)
    .map((at) => `tool${at}`)
    .join(', ');
  const open = `
import { z } from 'zod';
import { tool } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
${schemas(count)}${numbers(count).map(toolCode).join('')}
const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'], tools: [${list}] });`;
  return conversation(open, list);
};

/** The programs to measure; the first is the base of comparison. */
export const programs = {
  "the SDK's event types": SDK_EVENTS,
  "the SDK's OpenAIRealtimeWS": SDK_SOCKET,
  'gated-realtime, over a transport': OVER_A_TRANSPORT,
  'gated-realtime/ws, a first program': FIRST_PROGRAM,
  '1 schema, without us': schemasAlone(1),
  '1 tool': withTools(1),
  '16 schemas, without us': schemasAlone(16),
  '16 tools': withTools(16),
  '64 schemas, without us': schemasAlone(64),
  '64 tools': withTools(64),
  '256 schemas, without us': schemasAlone(256),
  '256 tools': withTools(256),
} as const;
export type Program = keyof typeof programs;

/** How often each program is compiled, and how many compile at once. */
interface Measuring {
  readonly runs: number;
  readonly atOnce: number;
}

/** Compiles each of these programs. Time and memory are medians. */
export async function measureCosts(
  names: readonly Program[],
  { runs, atOnce }: Measuring,
): Promise<ReadonlyMap<Program, Cost>> {
  const workshop = await openWorkshop();
  try {
    const project = await workshop.project('cost', everything, projectFiles(names));
    const costs = new Map<Program, Cost>();
    const left = [...names];
    const measureRest = async (): Promise<void> => {
      for (let name = left.shift(); name; name = left.shift()) costs.set(name, await measureOne(project, name, runs));
    };
    await Promise.all(Array.from({ length: atOnce }, measureRest));
    return new Map(names.map((name) => [name, costs.get(name)!]));
  } finally {
    await workshop.dispose();
  }
}

const fileOf = (name: Program): string => `program-${Object.keys(programs).indexOf(name)}`;

function projectFiles(names: readonly Program[]): Record<string, string> {
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', strict: true, noEmit: true },
    ...{ types: ['node'], skipLibCheck: true },
  };
  const files: Record<string, string> = { 'package.json': JSON.stringify({ type: 'module' }) };
  for (const name of names) {
    files[`${fileOf(name)}.ts`] = programs[name];
    files[`${fileOf(name)}.json`] = JSON.stringify({ compilerOptions, files: [`${fileOf(name)}.ts`] });
  }
  return files;
}

async function measureOne(project: string, name: Program, runs: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < runs; run += 1) {
    costs.push(readCost(await diagnostics(join(project, `${fileOf(name)}.json`))));
  }
  return { ...costs[0]!, checkSeconds: median(costs, 'checkSeconds'), memoryMB: median(costs, 'memoryMB') };
}

const median = (costs: readonly Cost[], of: keyof Cost): number =>
  costs.map((cost) => cost[of]).sort((one, other) => one - other)[Math.floor(costs.length / 2)]!;

function diagnostics(config: string): Promise<string> {
  const command = [join(root, 'node_modules/typescript/bin/tsc'), '-p', config, '--extendedDiagnostics'];
  return new Promise((settle, fail) => {
    execFile(process.execPath, command, (error, stdout) => {
      if (error) fail(new Error(`${config} does not compile: ${stdout}`));
      else settle(stdout);
    });
  });
}

/** Reads what `tsc --extendedDiagnostics` prints. */
export function readCost(printed: string): Cost {
  const figure = (name: string): number => {
    const found = new RegExp(`^${name}: +([\\d.]+)`, 'm').exec(printed)?.[1];
    if (found === undefined) throw new Error(`The compiler did not print: ${name}`);
    return Number(found);
  };
  return {
    files: figure('Files'),
    instantiations: figure('Instantiations'),
    checkSeconds: figure('Check time'),
    memoryMB: Math.round(figure('Memory used') / 1024),
  };
}

function table(costs: ReadonlyMap<Program, Cost>): string {
  const [first] = costs.values();
  const rows = [...costs].map(([name, cost], at) => [
    name,
    ...(['files', 'instantiations', 'memoryMB'] as const).map((of) =>
      at === 0 ? String(cost[of]) : signed(cost[of] - first![of]),
    ),
    `${cost.checkSeconds.toFixed(2)} s`,
  ]);
  return aligned([['', 'files', 'instantiations', 'memory, MB', 'check time'], ...rows]);
}

const signed = (difference: number): string => `${difference < 0 ? '–' : '+'} ${Math.abs(difference)}`;

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '))
    .join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runs = Number(process.argv[2] ?? 5);
  console.log(`TypeScript 6.0, median of ${runs}; the first row in full, the others as what they add to it.\n`);
  console.log(table(await measureCosts(Object.keys(programs) as Program[], { runs, atOnce: 1 })));
}
