import { describe, expect, it } from 'vitest';
import { checks } from '../../src/simulator/server/checks.js';
import { noFaults } from '../../src/simulator/server/index.js';

describe('the table of checks', () => {
  it('says how each rule is known, and gives every assumption a fault that turns it off', () => {
    for (const { rule, known, off } of checks) {
      expect(off !== undefined, rule).toBe(known === 'assumed');
      for (const [knob, value] of Object.entries(off ?? {})) {
        expect(noFaults, rule).toHaveProperty(knob);
        expect(noFaults[knob as keyof typeof noFaults], rule).not.toBe(value);
      }
    }
  });

  it('states no rule twice', () => {
    expect(new Set(checks.map(({ rule }) => rule)).size).toBe(checks.length);
  });
});
