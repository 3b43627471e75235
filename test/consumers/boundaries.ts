/** Projects outside the matrix, which do not work, or only in part, and the compiler's errors in them. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutDirectives } from '../tools/directives.js';
import { everything, type Installed, type Workshop } from '../tools/packed.js';
import { beforeRequire, dimensions, type Row } from './matrix.js';
import type { Files, Project } from './project.js';

type Version = Row['typescript'];
export interface Boundary {
  readonly name: string;
  readonly compilers: readonly Version[];
  /** The compilers that `npm test` uses. */
  readonly first: readonly Version[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly installed?: Installed;
  /** Programs whose expected errors are marked by directives. */
  readonly programs: Files;
  /** Installs additional packages. */
  prepare?(folder: string, workshop: Workshop): Promise<void>;
}

const every = dimensions.typescript;
const before7 = every.filter((version) => version !== '7.0');
const { openai: _openai, '@types/node': _node, '@types/ws': _typesOfWs, ws: _ws, ...bare } = everything;

const gatedEvent = (words: string): string => `
import type { AnySession } from 'gated-realtime';
declare const session: AnySession;
// @ts-expect-error: ${words}
session.send({ type: 'response.create' });
`;

const ownTransport = `
import { openSession, type Transport } from 'gated-realtime';
declare const transport: Transport;
export const session = await openSession({ transport, purposes: ['greeting'] });
session.on('audio', ({ bytes }) => bytes.byteLength);
session.respond('greeting');
// @ts-expect-error: Argument of type '"greting"' is not assignable to parameter
session.respond('greting');
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send({ type: 'response.create' });
`;

/** A package that re-exports ours, with a copy of its own. */
const between = `
import type * as Gated from 'gated-realtime';
export declare const takes: {
  outcome(outcome: Gated.ResponseOutcome): void;
  verdict(verdict: Gated.Verdict): void;
  record(record: Gated.VerdictRecord): void;
  handle(handle: Gated.ResponseHandle): void;
  event(event: Gated.SendableEvent): void;
  transport(transport: Gated.Transport): void;
  error(error: Gated.ConfigureError): void;
  respond(respond: Gated.Respond<'greeting'>): void;
  session(session: Gated.ConfirmedSession<'greeting'>): void;
  anySession(session: Gated.AnySession): void;
  tool(tool: Gated.Tool): void;
  plan(plan: Gated.SessionPlan): void;
};
`;
const twoCopies = `
import type * as Gated from 'gated-realtime';
import { takes } from 'between';
declare const ours: {
  outcome: Gated.ResponseOutcome;
  verdict: Gated.Verdict;
  record: Gated.VerdictRecord;
  handle: Gated.ResponseHandle;
  event: Gated.SendableEvent;
  transport: Gated.Transport;
  error: Gated.ConfigureError;
  respond: Gated.Respond<'greeting'>;
  session: Gated.ConfirmedSession<'greeting'>;
  anySession: Gated.AnySession;
  tool: Gated.Tool;
  plan: Gated.SessionPlan;
};
takes.outcome(ours.outcome);
takes.verdict(ours.verdict);
takes.record(ours.record);
takes.handle(ours.handle);
takes.event(ours.event);
takes.transport(ours.transport);
takes.error(ours.error);
// @ts-expect-error: Respond<"greeting", string>
takes.respond(ours.respond);
// @ts-expect-error: ConfirmedSession<"greeting", string>
takes.session(ours.session);
// @ts-expect-error: Types of property 'send' are incompatible
takes.anySession(ours.anySession);
// @ts-expect-error: Types of property 'run' are incompatible
takes.tool(ours.tool);
// @ts-expect-error: Types of property 'tools' are incompatible
takes.plan(ours.plan);
`;

export const boundaries: readonly Boundary[] = [
  {
    name: 'without openai, its types a silent any: a gated event is refused, and the advice is what to install',
    compilers: every,
    first: ['5.5', '5.9', '6.0', '7.0'],
    installed: bare,
    programs: { 'main.ts': gatedEvent('Advice<"install openai: its types describe every event">') },
  },
  {
    name: 'without the types of Node and of ws: the root import, over a transport of your own',
    compilers: every,
    first: ['5.5', '7.0'],
    installed: { ...bare, openai: 'openai' },
    options: { lib: ['es2022', 'dom'] },
    programs: { 'main.ts': ownTransport },
  },
  {
    name: 'without the types of Node and of ws: /websocket, with the class of a browser',
    compilers: every,
    first: ['5.5', '7.0'],
    installed: { ...bare, openai: 'openai' },
    options: { lib: ['es2022', 'dom'] },
    programs: {
      'main.ts': `
import { openSession, type WebSocketConnectOptions } from 'gated-realtime/websocket';
const options: WebSocketConnectOptions = { model: 'gpt-realtime-2.1', apiKey: async () => 'ek_1', WebSocket };
export const open = () => openSession({ ...options, purposes: ['greeting'] });
// @ts-expect-error: is missing in type
void openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });
`,
    },
  },
  {
    name: 'CommonJS before 5.8: no require(), but types and import()',
    compilers: beforeRequire,
    first: ['5.5'],
    programs: {
      'main.cts': `
// @ts-expect-error: cannot be imported with 'require'
import gated = require('gated-realtime');
import type { AnySession } from 'gated-realtime' with { 'resolution-mode': 'import' };
void gated;
export const open = async (): Promise<AnySession> => {
  const { openSession } = await import('gated-realtime/ws');
  return openSession({ model: 'gpt-realtime-2.1' });
};
`,
    },
  },
  {
    name: 'module node16: every import, and no require()',
    compilers: every,
    first: ['7.0'],
    options: { module: 'node16' },
    programs: {
      'main.ts': ownTransport,
      'main.cts': `
// @ts-expect-error: cannot be imported with 'require'
import gated = require('gated-realtime');
void gated;
`,
    },
  },
  {
    name: 'moduleResolution node10: no subpath is found',
    compilers: before7,
    first: ['6.0'],
    options: { module: 'commonjs', moduleResolution: 'node10' },
    programs: {
      'main.ts': `
import { tool } from 'gated-realtime';
// @ts-expect-error: Cannot find module 'gated-realtime/ws'
import { openSession } from 'gated-realtime/ws';
void [tool, openSession];
`,
    },
  },
  {
    name: 'two copies in one tree: data passes, what may ask and whoever is handed it does not',
    compilers: every,
    first: ['7.0'],
    programs: { 'main.ts': twoCopies },
    prepare: installBetween,
  },
];

export async function writeBoundary(workshop: Workshop, boundary: Boundary, typescript: Version): Promise<Project> {
  const { programs, installed = everything, options = {} } = boundary;
  const isDeprecated = options['moduleResolution'] === 'node10' && typescript === '6.0';
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    types: [],
    lib: ['es2022'],
    strict: true,
    skipLibCheck: true,
    ...options,
    ...(isDeprecated && { ignoreDeprecations: '6.0' }),
  };
  const name = `${typescript} ${boundary.name}`.replaceAll(/\W+/g, '-');
  const folder = await workshop.project(name, installed, {
    ...Object.fromEntries(Object.entries(programs).map(([path, text]) => [path, withoutDirectives(text)])),
    'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: Object.keys(programs) }),
  });
  await boundary.prepare?.(folder, workshop);
  return { folder, programs };
}

/** Installs a package with its own copy of ours, of the same version. */
async function installBetween(folder: string, { unpacked }: Workshop): Promise<void> {
  const place = join(folder, 'node_modules/between');
  await cp(unpacked, join(place, 'node_modules/gated-realtime'), { recursive: true });
  await writeFile(
    join(place, 'package.json'),
    JSON.stringify({ name: 'between', type: 'module', types: 'index.d.ts' }),
  );
  await writeFile(join(place, 'index.d.ts'), between);
}
