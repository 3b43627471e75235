import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';
import { complaintsAbout } from './examples.js';

/** The program around an example. */
const surroundings = `
import type * as Zod from 'zod';
import type OpenAI from 'openai';
import type * as Pino from 'pino';
import type * as Gated from 'gated-realtime';
import type * as Recorded from 'gated-realtime/record';
import type * as Simulated from 'gated-realtime/simulator';
import type * as GatedWs from 'gated-realtime/ws';
declare global {
  const z: typeof Zod.z;
  const { tool, jsonSchema, plan, sessionParameters, sharedBudget, costOf, prices, publishedPrices, logTo }: typeof Gated;
  const pino: typeof Pino.pino;
  const { simulate, createSimulator, listen, parseScript, virtualClock, memoryNetwork }: typeof Simulated;
  const { createServer, step, nextDue, fingerprint, reply }: typeof Simulated;
  const { userMessage }: typeof Gated;
  type Logger = Gated.Logger;
  type Observer = Gated.Observer;
  type Watch = Gated.Watch;
  type Transport = Gated.Transport;
  type Respond<Purpose extends string> = Gated.Respond<Purpose>;
  const clock: Gated.Clock;
  const ears: Gated.Ears;
  const { connect, openSession }: typeof GatedWs;
  const { recordTo, parseRecord, readRecord, replay, explain }: typeof Recorded;
  const record: Recorded.CallRecord;
  const text: string;
  const session: Gated.ConfirmedSession<'greeting' | 'transfer'>;
  const transferCall: Gated.Tool<'transfer_call'>;
  const salesPlan: Gated.SessionPlan<'greeting'>;
  const openai: OpenAI;
  const callId: string;
  const operator: string;
  function ask(who: string, what: unknown): Promise<string>;
  const hours: { of(day: string): string };
  const carrier: { transfer(): Promise<void>; on(name: 'mark', run: (at: { itemId: string; ms: number }) => void): void };
  const microphone: { on(name: 'data', run: (chunk: Uint8Array) => void): void };
  const operators: { on(name: 'joined' | 'left', run: () => void): void };
  const button: Record<'onPress' | 'onRelease', (run: () => void) => void>;
  const speaker: { write(bytes: Uint8Array): void };
}
`;

const examples = ['types', 'src']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => examplesIn(path, readFileSync(join(root, path), 'utf8')));

describe('the examples of the doc comments', () => {
  let complaints: Complaint[];

  beforeAll(async () => {
    complaints = await complaintsAbout(new Map(examples.map(({ file, code }) => [file, code])), surroundings);
  }, 120_000);

  test('are found, and stand in surroundings that compile', () => {
    expect(examples.length).toBeGreaterThan(15);
    expect(complaints.filter(({ file }) => file === 'surroundings.d.ts')).toEqual([]);
  });

  test.each(examples.map(({ path, code, file }) => [path, code.split('\n')[0]!, file] as const))(
    'compile: %s: %s',
    (_path, _code, file) => {
      expect(complaints.filter((each) => each.file === file).map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
    },
  );
});

function examplesIn(
  path: string,
  text: string,
): { readonly path: string; readonly code: string; readonly file: string }[] {
  return [...text.matchAll(/^( *)\* @example\n\1\* ```ts\n(.*?)^\1\* ```$/gms)].map(([, , block], place) => ({
    path,
    code: block!.replaceAll(/^ *\* ?/gm, '').trimEnd(),
    file: `${path.replaceAll(/\W+/g, '-')}-${place}.ts`,
  }));
}
