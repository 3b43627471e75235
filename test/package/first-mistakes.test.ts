import { cp, readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everything, openWorkshop, type Workshop } from '../tools/packed.js';

// A newcomer's first mistakes, in plain JavaScript with the packed package, and the error message for each.

const run = promisify(execFile);
let workshop: Workshop;
let project: string;
beforeAll(async () => {
  workshop = await openWorkshop();
  project = await workshop.project('a-newcomer', everything, { 'package.json': '{ "type": "module" }' });
});
afterAll(() => workshop.dispose());

/** The output of a program, and the message of an error that it does not catch. */
async function printedBy(code: string, kind: 'module' | 'commonjs' = 'module', cwd = project): Promise<string> {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _base, ...env } = process.env;
  const caught = `process.on('uncaughtException', (error) => console.log(error.name + ': ' + error.message));\n${code}`;
  const { stdout } = await run(process.execPath, [`--input-type=${kind}`, '--eval', caught], { cwd, env });
  return stdout.trim();
}

const openRoot = `import { openSession } from 'gated-realtime';\n`;
const openWs = `import { openSession } from 'gated-realtime/ws';\n`;
const withTool = (imports: string, parameters: string): string =>
  `${imports}import { tool } from 'gated-realtime';
  tool({ name: 'save', description: 'Saves.', parameters: ${parameters}, run: () => 'saved' });`;

describe('a first mistake', () => {
  it.each([
    [
      'openSession of the root without a transport',
      `${openRoot}await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });`,
      'MisuseError: connect() and openSession() of "gated-realtime" need a `transport`: on Node, import them from "gated-realtime/ws", elsewhere from "gated-realtime/websocket", which have one; in tests, use simulate() of "gated-realtime/simulator". Nothing was sent.',
    ],
    [
      'the same, with options of the other way in',
      `${openRoot}await openSession({ model: 'gpt-realtime-2.1', apiKey: 'sk-test' });`,
      'MisuseError: connect() and openSession() of "gated-realtime" need a `transport`: on Node, import them from "gated-realtime/ws", elsewhere from "gated-realtime/websocket", which have one; in tests, use simulate() of "gated-realtime/simulator". Nothing was sent.',
    ],
    [
      'no key',
      `${openWs}await openSession({ model: 'gpt-realtime-2.1' });`,
      'MisuseError: There is no API key: set OPENAI_API_KEY, or give `apiKey` or `client`. To try without one: npx gated-realtime simulate.',
    ],
    [
      'an address of the web',
      `${openWs}await openSession({ model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: 'http://127.0.0.1:8765/v1/realtime' });`,
      'MisuseError: `url` must be wss:. Clear text (ws:) is for this machine alone: 127.0.0.1, [::1], localhost. Write ws:// instead of http://.',
    ],
    [
      'an address where nothing listens',
      `${openWs}await openSession({ model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: 'ws://127.0.0.1:9/v1/realtime' });`,
      'ConnectError: The server could not be reached: 127.0.0.1:9: nothing listens there. Check the address, and that the server runs. (ECONNREFUSED)',
    ],
    [
      'a schema of zod 3',
      withTool(`import { z } from 'zod/v3';\n`, 'z.object({ name: z.string() })'),
      `MisuseError: The parameters of 'save' cannot print themselves as JSON Schema. Zod schemas can from zod 4.2 on: npm install zod@latest, and import { z } from "zod", not from "zod/v3".`,
    ],
    [
      'a schema of valibot as it is',
      withTool('', `{ '~standard': { version: 1, vendor: 'valibot', validate: (value) => ({ value }) } }`),
      `MisuseError: The parameters of 'save' cannot print themselves as JSON Schema. For valibot, wrap them: toStandardJsonSchema(schema) of @valibot/to-json-schema.`,
    ],
    [
      'plain JSON Schema',
      withTool('', `{ type: 'object', properties: {} }`),
      "MisuseError: The parameters of 'save' cannot print themselves as JSON Schema. Use a schema of zod 4.2 or newer, of arktype, or of valibot by its toStandardJsonSchema(); plain JSON Schema goes into jsonSchema({ … }).",
    ],
  ])('is answered with what to do: %s', async (_, code, sentence) => {
    expect(await printedBy(code)).toBe(sentence);
  });

  it('is none: whatever the root exports can be imported from /ws', async () => {
    const code = `import * as root from 'gated-realtime'; import * as ws from 'gated-realtime/ws';
    console.log(Object.keys(root).filter((name) => !(name in ws)).length, root.tool === ws.tool, root.connect === ws.connect);`;
    expect(await printedBy(code)).toBe('0 true false');
  });

  it('is none: CommonJS requires the package, without a flag', async () => {
    expect(await printedBy(`console.log(typeof require('gated-realtime/ws').openSession);`, 'commonjs')).toBe(
      'function',
    );
  });

  const bundles: [string, BuildOptions][] = [
    ['a browser', { platform: 'browser' }],
    ['Workers', { platform: 'neutral', conditions: ['workerd'] }],
  ];
  const bundled = async (contents: string, settings: BuildOptions): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: project },
      bundle: true,
      write: false,
      format: 'esm',
      mainFields: ['module', 'main'],
      ...settings,
    });
    return outputFiles![0]!.text;
  };

  it.each(bundles)('is answered with what to do: /ws in a bundle for %s', async (_, settings) => {
    const contents = `import { openSession } from 'gated-realtime/ws';
    openSession({ model: 'gpt-realtime-2.1' }).catch((error) => console.log(error.name + ': ' + error.message));`;
    expect(await printedBy(await bundled(contents, settings))).toBe(
      'MisuseError: gated-realtime/ws is for Node. In a browser and in Workers, import openSession from "gated-realtime/websocket", or keep the session on your server.',
    );
  });

  it.each(bundles)('is none: /websocket in a bundle for %s, which has nothing of Node in it', async (_, settings) => {
    const code = await bundled(`export { openSession } from 'gated-realtime/websocket';`, settings);
    expect(code).not.toMatch(/(?:import|from|require\() ?["'](?:node:|ws|openai)/);
  });

  it('is answered in the hover of close(): `await using` where plain JavaScript has no such syntax', async () => {
    const declarations = await readFile(join(project, 'node_modules/gated-realtime/dist/contract.d.ts'), 'utf8');
    expect(declarations.replaceAll(/\s+\*\s+/g, ' ')).toContain(
      '`await using` calls it at the end of the block; in plain JavaScript that is syntax since Node 24, and before it takes `try` and `finally`.',
    );
  });
});

describe('two copies of the package in one program', () => {
  const other = 'node_modules/another/node_modules/gated-realtime';
  const over = (code: string): string => `
    import { createSimulator } from 'gated-realtime/simulator';
    import { openSession } from 'gated-realtime';
    import { plan, tool, jsonSchema } from './${other}/dist/index.js';
    const parameters = jsonSchema({ type: 'object', properties: {} });
    const lookUp = tool({ name: 'look_up', description: 'Looks.', parameters, run: () => 'nine' });
    const { transport, clock, ...server } = createSimulator();
    const open = (session) => openSession({ transport, clock, ...session });
    ${code}`;
  beforeAll(() => cp(join(project, 'node_modules/gated-realtime'), join(project, other), { recursive: true }));

  it('work together at run time: a plan and a tool of one, a session of the other', async () => {
    const code = `
      const session = await open(plan({ purposes: ['greeting'], tools: [lookUp] }));
      const greet = (respond) => respond('greeting').done;
      console.log((await greet(session.respond)).status);
      server.calls('look_up');
      session.on('tools', ({ calls }) => console.log(calls[0].result));
      await session.respond('greeting').done;
      await session.close();`;
    expect(await printedBy(over(code))).toBe('completed\nanswered');
  });

  it('are named where one does not know an option of the other', async () => {
    const code = `await open(plan({ purposes: ['greeting'], laterOption: true }));`;
    expect(await printedBy(over(code))).toMatch(
      /^MisuseError: openSession\(\) has no option 'laterOption': .*\. There are 2 copies of gated-realtime in this program, and they may be of different versions: `npm ls gated-realtime` shows them, `npm dedupe` leaves one\. Nothing was sent\.$/,
    );
  });

  it('are not spoken of where there is one', async () => {
    const code = `import { createSimulator } from 'gated-realtime/simulator';
      import { openSession } from 'gated-realtime';
      const { transport, clock } = createSimulator();
      await openSession({ transport, clock, purpose: ['greeting'] });`;
    expect(await printedBy(code)).toMatch(
      /^MisuseError: openSession\(\) has no option 'purpose': it takes [\w, ]*purposes[\w, ]*\. Nothing was sent\.$/,
    );
  });
});
