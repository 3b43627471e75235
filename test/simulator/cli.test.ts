import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { run } from '../../src/cli/run.js';
import { listen } from '../../src/simulator/index.js';
import { create } from './machine.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'simulate-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The running command: its output so far, and its address. */
function started(...args: string[]) {
  const stop = new AbortController();
  const printed: string[] = [];
  const complained: string[] = [];
  let heard: (url: string) => void;
  const url = new Promise<string>((resolve) => (heard = resolve));
  const code = run(args, {
    print(line) {
      printed.push(line);
      const found = /ws:\S+/.exec(line)?.[0];
      if (found) heard(found);
    },
    complain: (line) => complained.push(line),
    signal: stop.signal,
  });
  return { code, url, printed, complained, stop: () => stop.abort() };
}

async function framesOf(url: string, until: string, headers = {}): Promise<any[]> {
  const socket = new WebSocket(url, { headers });
  const frames: any[] = [];
  for await (const [data] of on(socket, 'message', { close: ['close'] })) {
    const event = JSON.parse(String(data));
    frames.push(event);
    if (event.type === 'session.created') socket.send(JSON.stringify(create({ output_modalities: ['text'] })));
    if (event.type === until) break;
  }
  socket.close();
  await once(socket, 'close');
  return frames;
}

describe('gated-realtime simulate', () => {
  it('prints no control characters that a client puts into its address', async () => {
    const command = started('simulate', '--port', '0');
    const url = new URL(await command.url);
    url.search = '?call_id=rtc_%1b%5b2J';
    const socket = new WebSocket(url);
    await once(socket, 'open');
    socket.close();
    await once(socket, 'close');
    while (command.printed.length < 2) await new Promise((resolve) => setImmediate(resolve));
    command.stop();
    await command.code;
    expect(command.printed.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('listens, plays the script, names each connection, and ends with 0 when it is stopped', async () => {
    const file = join(folder, 'script.json');
    await writeFile(file, JSON.stringify({ steps: [{ says: 'From the script.' }] }));
    const command = started('simulate', '--port', '0', '--script', file, '--pace', '50');
    const frames = await framesOf(await command.url, 'response.output_text.done');
    expect(frames.at(-1).text).toBe('From the script.');
    while (command.printed.length < 3) await new Promise((resolve) => setImmediate(resolve));
    command.stop();
    expect(await command.code).toBe(0);
    expect(command.printed).toEqual([
      expect.stringMatching(/^Listening on ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime\?model=gpt-realtime-2\.1$/),
      expect.stringMatching(/^connection-1: gpt-realtime-2\.1, sess_/),
      'connection-1: gone',
    ]);
    expect(command.complained).toEqual([]);
  });

  it('lets in only who has one of its keys, and says who was refused', async () => {
    const command = started('simulate', '--port', '0', '--api-key', 'one', '--api-key', 'two');
    const url = await command.url;
    await framesOf(url, 'session.created', { authorization: 'Bearer two' });
    const refused = await framesOf(url, 'error', { authorization: 'Bearer three' });
    expect(refused).toMatchObject([{ error: { code: 'invalid_api_key' } }]);
    command.stop();
    await command.code;
    expect(command.printed).toContain('connection-2: refused, invalid_api_key');
  });

  it('explains itself', async () => {
    for (const args of [['--help'], ['simulate', '--help']]) {
      const command = started(...args);
      expect(await command.code).toBe(0);
      expect(command.printed.join('\n')).toContain('Usage: gated-realtime');
    }
  });

  it.each([
    [[], /Usage/],
    [['play'], /no command "play"/],
    [['simulate', '--prot', '1'], /--prot/],
    [['simulate', 'now'], /now/],
    [['simulate', '--port', '99999'], /--port must be/],
    [['simulate', '--port', 'x'], /--port must be/],
    [['simulate', '--seed', '-1'], /--seed/],
    [['simulate', '--pace', '0'], /--pace must be/],
  ])('%j is asked for wrongly: 2, and what is right', async (args, message) => {
    const command = started(...args);
    expect(await command.code).toBe(2);
    expect(command.complained.join('\n')).toMatch(message);
    expect(command.printed).toEqual([]);
  });

  it('cannot listen where somebody else does, or without its script: 2, and why', async () => {
    const other = await listen();
    const taken = started('simulate', '--port', `${other.port}`);
    expect(await taken.code).toBe(2);
    expect(taken.complained.join()).toContain('EADDRINUSE');
    await other.close();
    const missing = started('simulate', '--script', join(folder, 'nowhere.json'));
    expect(await missing.code).toBe(2);
    expect(missing.complained.join()).toMatch(/: The script .*nowhere\.json cannot be read/);
    const file = join(folder, 'wrong.json');
    await writeFile(file, '{"steps":[{}]}');
    const wrong = started('simulate', '--script', file);
    expect(await wrong.code).toBe(2);
    expect(wrong.complained.join()).toContain("'steps[0]'");
  });

  it('is a program', async () => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main, 'simulate', '--port', '0']);
    const [line] = await once(child.stdout, 'data');
    expect(String(line)).toMatch(/^Listening on ws:/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
