import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Complaint } from '../tools/compilers.js';
import { openWorkshop, type Workshop } from '../tools/packed.js';
import { boundaries } from './boundaries.js';
import { check, checkBoundary, judge } from './check.js';
import { firstRows, nameOf } from './matrix.js';
import { twoAtATime } from '../tools/two-at-a-time.js';

const projects = firstRows.map((row) => ({ name: nameOf(row), row }));
const asked = boundaries.flatMap((boundary) =>
  boundary.first.map((version) => ({ name: `TypeScript ${version} · ${boundary.name}`, boundary, version })),
);
const findings = new Map<string, readonly string[]>();

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
  await twoAtATime([...projects, ...asked], async (each) => {
    const found =
      'row' in each
        ? check(workshop, each.row, each.name.replaceAll(/\W+/g, '-'))
        : checkBoundary(workshop, each.boundary, each.version);
    findings.set(each.name, await found);
  });
}, 300_000);
afterAll(() => workshop.dispose());

describe('a project compiles, is refused what it must be, and runs', () => {
  it.each(projects)('$name', ({ name }) => {
    expect(findings.get(name)).toEqual([]);
  });
});

describe('beyond that it is as told', () => {
  it.each(asked)('$name', ({ name }) => {
    expect(findings.get(name)).toEqual([]);
  });
});

describe('a project is judged', () => {
  const refusal = { file: 'main.ts', line: 3, words: 'no such thing' };
  const complaint: Complaint = { file: 'main.ts', line: 3, code: 'TS1', text: 'There is no such thing.' };

  it('well where it is refused what it must be, in these words', () => {
    expect(judge([complaint], [refusal])).toEqual([]);
  });

  it.each([
    ['compiles', []],
    ['is refused elsewhere', [{ ...complaint, line: 4 }]],
    ['is refused in other words', [{ ...complaint, text: 'No.' }]],
  ])('badly where what must be refused %s', (_, complaints) => {
    expect(judge(complaints, [refusal])).toContain('main.ts(3): is not refused in these words: no such thing');
  });

  it.each(['main.ts', '', 'node_modules/gated-realtime/dist/index.d.ts'])('by what is said of %j', (file) => {
    expect(judge([{ ...complaint, file }], [])).toHaveLength(1);
  });

  it.each(['node_modules/zod/index.d.ts', 'node_modules/gated-realtime/node_modules/openai/index.d.ts'])(
    'not by what is said of %j',
    (file) => {
      expect(judge([{ ...complaint, file }], [])).toEqual([]);
    },
  );
});
