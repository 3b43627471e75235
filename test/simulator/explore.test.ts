import { describe, expect, it } from 'vitest';
import { createServer, fingerprint, nextDue, noLatency, step } from '../../src/simulator/server/index.js';
import { create, machine, update, userText } from './machine.js';

const text = (event: object) => ({ type: 'text', connection: 'client', text: JSON.stringify(event) }) as const;

describe('the machine as data', () => {
  it('is cloned into one that goes its own way, and says the same', () => {
    const server = machine();
    server.reply({ items: [{ says: 'A sentence that takes its time.' }] });
    server.send(update({ audio: { input: { transcription: { model: 'whisper-1' } } } }));
    server.send(create());
    server.advance(500);
    const twin = structuredClone(server.server);
    const play = (each: typeof twin) => {
      const outputs = [];
      for (let due = nextDue(each); due !== null; due = nextDue(each))
        outputs.push(...step(each, { type: 'tick', now: due }));
      return outputs;
    };
    const before = fingerprint(twin);
    const outputs = play(server.server);
    expect(fingerprint(twin)).toBe(before);
    expect(play(twin)).toEqual(outputs);
    expect(outputs.length).toBeGreaterThan(5);
  });

  it('has one fingerprint whatever its seed, its ids and the hour', () => {
    const at = (seed: number, start: number) => {
      const server = createServer({ seed, latency: noLatency });
      step(server, { type: 'connect', connection: 'client', model: 'gpt-realtime', now: start });
      step(server, { ...text(userText('x')), now: start });
      step(server, { ...text(create()), now: start + 5 });
      step(server, { type: 'tick', atMost: 1, now: start + 5 });
      return server;
    };
    expect(fingerprint(at(1, 0))).toBe(fingerprint(at(2, 77_000)));
  });

  it('has another fingerprint where it will do something else', () => {
    const server = machine();
    const empty = fingerprint(server.server);
    server.send(create());
    const accepted = fingerprint(server.server);
    server.advance(90);
    const created = fingerprint(server.server);
    expect(new Set([empty, accepted, created]).size).toBe(3);
  });

  it('can leave the conversation out of its fingerprint', () => {
    const server = machine();
    const before = fingerprint(server.server, { conversation: 'ignored' });
    server.send(userText('x'));
    server.settle();
    expect(fingerprint(server.server, { conversation: 'ignored' })).toBe(before);
    expect(fingerprint(server.server)).not.toBe(fingerprint(machine().server));
  });

  it('makes one appointment of a tick, where asked, so that something can come between any two', () => {
    const server = machine({ latency: noLatency, speed: Infinity, audio: 'tiny' });
    server.reply({ items: [{ says: 'Hi', ms: 250 }] });
    server.send(create());
    const stages: string[][] = [];
    while (nextDue(server.server) !== null) {
      const outputs = step(server.server, { type: 'tick', atMost: 1, now: server.now });
      stages.push(outputs.map((output) => (output.type === 'frame' ? output.event.type : output.type)));
    }
    expect(stages.map(([first]) => first)).toEqual([
      'response.created',
      'response.output_item.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.done',
      'response.done',
      'rate_limits.updated',
    ]);
  });

  it('does what was due before an input first, and what is due at that moment only when told to', () => {
    const server = machine({ latency: { create: 50 } });
    server.send(create());
    const due = nextDue(server.server)!;
    expect(step(server.server, { type: 'caller', does: 'presses', key: '1', now: due })).toHaveLength(1);
    expect(step(server.server, { type: 'caller', does: 'presses', key: '1', now: due + 1 })).toHaveLength(2);
  });

  it('never lets time go back', () => {
    const server = machine();
    server.advance(1000);
    server.send(update({}));
    step(server.server, { type: 'tick', now: 5 });
    expect(server.server.now).toBe(1020);
  });
});
