import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Compiler, type Complaint, everyCompiler } from '../tools/compilers.js';
import { everything, type Installed, openWorkshop, type Workshop } from '../tools/packed.js';

const program = `
import { openSession } from 'gated-realtime/ws';

const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });
session.on('audio', ({ bytes }) => bytes.byteLength);
const outcome = await session.respond('greeting').done;
export const said: string = outcome.status === 'completed' ? outcome.text : outcome.status;
await session.close();
`;
const commonJs = `
import gated = require('gated-realtime');
export const made: typeof gated.tool = gated.tool;
`;
const gatedEvent = `
import type { AnySession } from 'gated-realtime';
declare const session: AnySession;
session.send({ type: 'response.create' });
`;
const lintConfig = `
import type { Linter } from 'eslint';
import gated, { rules } from 'gated-realtime/lint';
const own: Linter.Config = { rules: { 'gated-realtime/handle-verdict': ['error', { ignore: ['nudge'] }] } };
export default [gated.configs.recommended, own] satisfies Linter.Config[];
export const type: string | undefined = rules['no-patched-transport'].meta?.type;
`;
const brandFrom = (entry: string): string => `import { issuedBySession } from '${entry}';\nvoid issuedBySession;\n`;
const doors = ['gated-realtime', 'gated-realtime/ws', 'gated-realtime/simulator'];
const walls = ['gated-realtime/dist/contract.js', 'gated-realtime/dist/src/session/respond.js'];

const { openai: _openai, '@types/node': _node, '@types/ws': _ws, ...bare } = everything;

interface Place {
  readonly options: object;
  readonly installed: Installed;
  readonly files: Readonly<Record<string, string>>;
}
const places = {
  'a nodenext project': {
    options: { module: 'nodenext', types: ['node'], skipLibCheck: true },
    installed: everything,
    files: {
      'main.ts': program,
      'main.cts': commonJs,
      'eslint.config.ts': lintConfig,
      ...Object.fromEntries([...doors, ...walls].map((entry, at) => [`brand-${at}.ts`, brandFrom(entry)])),
    },
  },
  'a project with ESLint 9': {
    options: { module: 'nodenext', types: ['node'], skipLibCheck: true },
    installed: { ...everything, eslint: 'eslint-9' },
    files: { 'eslint.config.ts': lintConfig },
  },
  'a project that knows neither node nor the DOM nor disposal': {
    options: { module: 'nodenext', types: [], lib: ['es2022'], skipLibCheck: true },
    installed: everything,
    files: { 'main.ts': program },
  },
  'a project without openai, its types a silent any': {
    options: { module: 'nodenext', types: [], lib: ['es2022'], skipLibCheck: true },
    installed: bare,
    files: { 'main.ts': gatedEvent },
  },
} satisfies Record<string, Place>;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.dispose());

async function complaintsIn(place: keyof typeof places, compiler: Compiler): Promise<Complaint[]> {
  const { options, installed, files } = places[place];
  const project = await workshop.project(`${compiler} ${place}`.replaceAll(/[ ,]/g, '-'), installed, {
    'package.json': JSON.stringify({ name: 'a-stranger', type: 'module' }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: { target: 'es2022', strict: true, noEmit: true, ...options },
      files: Object.keys(files),
    }),
    ...files,
  });
  return compile(compiler, project);
}

describe.each(everyCompiler)('%s', (compiler) => {
  describe('in a nodenext project', () => {
    let complaints: Complaint[];
    const of = (file: string): string[] => complaints.filter((each) => each.file === file).map(({ text }) => text);
    beforeAll(async () => {
      complaints = await complaintsIn('a nodenext project', compiler);
    }, 60_000);

    it('compiles a first program', () => {
      expect(of('main.ts')).toEqual([]);
    });

    it('compiles a configuration of ESLint 10', () => {
      expect(of('eslint.config.ts')).toEqual([]);
    });

    if (compiler === 'TypeScript 5.5') {
      it('does not know yet that CommonJS may require an ES module', () => {
        expect(of('main.cts').join('\n')).toContain("cannot be imported with 'require'");
      });
    } else {
      it('compiles a require() of it', () => {
        expect(of('main.cts')).toEqual([]);
      });
    }

    it.each(doors)("keeps the capability's brand to itself: %s", (door) => {
      expect(of(`brand-${doors.indexOf(door)}.ts`).join('\n')).toMatch(/no exported member .*issuedBySession/);
    });

    it.each(walls)('has no way around its front doors: %s', (wall) => {
      expect(of(`brand-${doors.length + walls.indexOf(wall)}.ts`).join('\n')).toContain('Cannot find module');
    });
  });

  it('compiles a configuration of ESLint 9', async () => {
    expect(await complaintsIn('a project with ESLint 9', compiler)).toEqual([]);
  });

  it('compiles a first program where neither node nor the DOM nor disposal is known', async () => {
    expect(await complaintsIn('a project that knows neither node nor the DOM nor disposal', compiler)).toEqual([]);
  });

  it('refuses a gated event where openai is missing, and says what to install', async () => {
    const complaints = await complaintsIn('a project without openai, its types a silent any', compiler);
    expect(complaints.map(({ file, line }) => `${file}:${line}`)).toEqual(['main.ts:4']);
    expect(complaints[0]?.text).toContain('Advice<"install openai: its types describe every event">');
  });
});
