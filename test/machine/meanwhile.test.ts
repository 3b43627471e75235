import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.js';
import { dials, lasting, returns } from './lines.js';

const given = (): Bench => lasting({}, { meanwhile: 'given', firstMs: 8_000 });
const told = (bench: Bench): number => bench.notices.filter(({ kind }) => kind === 'meanwhile').length;

describe('what the caller hears while no line is live', () => {
  it('is told of once, after two seconds', () => {
    const bench = given();
    bench.loses();
    bench.waits(1_999);
    expect(told(bench)).toBe(0);
    bench.waits(1);
    bench.waits(1_900);
    expect(told(bench)).toBe(1);
  });

  it('is told of in each absence', () => {
    const bench = given();
    for (const line of [1, 2]) {
      bench.step({ type: 'gone', code: 1006, reason: '', line });
      bench.waits(2_000);
      returns(bench);
    }
    expect(told(bench)).toBe(2);
  });

  it('is not told of where it is over by then', () => {
    const back = lasting({}, { meanwhile: 'given' });
    back.loses();
    returns(back);
    const closed = given();
    closed.loses();
    closed.closes();
    const lost = lasting({}, { meanwhile: 'given' });
    lost.loses();
    const line = dials(lost);
    lost.step({ type: 'not-opened', line, status: 403, code: null, message: 'no' });
    for (const bench of [back, closed, lost]) {
      bench.waits(10_000);
      expect(told(bench)).toBe(0);
    }
  });

  it('is nothing where the plan gives nothing', () => {
    const bench = lasting({}, { firstMs: 8_000 });
    bench.loses();
    bench.waits(3_000);
    expect(told(bench)).toBe(0);
  });
});
