import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/simulator/index.js';

describe('virtualClock', () => {
  it('runs what falls due in the order of time, then of asking, before advance returns', () => {
    const clock = virtualClock();
    const seen: string[] = [];
    clock.after(20, () => seen.push(`c@${clock.now()}`));
    clock.after(10, () => seen.push(`a@${clock.now()}`));
    clock.after(10, () => seen.push(`b@${clock.now()}`));
    clock.after(21, () => seen.push('never'));
    clock.advance(20);
    expect(seen).toEqual(['a@10', 'b@10', 'c@20']);
    expect(clock.now()).toBe(20);
  });

  it('never runs anything before after() has returned', () => {
    const clock = virtualClock();
    let ran = false;
    clock.after(0, () => (ran = true));
    expect(ran).toBe(false);
    clock.advance(0);
    expect(ran).toBe(true);
  });

  it('runs what was asked for while it advances', () => {
    const clock = virtualClock();
    const seen: number[] = [];
    const again = () => {
      seen.push(clock.now());
      if (seen.length < 3) clock.after(5, again);
    };
    clock.after(5, again);
    clock.advance(12);
    expect(seen).toEqual([5, 10]);
  });

  it('forgets what was called off, also twice', () => {
    const clock = virtualClock();
    let ran = false;
    const callOff = clock.after(5, () => (ran = true));
    callOff();
    callOff();
    expect(clock.pending).toBe(0);
    clock.advance(10);
    expect(ran).toBe(false);
  });

  it('runs until idle, or until its limit, and says how long it took', () => {
    const clock = virtualClock();
    clock.after(3_600_000, () => clock.after(1000, () => {}));
    expect(clock.runUntilIdle()).toBe(3_601_000);
    const forever = () => void clock.after(100, forever);
    forever();
    expect(clock.runUntilIdle(1000)).toBe(1000);
  });

  it('lets time come to what is in the background, and never goes there for its sake', () => {
    const clock = virtualClock();
    const seen: string[] = [];
    const again = () => {
      seen.push(`background@${clock.now()}`);
      clock.after(20, again, 'background');
    };
    clock.after(20, again, 'background');
    const callOff = clock.after(5, () => seen.push('never'), 'background');
    callOff();
    clock.after(50, () => seen.push(`foreground@${clock.now()}`));
    expect(clock.pending).toBe(1);
    expect(clock.runUntilIdle()).toBe(50);
    expect(seen).toEqual(['background@20', 'background@40', 'foreground@50']);
    expect(clock.pending).toBe(0);
    clock.advance(20);
    expect(seen.at(-1)).toBe('background@60');
  });

  it('rests, when idle, while only the background is left', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    const again = () => void clock.after(20, again, 'background');
    again();
    await new Promise<void>((resolve) => clock.after(100, resolve));
    for (let count = 0; count < 50; count += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(100);
  });

  it('keeps the order of thousands', () => {
    const clock = virtualClock();
    const seen: number[] = [];
    for (let count = 0; count < 5000; count += 1) {
      const ms = (count * 7919) % 1000;
      clock.after(ms, () => seen.push(ms));
    }
    clock.runUntilIdle();
    expect(seen).toEqual(seen.toSorted((left, right) => left - right));
    expect(seen).toHaveLength(5000);
  });

  it('when idle, lets an await be enough, and promises settle between two appointments', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    const seen: string[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    clock.after(2000, () => seen.push('second'));
    await wait(1000);
    seen.push('first');
    await wait(5000);
    expect(seen).toEqual(['first', 'second']);
    expect(clock.now()).toBe(6000);
  });

  it('stands still once stopped', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    let ran = false;
    clock.after(1, () => (ran = true));
    clock.stop();
    for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toBe(false);
  });
});
