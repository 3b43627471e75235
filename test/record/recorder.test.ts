import { describe, expect, it } from 'vitest';
import { recordTo } from '../../src/record/index.js';
import { parseRecord } from '../../src/record/parse.js';
import { replay } from '../../src/record/replay.js';
import { MemoryDisk, recorded } from './ground.js';

const PATH = '/calls/call.jsonl';
const FILE = { where: PATH };

const delta = (base64: string) =>
  ({ type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1', delta: base64 }) as const;

describe('the first line', () => {
  it('says what the record is of, by which version it is written, and what is left out', async () => {
    const { disk, flush } = await recorded();
    await flush();
    expect(disk.lines(PATH)[0]).toMatchObject({
      ...{ gatedRealtime: 1, part: 1, model: 'gpt-realtime-2.1', callId: 'call_7', clock: 0 },
      ...{ audio: 'left-out', content: 'redacted', rules: { line: 'own' } },
    });
  });
});

describe('a step', () => {
  it('is a line: what came in and when, what was answered in it, and what came of it', async () => {
    const { session, disk, flush } = await recorded({}, { plan: { guards: { mine: () => false } } });
    void session.respond('greeting');
    await flush();
    expect(disk.lines(PATH).at(-1)).toMatchObject({
      in: { type: 'respond', now: 0, ask: { purpose: 'greeting' } },
      answers: [{ yes: false }],
      out: { frames: [{ type: 'response.create' }], notices: [{ kind: 'admitted' }, { kind: 'record' }] },
    });
  });

  it('is written down at once: what its listeners change later is not in it', async () => {
    const { session, server, disk, flush } = await recorded({ content: 'kept' });
    session.on('event', (event) => Object.assign(event, { seen: 'by a listener' }));
    server.says({ type: 'rate_limits.updated', rate_limits: [] });
    await flush();
    expect(disk.text(PATH)).toContain('rate_limits.updated');
    expect(disk.text(PATH)).not.toContain('by a listener');
  });

  it('is on the disk a hundred milliseconds later, and not before', async () => {
    const { disk, clock, flush } = await recorded();
    clock.advance(99);
    expect(disk.text(PATH)).toBe('');
    await flush();
    expect(disk.lines(PATH).length).toBeGreaterThan(3);
  });

  it('keeps no program alive', async () => {
    const { clock } = await recorded();
    expect(clock.pending).toBe(0);
  });

  it('that cannot be written as JSON ends the record before it, and not the call', async () => {
    const { session, server, disk, faults, flush } = await recorded();
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    server.saysText(`{"type":"response.some_event","deep":${nested}}`);
    await flush();
    expect(disk.lines(PATH).at(-1)).toEqual({
      stopped: expect.stringContaining('cannot be written as JSON') as string,
    });
    expect(faults).toHaveLength(1);
    expect(session.state.connection).toBe('open');
    expect(disk.isAnyOpen).toBe(false);
  });
});

describe('the end', () => {
  it('is the last line, and can be read and replayed', async () => {
    const { session, disk, flush } = await recorded();
    session.appendAudio('AQID');
    await session.close();
    await flush();
    expect(disk.lines(PATH).at(-1)).toEqual({ ended: { kind: 'closed' } });
    expect(disk.isAnyOpen).toBe(false);
    const record = parseRecord(disk.text(PATH));
    expect(record.remarks).toEqual([]);
    expect(replay(record).differences).toEqual([]);
  });

  it('of the process takes nothing along: what waits is written at once, and what is being written once more', async () => {
    const disk = new MemoryDisk();
    const { session, flush } = await recorded({}, { disk, ...FILE });
    disk.speed = 'slow';
    await flush();
    session.interrupt();
    expect(disk.text(PATH)).toBe('');
    process.emit('exit', 0);
    expect(disk.lines(PATH).at(-1)).toMatchObject({ in: { type: 'interrupt' } });
    expect(replay(parseRecord(disk.text(PATH))).differences).toEqual([]);
  });

  it('of all sessions takes their one listener from the process', async () => {
    const before = process.listenerCount('exit');
    const all = await Promise.all([recorded(), recorded()]);
    const during = process.listenerCount('exit');
    for (const { session } of all) await session.close();
    for (const { flush } of all) await flush();
    expect(during - before).toBeLessThanOrEqual(1);
    expect(process.listenerCount('exit')).toBeLessThanOrEqual(during);
  });
});

describe('audio', () => {
  const heard = async (audio: 'left-out' | 'hashed' | 'kept') => {
    const { session, server, disk, flush } = await recorded({ audio });
    server.says(delta('AQID'), delta('BAUG'));
    session.appendAudio('AQID');
    session.appendAudio('BAU=');
    await flush();
    return disk.lines(PATH).slice(-3);
  };

  it('is left out, but for its length', async () => {
    const [, second, out] = await heard('left-out');
    const { delta: _, ...event } = delta('');
    expect(second).toEqual({ in: { type: 'frame', event, audioBytes: 3, now: 0 } });
    expect(out).toEqual({ appended: { count: 2, bytes: 5, from: 0, to: 0 } });
  });

  it('is hashed by its bytes, where that is chosen', async () => {
    const [first, , out] = await heard('hashed');
    const ofThree = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';
    const ofFive = '74f81fe167d99b4cb41d6d0ccda82278caee9f3e2f25d5e5a3936ff3dcec60d0';
    expect(first).toMatchObject({ sha256: ofThree, in: { audioBytes: 3 } });
    expect(out).toMatchObject({ appended: { bytes: 5, sha256: ofFive } });
    expect(JSON.stringify([first, out])).not.toContain('AQID');
  });

  it('is kept as base64, where that is chosen', async () => {
    const [first, , out] = await heard('kept');
    expect(first).toMatchObject({ in: { event: { delta: 'AQID' }, audioBytes: 3 } });
    expect(out).toMatchObject({ appended: { audio: ['AQID', 'BAU='] } });
  });
});

describe('a disk', () => {
  it('that is full is one fault: recording stops, and the call goes on', async () => {
    const disk = new MemoryDisk();
    const { session, faults, flush } = await recorded({}, { disk });
    await flush();
    disk.room = 0;
    for (let again = 0; again < 3; again++) {
      session.interrupt();
      await flush();
    }
    expect(faults.map(({ message }) => message)).toEqual([
      'The record cannot be written: ENOSPC: no space left on device, write. Recording has stopped; the call goes on.',
    ]);
    expect(session.respond('greeting').kind).toBe('admit');
    expect(disk.isAnyOpen).toBe(false);
  });

  it('that is too slow is one fault too: what waits is bounded', async () => {
    const disk = new MemoryDisk();
    const { session, faults, flush } = await recorded({}, { disk, bound: 20_000 });
    disk.speed = 'slow';
    await flush();
    for (let again = 0; again < 1_000; again++) session.interrupt();
    await flush();
    expect(faults.map(({ message }) => message)).toEqual([
      'More than 20,000 characters waited to be written. Recording has stopped; the call goes on.',
    ]);
    expect(session.respond('greeting').kind).toBe('admit');
  });

  it('keeps what is there already: a file is never written over', async () => {
    const disk = new MemoryDisk();
    disk.files.set(PATH, Buffer.from('mine'));
    const { session } = await recorded({}, { disk, ...FILE });
    expect(disk.text(PATH)).toBe('mine');
    expect(session.state.connection).toBe('open');
  });
});

describe('a record that grows', () => {
  it('goes on in parts, each of which says which it is, and they are read as one', async () => {
    const { session, disk, flush } = await recorded({ rotateBytes: 4_096 });
    for (let again = 0; again < 60; again++) {
      void session.respond('greeting', { whenBlocked: 'refuse' });
      await flush();
    }
    await session.close();
    await flush();
    const paths = [...disk.files.keys()];
    expect(paths.slice(0, 3)).toEqual([PATH, '/calls/call.2.jsonl', '/calls/call.3.jsonl']);
    expect(disk.lines(paths[1]!)[0]).toMatchObject({ part: 2, id: disk.lines(PATH)[0]!['id'] });
    const record = parseRecord(...paths.map((path) => disk.text(path)));
    expect(record).toMatchObject({ remarks: [], ending: { kind: 'closed' } });
    expect(replay(record).differences).toEqual([]);
  });
});

describe('a folder', () => {
  it('has a file for each session, named for when it began', async () => {
    const disk = new MemoryDisk();
    await recorded({}, { disk, where: '/calls/' });
    await recorded({}, { disk, where: '/calls' });
    const paths = [...disk.files.keys()];
    expect(paths).toHaveLength(2);
    for (const path of paths)
      expect(path).toMatch(/^\/calls\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[0-9a-f]{8}\.jsonl$/);
  });
});

describe('options', () => {
  it.each([
    [{ sound: 'kept' }, "recordTo() has no option 'sound'"],
    [{ audio: 'loud' }, "audio is 'left-out', 'hashed' or 'kept'."],
    [{ content: 'some' }, "content is 'redacted' or 'kept'."],
    [{ rotateBytes: 1 }, 'rotateBytes is a number of bytes'],
    [{ flushMs: 0 }, 'flushMs is a number of milliseconds'],
  ])('that are none are refused: %o', (options, message) => {
    expect(() => recordTo('call.jsonl', options as object)).toThrow(message);
  });

  it('need a place to write to', () => {
    expect(() => recordTo('')).toThrow('recordTo() takes the path of a file or of a folder.');
  });
});
