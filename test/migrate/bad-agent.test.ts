/**
 * The migration of a bad phone agent, from its 24 raw creates to none. `bad-agent` is what is migrated; `migrated-agent`
 * is what comes of it, and `by-hand.patch` is all that was done by hand: what the marks ask for. After a change of the
 * command, `npx vitest run test/migrate -u` writes the patch anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint, type Linter } from 'eslint';
import gated from 'gated-realtime/lint';
import { format, resolveConfig } from 'prettier';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/index.js';
import { countsOf, migrate } from '../../src/migrate/migrate.js';
import { openAgent as openBad } from './bad-agent/agent.js';
import { play, scripts, type Script } from './calls.js';
import { complaints } from './compiler.js';
import { Folder, type Files } from './folder.js';
import { openAgent as openMigrated } from './migrated-agent/agent.js';
import { findings } from './run.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const filesOf = (folder: string): Files => {
  const path = `${root}test/migrate/${folder}/`;
  return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(path + name, 'utf8')]));
};
const bad = filesOf('bad-agent');
const good = filesOf('migrated-agent');
const foundIn = (files: Files) => Object.entries(files).flatMap(([name, text]) => findings(text, name));

/** A copy that the command has rewritten. The parser is looked for beside the command, as there is no project. */
async function rewritten(): Promise<{ readonly folder: Folder; readonly report: Awaited<ReturnType<typeof migrate>> }> {
  const folder = new Folder(bad);
  const report = await migrate({ cwd: folder.path, paths: ['.'], mode: 'write' });
  return { folder, report };
}

describe('the bad agent', () => {
  it('goes around the gate 24 times, and on a line of its own', () => {
    const rules = foundIn(bad).map(({ rule }) => rule);
    expect(rules.filter((rule) => rule === 'no-raw-response-create')).toHaveLength(24);
    expect(rules.filter((rule) => rule !== 'no-raw-response-create')).toEqual(['no-patched-transport']);
  });

  it('speaks over a caller', async () => {
    expect(await play(openBad, scripts['a key is pressed while the caller speaks'])).toMatchObject({
      overTheCaller: 1,
    });
    const saved = await play(openBad, scripts['a lead is saved while the caller goes on speaking']);
    expect(saved).toMatchObject({ overTheCaller: 1 });
  });

  it('asks for a response when the call has been hung up', async () => {
    expect(await play(openBad, scripts['the agent hangs up'])).toMatchObject({ legsEnded: 1, afterHangUp: 1 });
  });

  it('spends what its ledger does not count', async () => {
    const { created, counted, purposes } = await play(openBad, scripts['an appointment is booked']);
    expect(purposes.filter((each) => each === null)).toHaveLength(4);
    expect(created - counted).toBeGreaterThanOrEqual(4);
  });

  it('asks while the server answers, and is refused', async () => {
    expect((await play(openBad, scripts['an appointment is booked'])).conflicts).toBeGreaterThan(0);
  });
});

describe('its migration', () => {
  it('rewrites what it can prove, more than half, and says what is left', async () => {
    const { report } = await rewritten();
    expect(report.refusals).toEqual([]);
    // Ten creates and the line are marked. Three of them are sent on a line that only another file knows.
    expect(countsOf(report)).toEqual({ rewritten: 14, marked: 11, left: 0, unread: 0 });
    const does = report.migrations.flatMap(({ steps }) => steps.map((step) => step.does));
    expect(does.filter((each) => each === 'removed')).toHaveLength(6);
  });

  it('changes nothing when it is run again', async () => {
    const { folder } = await rewritten();
    folder.commit();
    const again = await migrate({ cwd: folder.path, paths: ['.'], mode: 'write' });
    expect(folder.git('status', '--porcelain')).toBe('');
    expect(countsOf(again)).toEqual({ rewritten: 0, marked: 0, left: 11, unread: 0 });
  });

  it('becomes the migrated agent by the formatter, and by what the marks ask for', async () => {
    const { folder } = await rewritten();
    const config = await resolveConfig(`${root}package.json`);
    for (const name of Object.keys(bad)) {
      folder.write({ [name]: await format(folder.read(name), { ...config, parser: 'typescript' }) });
    }
    folder.commit();
    folder.write(good);
    const patch = folder.git('diff').replace(/^index .*\n/gm, '');
    await expect(patch).toMatchFileSnapshot('by-hand.patch');
  });
});

describe('the migrated agent', () => {
  it('satisfies the compiler', () => {
    expect(complaints(['test/migrate/migrated-agent/agent.ts', 'test/migrate/migrated-agent/errors.ts'])).toEqual([]);
  });

  it('leaves the audit nothing to find, and nothing unread', async () => {
    const folder = new Folder(good);
    const { findings, unread, files } = await audit({ cwd: folder.path, files: Object.keys(good) });
    expect({ findings, unread }).toEqual({ findings: [], unread: [] });
    expect(files).toHaveLength(3);
  });

  it('satisfies the recommended rules, with types', { timeout: 60_000 }, async () => {
    const languageOptions = { parser: tseslint.parser as Linter.Parser, parserOptions: { projectService: true } };
    const overrideConfig = [{ files: ['**/*.ts'], languageOptions }, gated.configs.recommended];
    const engine = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig });
    const said = async (name: string): Promise<readonly (string | null)[]> =>
      (await engine.lintFiles([`test/migrate/${name}/*.ts`])).flatMap(({ messages }) =>
        messages.map((each) => each.ruleId),
      );
    expect(await said('migrated-agent')).toEqual([]);
    expect((await said('bad-agent')).filter((each) => each?.endsWith('/no-raw-response-create'))).toHaveLength(24);
  });

  it.each(Object.entries<Script>(scripts))('keeps to the gate: %s', async (_, script) => {
    const heard = await play(openMigrated, script);
    expect(heard).toMatchObject({ overTheCaller: 0, afterHangUp: 0, conflicts: 0, counted: heard.created });
    expect(heard.purposes).not.toContain(null);
    expect(heard.created).toBeGreaterThan(0);
  });

  it('gives every tool its output and its follow-up', async () => {
    const booked = await play(openMigrated, scripts['an appointment is booked']);
    expect(booked.outputs).toEqual(['{"booked":true,"number":"A-17"}']);
    expect(booked.instructions.at(-1)).toBe('Read the booking out.');
    const { outputs, purposes } = await play(
      openMigrated,
      scripts['the book cannot be read, and an appointment is cancelled'],
    );
    expect(outputs).toEqual(['{"error":"The book cannot be read."}', '{"cancelled":true}']);
    expect(purposes).toEqual(['greet', 'tool:check_availability', 'tool:cancel_appointment']);
  });

  it.each(['the agent hangs up', 'the caller asks it to hang up'] as const)(
    'says goodbye before it ends the leg, once: %s',
    async (name) => {
      expect(await play(openMigrated, scripts[name])).toMatchObject({ legsEnded: 1, purposes: ['greet', 'farewell'] });
    },
  );
});
