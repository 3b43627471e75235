import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { simulate } from 'gated-realtime/simulator';
import type { Decision } from 'gated-realtime';
import type { Complaint } from '../tools/compilers.js';
import { root } from '../tools/packed.js';
import { complaintsAbout } from './examples.js';

const page = readFileSync(join(root, 'docs/decisions.md'), 'utf8');
const blocksIn = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);
const programs = blocksIn('ts').map((code, at) => ({ code, file: `program-${at}.ts` }));

const surroundings = `
import type * as Gated from 'gated-realtime';
declare global {
  const session: Gated.ConfirmedSession<'greeting'>;
  const metrics: { increment(name: string, labels: object): void };
  const spending: { add(callId: string | null, purpose: string, nanoUsd: number | null): void };
}
`;

describe('the page on decisions', () => {
  let complaints: Complaint[];
  beforeAll(async () => {
    complaints = await complaintsAbout(new Map(programs.map(({ file, code }) => [file, code])), surroundings);
  }, 120_000);

  test('has programs, in surroundings that compile', () => {
    expect(programs.length).toBeGreaterThan(3);
    expect(complaints.filter(({ file }) => file === 'surroundings.d.ts')).toEqual([]);
  });

  test.each(programs.map(({ code, file }) => [code.split('\n')[0]!, file] as const))('compiles: %s', (_, file) => {
    expect(complaints.filter((each) => each.file === file).map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
  });

  test('shows a decision as it is', async () => {
    const { session, server } = await simulate({ purposes: ['offer'] });
    const decided = session.once('decision');
    server.caller.speaks('Do you have tulips?', { ms: 1_200 });
    await session.once('input_audio_buffer.speech_started');
    session.respond('offer', { response: { instructions: 'Offer delivery.' } });
    const decision = { ...(await decided), sessionId: 'sess_…', responseId: 'resp_…', wallTime: 1_800_000_000_080 };
    expect(JSON.parse(blocksIn('json')[0]!) as Decision).toEqual(decision);
  });
});
