import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, openWorkshop, root, type Workshop } from '../tools/packed.js';

const files = {
  'package.json': '{ "type": "module" }',
  'eslint.config.js': "import gated from 'gated-realtime/lint';\n\nexport default [gated.configs.recommended];\n",
  '.oxlintrc.json': JSON.stringify({
    jsPlugins: ['gated-realtime/lint'],
    categories: { correctness: 'off' },
    rules: Object.fromEntries(
      ['no-raw-response-create', 'no-raw-realtime-client', 'handle-verdict', 'no-patched-transport'].map((name) => [
        `gated-realtime/${name}`,
        'error',
      ]),
    ),
  }),
  'src/nudge.js': `export function nudge(ws) {\n  ws.send(JSON.stringify({ type: 'response.create' }));\n}\n`,
  'src/good.js': `export const nudge = (session) => void session.respond('nudge');\n`,
};
const typed = {
  'src/dial.ts': `import { OpenAIRealtimeWS } from 'openai/realtime/ws';\nexport const rt: OpenAIRealtimeWS = new OpenAIRealtimeWS({ model });\n`,
  'src/Call.vue': `<script setup lang="ts">\nimport { openSession } from 'gated-realtime/ws';\nconst session = await openSession(plan);\nsession.respond('greeting');\n</script>\n\n<template><p>Call</p></template>\n`,
  'src/Call.svelte': `<script lang="ts">\n  const greet = () => rt.send({ type: 'response.create' });\n</script>\n\n<button onclick={greet}>Greet</button>\n`,
};
const SAID = "`ws.send` sends a raw `response.create`. Write `session.respond('nudge')`. It goes around every guard.";

interface Said {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

let workshop: Workshop;
let project: string;
beforeAll(async () => {
  workshop = await openWorkshop();
  project = await workshop.project('a-linted-project', everything, { ...files, ...typed });
});
afterAll(() => workshop.dispose());

/** The standard output, whatever the exit code: findings make it a failure. */
const output = (script: string, ...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const command = [join(root, 'node_modules', script), ...args];
    execFile(process.execPath, command, { cwd: project, maxBuffer: 2 ** 24 }, (_, stdout, stderr) => {
      resolve(stdout === '' ? stderr : stdout);
    });
  });

describe.each(['eslint', 'eslint-9'])('a project with a flat config, by the command of %s', (version) => {
  it('is told what is wrong, and what to write instead', async () => {
    const results = JSON.parse(await output(`${version}/bin/eslint.js`, '--format', 'json', 'src')) as {
      readonly filePath: string;
      readonly messages: readonly { readonly ruleId: string; readonly line: number; readonly message: string }[];
    }[];
    const said = results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, message }) => ({ path: filePath.split('/').at(-1), line, rule: ruleId, message })),
    );
    expect(said).toEqual([{ path: 'nudge.js', line: 2, rule: 'gated-realtime/no-raw-response-create', message: SAID }]);
  });
});

describe('a project with oxlint', () => {
  let said: Said[];
  beforeAll(async () => {
    const { diagnostics } = JSON.parse(await output('oxlint/bin/oxlint', '--format', 'json', 'src')) as {
      readonly diagnostics: readonly {
        readonly message: string;
        readonly code: string;
        readonly filename: string;
        readonly labels: readonly { readonly span: { readonly line: number } }[];
      }[];
    };
    said = diagnostics.map(({ message, code, filename, labels: [label] }) => ({
      path: filename,
      line: label!.span.line,
      rule: code,
      message,
    }));
  });

  it.each([
    ['src/nudge.js', 2, 'no-raw-response-create'],
    ['src/dial.ts', 1, 'no-raw-realtime-client'],
    ['src/dial.ts', 2, 'no-raw-realtime-client'],
    ['src/Call.vue', 4, 'handle-verdict'],
    ['src/Call.svelte', 2, 'no-raw-response-create'],
  ])('is told of %s, line %i: %s', (path, line, rule) => {
    expect(said).toContainEqual(expect.objectContaining({ path, line, rule: `gated-realtime(${rule})` }));
  });

  it('is told of nothing else, in the same words', () => {
    expect(said).toHaveLength(5);
    expect(said.map(({ message }) => message)).toContain(SAID);
  });
});
