import { describe, expect, it } from 'vitest';
import { createSimulator, virtualClock } from '../../src/simulator/index.js';
import type { SimulatorOptions } from '../../src/simulator/index.js';
import { create, update, userText } from './machine.js';

const never = new AbortController().signal;

/** A simulator with one open connection, by default on a clock that is moved by hand. */
async function connected(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ clock: virtualClock(), ...options });
  const frames: any[] = [];
  const gone: any[] = [];
  const opening = simulator.transport.open(
    { frame: (frame) => frames.push(JSON.parse(String(frame))), gone: (how) => gone.push(how) },
    never,
  );
  simulator.clock.advance(100);
  const line = await opening;
  const send = (event: object) => line.send(JSON.stringify(event));
  return { simulator, clock: simulator.clock, line, send, frames, gone, types: () => frames.map(({ type }) => type) };
}

describe('the network in memory', () => {
  it('delivers nothing before the ears are there, and never inside a call of the client', async () => {
    const { simulator, send, types, clock } = await connected({ latency: { connect: 0, update: 0 } });
    send(update({}));
    expect(types()).toEqual(['session.created']);
    clock.advance(0);
    expect(types()).toEqual(['session.created', 'session.updated']);
    expect(simulator.received.map(({ type }) => type)).toEqual(['session.update']);
    expect(simulator.sent.map(({ type }) => type)).toEqual(types());
  });

  it('keeps the order of frames, however their delays fall', async () => {
    const delays = [50, 1, 30, 0, 20];
    const delay = () => delays.push(delays.shift() ?? 0) && (delays.at(-1) ?? 0);
    const { simulator, send, types, clock } = await connected({ toServerMs: delay, toClientMs: delay });
    for (let count = 0; count < 20; count += 1) send(userText(`${count}`, `id-${count}`));
    send(create());
    clock.runUntilIdle();
    expect(types()).toEqual(simulator.sent.map(({ type }) => type));
    expect(simulator.server.session!.items.map(({ id }) => id).slice(0, 20)).toEqual(
      Array.from({ length: 20 }, (_, index) => `id-${index}`),
    );
  });

  it('writes every event as JSON does, audio and what is not base64 in its place', async () => {
    const { simulator, send, clock } = await connected();
    send(create());
    simulator.injects({ type: 'response.output_audio.delta', delta: 'no "base64"\n', item_id: 'item_1' });
    clock.runUntilIdle();
    const texts = simulator.passages.map(({ text }) => text);
    const audio = texts.filter((text) => text.startsWith('{"type":"response.output_audio.delta"'));
    expect(audio.length).toBeGreaterThan(2);
    expect(texts.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(texts);
  });

  it('takes its time in both directions', async () => {
    const { send, frames, clock } = await connected({
      toServerMs: () => 30,
      toClientMs: () => 40,
      latency: { update: 0, connect: 0 },
    });
    send(update({}));
    clock.advance(69);
    expect(frames.at(-1).type).toBe('session.created');
    clock.advance(1);
    expect(frames.at(-1).type).toBe('session.updated');
  });

  it('tells of its end once, after what was in flight', async () => {
    const { simulator, types, gone, clock } = await connected({ toClientMs: () => 10 });
    simulator.expire();
    clock.runUntilIdle();
    expect(types().at(-1)).toBe('error');
    expect(gone).toEqual([{ code: 1001, reason: 'Your session hit the maximum duration of 60 minutes.' }]);
  });

  it('loses what is in flight when it is dropped, at both ends', async () => {
    const { simulator, send, types, gone, clock } = await connected({ toServerMs: () => 5, toClientMs: () => 5 });
    send(create());
    clock.advance(98);
    simulator.drop();
    expect(gone).toEqual([{ code: null, reason: '' }]);
    clock.runUntilIdle();
    expect(types()).toEqual(['session.created']);
    expect(simulator.server.session).toBeNull();
  });

  it('ends with the code the client gave, once, and the server forgets', async () => {
    const { simulator, line, send, gone, clock } = await connected();
    line.close(1000, 'bye');
    line.close(1000, 'bye');
    send(update({}));
    expect(gone).toEqual([]);
    clock.runUntilIdle();
    expect(gone).toEqual([{ code: 1000, reason: 'bye' }]);
    expect(simulator.received).toEqual([]);
    expect(simulator.server.connections).toEqual([]);
  });

  it('gives each connection a new conversation, and keeps the script', async () => {
    const { simulator, clock } = await connected();
    simulator.says('Welcome back.');
    simulator.drop();
    const frames: any[] = [];
    const opening = simulator.transport.open(
      { frame: (text) => frames.push(JSON.parse(String(text))), gone: () => {} },
      never,
    );
    clock.advance(100);
    const line = await opening;
    line.send(JSON.stringify(create({ output_modalities: ['text'] })));
    clock.runUntilIdle();
    expect(frames.find(({ type }) => type === 'response.output_text.done').text).toBe('Welcome back.');
  });

  it('rejects where the upgrade is refused', async () => {
    const simulator = createSimulator({ faults: { refusal: 'http401' } });
    const opening = simulator.transport.open({ frame: () => {}, gone: () => {} }, never);
    await expect(opening).rejects.toMatchObject({ name: 'ConnectError', failure: { kind: 'refused', status: 401 } });
  });

  it.each(['before', 'while'])('can be aborted %s it opens, and leaves nothing behind', async (when) => {
    const simulator = createSimulator({ clock: virtualClock() });
    const controller = new AbortController();
    if (when === 'before') controller.abort();
    const opening = simulator.transport.open({ frame: () => {}, gone: () => {} }, controller.signal);
    if (when === 'while') controller.abort();
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    simulator.clock.runUntilIdle();
    expect(simulator.server.connections).toEqual([]);
  });
});

describe('a sign of life', () => {
  async function withEars(options: SimulatorOptions = {}) {
    const simulator = createSimulator({ clock: virtualClock(), ...options });
    const heard: string[] = [];
    const opening = simulator.transport.open(
      {
        frame: (frame) => heard.push(JSON.parse(String(frame)).type),
        alive: () => heard.push(`alive@${simulator.clock.now()}`),
        gone: ({ code }) => heard.push(`gone:${String(code)}@${simulator.clock.now()}`),
      },
      never,
    );
    simulator.clock.advance(100);
    const line = await opening;
    heard.length = 0;
    return { simulator, line, heard, clock: simulator.clock };
  }

  it('answers a ping after both delays', async () => {
    const { line, heard, clock } = await withEars({ toServerMs: () => 30, toClientMs: () => 12 });
    line.ping?.();
    clock.advance(41);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual(['alive@142']);
  });

  it('is each ping of the server', async () => {
    const { heard, clock, simulator } = await withEars({ pingEveryMs: 20_000, toClientMs: () => 5 });
    clock.advance(45_000);
    expect(heard).toEqual(['alive@20005', 'alive@40005']);
    simulator.misbehaves({ noPing: true });
    clock.advance(60_000);
    expect(heard).toHaveLength(2);
  });

  it('keeps nothing from being idle', async () => {
    const { simulator, line, clock } = await withEars({ pingEveryMs: 20_000 });
    expect(clock.runUntilIdle()).toBe(0);
    simulator.caller.speaks('Hello?', { ms: 50_000 });
    clock.runUntilIdle();
    expect(simulator.sent.map(({ type }) => type)).toContain('response.done');
    expect(clock.now()).toBeLessThan(60_000);
    line.close(1000, '');
    clock.runUntilIdle();
    expect(clock.now()).toBeLessThan(60_000);
  });

  it('does not hide what comes after the next ping', async () => {
    const { simulator, clock } = await withEars({ pingEveryMs: 20_000 });
    clock.runUntilIdle();
    simulator.caller.speaks('Hello?', { afterMs: 50_000 });
    clock.runUntilIdle();
    expect(simulator.sent.map(({ type }) => type)).toContain('response.done');
  });

  it('does not run the time of a clock that runs when idle', async () => {
    const simulator = createSimulator({ pingEveryMs: 20_000 });
    await simulator.transport.open({ frame: () => {}, gone: () => {} }, never);
    for (let count = 0; count < 200; count += 1) await new Promise((resolve) => setImmediate(resolve));
    simulator.stop();
    expect(simulator.clock.now()).toBeLessThan(1000);
  });

  it('does not come from a peer that has fallen silent, nor does anything else, and no close', async () => {
    const { simulator, line, heard, clock } = await withEars({ pingEveryMs: 20_000, toClientMs: () => 50 });
    line.send(JSON.stringify(userText('in flight')));
    clock.advance(61);
    simulator.stall();
    line.ping?.();
    line.send(JSON.stringify(userText('lost')));
    simulator.injects({ type: 'session.updated', event_id: 'event_1', session: {} });
    simulator.hangUp();
    clock.advance(600_000);
    expect(heard).toEqual([]);
    expect(simulator.server.session).toBeNull();
  });

  it('says how much was sent to a peer that has fallen silent', async () => {
    const { simulator, line } = await withEars();
    line.send(JSON.stringify(userText('heard')));
    expect(line.unsentBytes).toBe(0);
    simulator.stall();
    line.send('{"é":1}');
    line.send('{}');
    expect(line.unsentBytes).toBe(10);
  });

  it.each(['before', 'after'])('lets the client give up a line closed %s the peer fell silent', async (when) => {
    const { simulator, line, heard, clock } = await withEars({ toServerMs: () => 10 });
    if (when === 'before') line.close(1000, 'bye');
    simulator.stall();
    if (when === 'after') line.close(1000, 'bye');
    clock.advance(1999);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual(['gone:null@2100']);
    clock.advance(60_000);
    expect(heard).toHaveLength(1);
  });

  it('comes again on a line that is opened later', async () => {
    const { simulator, clock } = await withEars();
    simulator.stall();
    const heard: string[] = [];
    const opening = simulator.transport.open(
      { frame: () => {}, alive: () => heard.push('alive'), gone: () => {} },
      never,
    );
    clock.advance(0);
    (await opening).ping?.();
    clock.advance(100);
    expect(heard).toEqual(['alive']);
  });
});

describe('the simulator', () => {
  it('needs nothing but await on its own clock', async () => {
    const simulator = createSimulator();
    const done = new Promise<any>((resolve) => {
      const frame = (text: string | Uint8Array) => {
        const event = JSON.parse(String(text));
        if (event.type === 'session.created') simulator.caller.speaks('Hello?');
        if (event.type === 'response.done') resolve(event.response);
      };
      void simulator.transport.open({ frame, gone: () => {} }, never);
    });
    simulator.says('Good evening.');
    const response = await done;
    simulator.stop();
    expect(response.output[0].content[0].transcript).toBe('Good evening.');
    expect(simulator.clock.now()).toBeGreaterThan(800);
  });

  it('answers in the order of its script, with whatever was scripted', async () => {
    const { simulator, send, frames, clock } = await connected();
    simulator.calls('look', { up: true });
    simulator.fails('server_error');
    simulator.says('Done.');
    for (let count = 0; count < 3; count += 1) {
      send(create());
      clock.runUntilIdle();
    }
    const dones = frames.filter(({ type }) => type === 'response.done').map(({ response }) => response);
    expect(dones).toMatchObject([
      { output: [{ type: 'function_call', name: 'look', arguments: '{"up":true}' }] },
      { status: 'failed', output: [] },
      { output: [{ content: [{ transcript: 'Done.' }] }] },
    ]);
  });

  it('sends whatever it is told to, and misbehaves from the moment it is told to', async () => {
    const { simulator, send, frames, types, clock } = await connected();
    simulator.injects({ type: 'session.updated', event_id: 'forged', session: {} });
    simulator.misbehaves({ failCode: 'server_error' });
    send(create());
    clock.runUntilIdle();
    expect(types()).toContain('session.updated');
    expect(frames.at(-1).response.status).toBe('failed');
  });

  it('knows what each answer has seen', async () => {
    const { simulator, clock } = await connected();
    simulator.caller.speaks('One.', { ms: 300 });
    clock.advance(301);
    const [response] = simulator.server.session!.responses;
    expect(response!.sees).toEqual(simulator.server.session!.items.slice(0, 1).map(({ id }) => id));
  });

  it('keeps nothing where it is told so', async () => {
    const { simulator, send, clock } = await connected({ keeps: 'nothing' });
    send(create());
    clock.runUntilIdle();
    expect(simulator.passages).toEqual([]);
  });
});
