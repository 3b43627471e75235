import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.js';
import { Folder } from './folder.js';

const agent = `import { openSession } from 'gated-realtime';
const session = await openSession({ transport: raw });
export const hi = () => raw.send({ type: 'response.create' });
`;

/** Runs the command in a folder: its output, its errors and its exit code. */
const command = (folder: Folder, ...args: readonly string[]) =>
  stoppable(folder, new AbortController().signal, ...args);

async function stoppable(folder: Folder, signal: AbortSignal, ...args: readonly string[]) {
  vi.spyOn(process, 'cwd').mockReturnValue(folder.path);
  const printed: string[] = [];
  const complained: string[] = [];
  const told: string[] = [];
  const progress = (line: string): void => void told.push(line);
  const print = (line: string): void => void printed.push(line);
  const complain = (line: string): void => void complained.push(line);
  const code = await run(['migrate', ...args], { print, complain, progress, signal });
  return { code, printed: printed.join('\n'), complained: complained.join('\n'), told };
}
afterEach(() => void vi.restoreAllMocks());

describe('gated-realtime migrate', () => {
  it('prints what would change, and exits with 1', async () => {
    const { code, printed } = await command(new Folder({ 'a.ts': agent }));
    expect(printed).toContain(`-export const hi = () => raw.send({ type: 'response.create' });`);
    expect(printed).toContain(`+export const hi = () => void session.respond('hi');`);
    expect(printed).toContain('1 rewritten, 0 marked, 0 left, 0 unread. Nothing was written: --write does.');
    expect(code).toBe(1);
  });

  it('exits with 0 once nothing is left', async () => {
    const folder = new Folder({ 'a.ts': agent });
    expect(await command(folder, '--write')).toMatchObject({ code: 0, complained: '' });
    expect(await command(folder, '--write')).toMatchObject({
      code: 0,
      printed: '0 rewritten, 0 marked, 0 left, 0 unread.',
    });
  });

  it('exits with 1 while a mark stands, also where nothing changes any more', async () => {
    const folder = new Folder({ 'a.ts': `raw.send({ type: 'response.create' });\n` });
    expect(await command(folder, '--write', 'a.ts')).toMatchObject({ code: 1 });
    const again = await command(folder);
    expect(again.code).toBe(1);
    expect(again.printed).toContain('a.ts:3: left: raw.send (elsewhere)');
    expect(again.printed).toContain('0 rewritten, 0 marked, 1 left, 0 unread.');
  });

  it('names what it refuses to write, writes nothing, and exits with 1', async () => {
    const folder = new Folder({ 'a.ts': agent, 'b.ts': agent });
    folder.write({ 'b.ts': `${agent}//\n` });
    const { code, printed, complained } = await command(folder, '--write');
    expect(complained).toBe('b.ts: not written: it has uncommitted changes: commit or stash them first');
    expect(printed).toContain('Nothing was written');
    expect([code, folder.read('a.ts')]).toEqual([1, agent]);
  });

  it('exits with 2 for an option that there is not, and for what it cannot read', async () => {
    const folder = new Folder({ 'a.ts': agent });
    expect(await command(folder, '--wrote')).toMatchObject({ code: 2, complained: expect.stringContaining('--wrote') });
    expect(await command(folder, 'b.ts')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('b.ts: unread: '),
    });
  });

  it('says how far it is, and takes that away before it prints', async () => {
    const { told } = await command(new Folder({ 'a.ts': agent }));
    expect(told).toEqual(['1 of 1 files', '']);
  });

  it('writes nothing once it is stopped, and exits with 130', async () => {
    const folder = new Folder({ 'a.ts': agent });
    const { code, printed, complained } = await stoppable(folder, AbortSignal.abort(new Error('Enough')), '--write');
    expect([code, printed, complained]).toEqual([130, '', 'Stopped.']);
    expect(folder.read('a.ts')).toBe(agent);
  });

  it('says of Python what is left, and exits with 1', async () => {
    const { code, printed } = await command(new Folder({ 'a.py': `ws.send({"type": "response.create"})\n` }));
    expect(printed).toContain('a.py:1: left: ws.send (elsewhere). Python is not rewritten: ');
    expect(printed).toContain('0 rewritten, 0 marked, 1 left, 0 unread.');
    expect(code).toBe(1);
  });

  it('says in its help what each exit code means', async () => {
    const { code, printed } = await command(new Folder({}), '--help');
    expect(code).toBe(0);
    expect(printed).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /);
  });

  it('prints nothing that could command a terminal', async () => {
    const folder = new Folder({
      'a\u001b[31m.ts': agent.replace('transport: raw', "transport: raw, x: '\u001b]0;x\u0007'"),
    });
    const { printed } = await command(folder);
    expect(printed).toContain('\\u001b[31m.ts');
    expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });
});
