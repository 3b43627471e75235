import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/session/plan.js';
import { explain, parseRecord, readRecord, RecordError, replay } from '../../src/record/index.js';

const rules = { ...defaultRules('own', null), prefix: 'gr' };
const header = {
  ...{ gatedRealtime: 1, package: '0.1.0', id: 'one', part: 1, startedAt: '2026-01-01T00:00:00.000Z', clock: 5 },
  ...{ model: null, callId: null, audio: 'left-out', content: 'redacted', rules },
};
const step = { in: { type: 'alive', now: 5 } };
const text = (...lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

const folder = mkdtempSync(join(tmpdir(), 'records-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a record', () => {
  it('is read: its header, its steps, and how the session ended', () => {
    const record = parseRecord(text(header, step, { appended: { count: 1, bytes: 3 } }, { ended: { kind: 'closed' } }));
    expect(record).toEqual({ header, rules, steps: [step], ending: { kind: 'closed' }, remarks: [] });
  });

  it('whose last line is torn is read without it, and says so', () => {
    const { steps, remarks } = parseRecord(`${text(header, step)}{"in":{"type":"ali`);
    expect(steps).toEqual([step]);
    expect(remarks).toEqual(['Line 3, the last, is torn: it is skipped.', 'It ends before the session did.']);
  });

  it('that an editor has saved is the same: with a mark before its first line, and a line break after a torn one', () => {
    const { steps, remarks } = parseRecord(`\uFEFF${text(header, step)}{"in":{"type":"ali\r\n`);
    expect(steps).toEqual([step]);
    expect(remarks[0]).toBe('Line 3, the last, is torn: it is skipped.');
  });

  it('that was given up early says so', () => {
    const { remarks } = parseRecord(text(header, step, { stopped: 'The disk was too slow.' }));
    expect(remarks).toEqual(['Recording stopped early: The disk was too slow.']);
  });

  it.each([
    ['', 'There is nothing in it.'],
    [text({ ...header, gatedRealtime: 2 }), 'It is of version 2 of the format; this reads version 1.'],
    [text({ ...header, part: 2 }), 'It is part 2 of a record: begin with the first.'],
    [text({ ...header, rules: null }), 'Its first line has no rules.'],
    [`${text(header)}{"in":\n${text(step)}`, 'Line 2 is not JSON.'],
    [text(header, [1]), 'One of its lines is no object.'],
    [text(header, { in: { type: 'alive' } }), 'One of its inputs has no type or no time.'],
    [text(header, { ...step, out: [] }), 'What came of one of its inputs cannot be read.'],
    [text(header, { ...step, out: { frames: 7 } }), 'What came of one of its inputs cannot be read.'],
    [text(header, { ...step, out: { notices: [null] } }), 'What came of one of its inputs cannot be read.'],
    [text(header, { ...step, answers: {} }), 'What came of one of its inputs cannot be read.'],
    ['{"gatedRea', 'Line 1 is not JSON.'],
  ])('that is none is refused: %s', (broken, message) => {
    expect(() => parseRecord(broken)).toThrow(new RecordError(message));
  });

  it('is read out of its file, and out of the parts that go with it', async () => {
    const path = join(folder, 'call.jsonl');
    writeFileSync(path, text(header, step));
    writeFileSync(join(folder, 'call.2.jsonl'), text({ ...header, part: 2 }, step, { ended: { kind: 'closed' } }));
    // The process was killed directly after it had created a part.
    writeFileSync(join(folder, 'call.3.jsonl'), '');
    expect(await readRecord(path)).toMatchObject({ steps: [step, step], remarks: [] });
  });

  it('whose second part is of another is refused', () => {
    const other = text({ ...header, id: 'two', part: 2 }, step);
    expect(() => parseRecord(text(header, step), other)).toThrow('Part 2 is not of the same record.');
  });
});

describe('a replay', () => {
  const refusing = {
    in: {
      ...{ type: 'respond', now: 1_005 },
      ask: {
        ...{ id: 1, purpose: 'greeting', params: null, whenBlocked: 'refuse', override: [], interrupt: false },
        ...{ holdForMs: 1, origin: 'user', depth: 0, attempt: 0, root: null, unseenBefore: 0, withdrawn: false },
      },
    },
  };

  it('tells what became of each request, and when', () => {
    expect(replay(parseRecord(text(header, refusing))).verdicts).toEqual([
      {
        ...{ at: 1_000, requestId: 'req_1', purpose: 'greeting', verdict: 'refuse', by: 'unconfirmed' },
        ...{ heldBy: [], waitedMs: 0, overrides: [] },
      },
    ]);
  });

  it('shows where something else was decided, and goes on', () => {
    const { differences } = replay(parseRecord(text(header, refusing, step, { in: { ...refusing.in, now: 1_006 } })));
    expect(differences.map(({ step: index, at }) => [index, at])).toEqual([
      [0, 1_000],
      [2, 1_001],
    ]);
  });

  it.each([
    ['respond', { ask: {} }, "'' is asked for, request undefined"],
    ['frame', { event: null }, 'the server sends what is no event'],
    ['send', { event: null }, 'the program sends what is no event'],
  ])('of what the machine cannot take is a difference too, and ends there: %s', (type, rest, words) => {
    const broken = { in: { type, now: 6, ...rest } };
    const { differences } = replay(parseRecord(text(header, step, broken, step)));
    expect(differences).toMatchObject([{ step: 1, threw: expect.any(TypeError) as Error }]);
    expect(differences.map(explain)[0]).toMatch(`step 1, at 0.001 s: ${words}\n  today  fails: `);
  });
});
