/** Law 13 itself: recordings are replayed exactly, and a machine that depends on anything else is detected. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as machine from '../../src/machine/index.js';
import { plainRules as rules } from '../limits.js';
import { Recorder, type Machine } from '../support/recorder.js';
import { read, readRedacted, replayAll, replayAllRedacted, replayed } from '../support/replay.js';
import { play } from './play.js';
import { plays } from './scripts.js';

const yes = (): machine.Answer => ({ yes: true });

describe('a recording', () => {
  it('is JSON, and has of audio the item, the response and the number of bytes', () => {
    const recorder = new Recorder(machine);
    const session = recorder.createSession(rules);
    const event = { type: 'response.output_audio.delta', item_id: 'item_1', response_id: 'resp_1', delta: 'AAAA' };
    recorder.step(session, { type: 'frame', event, audioBytes: 3, now: 1 }, yes);
    const { delta: _, ...kept } = event;
    expect(read(recorder.recordings[0]!).steps[0]).toEqual({
      in: { type: 'frame', event: kept, audioBytes: 3, now: 1 },
    });
    expect(replayAll(machine, recorder.recordings)).toEqual([]);
  });
  it('of a random play is replayed to the letter', () => {
    for (const script of fc.sample(plays(60), { seed: 13, numRuns: 20 })) expect(play(script).wrong).toEqual([]);
  });
  it('of a random play is replayed to the letter once it is redacted, with nothing left of what was said', () => {
    for (const script of fc.sample(plays(60), { seed: 14, numRuns: 60 })) {
      const { recordings } = play(script);
      expect(replayAllRedacted(machine, recordings)).toEqual([]);
      expect(JSON.stringify(recordings.map(readRedacted))).not.toMatch(/Say goodbye|Well then|a secret|in no mood/);
    }
  });
});

describe('is found out: a machine that', () => {
  const lookingAt = (outside: () => number): Machine => ({
    ...machine,
    step: (...given) => {
      const effects = machine.step(...given);
      const notice = { kind: 'fault', whose: 'user', message: String(outside()), thrown: null } as const;
      return { ...effects, notices: [...effects.notices, notice] };
    },
  });
  const found = (broken: Machine): string => {
    const recorder = new Recorder(broken);
    const session = recorder.createSession({ ...rules, guards: [{ name: 'mood', kind: 'transient' }] });
    recorder.step(session, { type: 'turn', edge: 'begins', now: 1 }, yes);
    return replayAll(broken, recorder.recordings).join();
  };
  it('looks at a clock of its own', () => {
    expect(found(lookingAt(() => performance.now()))).toContain('L13');
  });
  it('remembers another session', () => {
    let count = 0;
    expect(found(lookingAt(() => ++count))).toContain('L13');
  });
  it('asks what it has not asked before', () => {
    let asked = 0;
    const asking: Machine = {
      ...machine,
      step: (session, input, ask) => {
        if (++asked > 1) ask({ guard: 'mood' });
        return machine.step(session, input, ask);
      },
    };
    expect(found(asking)).toContain('asks what was not asked then');
  });
  it('goes on where it was answered otherwise', () => {
    const recorder = new Recorder(machine);
    const session = recorder.createSession({ ...rules, guards: [{ name: 'mood', kind: 'transient' }] });
    const plain = { params: null, whenBlocked: 'refuse', override: [], interrupt: false, holdForMs: 1 } as const;
    const mine = { origin: 'user', depth: 0, attempt: 0, root: null, unseenBefore: 0, withdrawn: false } as const;
    const ask = { ...plain, ...mine, id: 1, purpose: 'reply' };
    recorder.step(session, { type: 'respond', ask, now: 1 }, () => ({ threw: { ref: 1, words: 'in no mood' } }));
    const record = read(recorder.recordings[0]!);
    expect(replayed(machine, record)).toBeNull();
    const steps = record.steps.map((step) => ({ ...step, answers: [{ yes: false }] }));
    expect(replayed(machine, { ...record, steps })).toContain('L13');
  });
});
