import { beforeAll, describe, expect, it } from 'vitest';
import { type Cost, measureCosts, type Program, readCost } from './cost.js';

const measured = [
  "the SDK's event types",
  'gated-realtime, over a transport',
  'gated-realtime/ws, a first program',
  '16 schemas, without us',
  '16 tools',
  '64 schemas, without us',
  '64 tools',
] as const satisfies readonly Program[];

let costs: ReadonlyMap<Program, Cost>;
const over = (base: Program, name: Program, of: 'files' | 'instantiations'): number =>
  costs.get(name)![of] - costs.get(base)![of];

describe("a consumer's type-check", () => {
  beforeAll(async () => {
    costs = await measureCosts(measured, { runs: 1, atOnce: 2 });
  });

  it.each(['gated-realtime, over a transport', 'gated-realtime/ws, a first program'] as const)(
    "loads at most 20 files more than the SDK's event types, and instantiates at most 5,000 types: %s",
    (name) => {
      expect(over("the SDK's event types", name, 'files')).toBeLessThanOrEqual(20);
      expect(over("the SDK's event types", name, 'instantiations')).toBeLessThanOrEqual(5_000);
    },
  );

  it('pays for each tool once, and no more where there are many', () => {
    const bySixteen = over('16 schemas, without us', '16 tools', 'instantiations') / 16;
    const bySixtyFour = over('64 schemas, without us', '64 tools', 'instantiations') / 64;
    expect(bySixteen).toBeLessThan(300);
    expect(bySixtyFour).toBeLessThanOrEqual(bySixteen);
  });
});

describe("the compiler's figures", () => {
  const printed = 'Files:  360\nInstantiations: 390\nMemory used: 142213K\nCheck time: 0.42s\n';

  it('are read by their names', () => {
    expect(readCost(printed)).toEqual({ files: 360, instantiations: 390, memoryMB: 139, checkSeconds: 0.42 });
  });

  it('are never guessed', () => {
    expect(() => readCost(printed.replace('Files', 'Sheets'))).toThrow('did not print: Files');
  });
});
