import { describe, expect, it } from 'vitest';
import { at, dueAt, stateOf, type Json } from '../../src/machine/index.js';
import { created, done, itemAdded, refusal, sessionUpdated, sessionWith, type Bench } from './bench.js';
import {
  beside,
  brings,
  configures,
  dials,
  greeted,
  hears,
  inWords,
  kinds,
  lasting,
  lineOf,
  says,
  told,
} from './lines.js';

const echo = sessionUpdated(sessionWith('automatic'));
const summary = { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'They want a room.' }] };

/** A call in which two items are heard, and the first answer is still being played; its line is lost. */
function called(): Bench {
  const bench = lasting({ detection: 'automatic' }, { history: 'asked' });
  hears(bench, 'item_1', 'A room, please.');
  bench.reads(itemAdded('item_1'));
  bench.reads(created('resp_1'));
  says(bench, { text: 'One two three four five six seven eight', ms: 4_000 });
  bench.reads(done('resp_1'));
  bench.loses();
  configures(bench, 'automatic');
  return bench;
}

/** The items about which the program was asked, the last time. */
function asked(bench: Bench): readonly Json[] {
  const command = bench.commands.findLast((each) => each.do === 'ask-history');
  return command?.do === 'ask-history' ? command.items : [];
}
const inWordsOf = (items: readonly Json[]): readonly string[] =>
  items.flatMap((item) => inWords({ type: 'conversation.item.create', item }));
const answers = (bench: Bench, items: readonly Json[] | null, line = lineOf(bench)): void =>
  void bench.step({ type: 'history', line, items, threw: items ? null : { ref: 1, words: 'no' } });
const faults = (bench: Bench): readonly string[] =>
  bench.notices.flatMap((notice) => (notice.kind === 'fault' ? [notice.message] : []));

describe('a program that may change what is told', () => {
  it('is shown it before anything of it is told', () => {
    const bench = called();
    expect(inWordsOf(asked(bench))).toEqual([
      'user: A room, please.',
      'assistant: One two three four five six seven eight',
      'the note',
    ]);
    expect([told(bench), stateOf(bench.session, bench.now).restore]).toEqual([[], 'asking']);
  });

  it('is not asked where there is nothing to tell', () => {
    const bench = lasting({}, { history: 'asked', budgetTokens: 1 });
    bench.loses();
    configures(bench);
    expect([asked(bench), stateOf(bench.session, bench.now).restore]).toEqual([[], 'telling']);
  });

  it('has its own items told to the next line alone, each by an id', () => {
    const bench = called();
    answers(bench, [summary, ...asked(bench).slice(1)]);
    expect(told(bench)).toEqual([
      'system: They want a room.',
      'assistant: One two three four five six seven eight',
      'the note',
    ]);
    expect(beside(bench).map((frame) => typeof at(frame, 'item', 'id'))).toEqual([
      'undefined',
      ...['string', 'string', 'string'],
      'undefined',
    ]);
    expect(bench.written).toEqual([]);
    brings(bench, echo);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('may have nothing told at all', () => {
    const bench = called();
    answers(bench, []);
    brings(bench, echo);
    expect([told(bench), kinds(bench)]).toEqual([[], ['away', 'back']]);
  });

  it('that fails is a fault, and everything is told as it was', () => {
    const bench = called();
    answers(bench, null);
    expect([told(bench).length, faults(bench)]).toEqual([
      3,
      ['history() of reconnect failed, and the conversation is told as it was: no'],
    ]);
  });

  it('that gives nothing for a second is a fault, and what it gives then is too late', () => {
    const bench = called();
    const since = bench.now;
    expect(dueAt(bench.session)).toBe(since + 1_000);
    bench.waits(1_000);
    expect(faults(bench)).toEqual([
      'history() of reconnect gave nothing within 1000 ms: the conversation is told as it was.',
    ]);
    answers(bench, [summary]);
    expect(told(bench)).toHaveLength(3);
    brings(bench, echo);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is asked anew about all of it for each line, and its answer for another is not heard', () => {
    const bench = called();
    const before = lineOf(bench);
    bench.step({ type: 'gone', line: before, code: 1006, reason: '' });
    answers(bench, [summary], before);
    dials(bench);
    brings(bench, greeted, echo);
    answers(bench, [summary], before);
    expect([told(bench), asked(bench).length]).toEqual([[], 3]);
    answers(bench, asked(bench));
    expect(told(bench)).toHaveLength(3);
  });

  it('is not asked about what comes meanwhile: that follows', () => {
    const bench = called();
    const content = [{ type: 'input_text', text: 'Well?' }];
    const item = { type: 'message', role: 'user', content };
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item } });
    answers(bench, [summary]);
    brings(bench, echo);
    expect(told(bench)).toEqual(['system: They want a room.', 'user: Well?']);
    expect(bench.commands.filter(({ do: what }) => what === 'ask-history')).toHaveLength(1);
  });

  it('is left to say nothing to an echo that nobody asked for', () => {
    const bench = called();
    brings(bench, echo);
    expect([told(bench), stateOf(bench.session, bench.now).restore]).toEqual([[], 'asking']);
  });

  it('ends where the next line refuses the key, or the session is closed', () => {
    const refused = called();
    brings(refused, refusal('invalid_api_key', null));
    const closed = called();
    closed.step({ type: 'close', ending: { kind: 'closed' } });
    for (const bench of [refused, closed]) {
      answers(bench, [summary]);
      expect([kinds(bench), told(bench), dueAt(bench.session)]).toEqual([['away', 'closed'], [], Infinity]);
    }
  });
});

describe('what turns out to have been heard otherwise', () => {
  /** The caller interrupts what the earlier line had said. */
  function interrupted(items: (shown: readonly Json[]) => readonly Json[]): Bench {
    const bench = called();
    answers(bench, items(asked(bench)));
    brings(bench, echo);
    bench.waits(2_000 - bench.now);
    bench.step({ type: 'interrupt' });
    return bench;
  }
  const corrections = (bench: Bench): readonly string[] => bench.written.flatMap(inWords);

  it('is corrected after what the program had put before it', () => {
    const bench = interrupted((shown) => [{ ...summary, id: 'summary' }, ...shown.slice(1)]);
    expect(corrections(bench)).toEqual(['delete item_of_resp_1', 'assistant: One two three four —']);
    expect(bench.written.at(-1)).toMatchObject({ previous_item_id: 'summary' });
  });

  it('is corrected at the beginning, where the program put nothing before it', () => {
    const bench = interrupted((shown) => shown.slice(1));
    expect(bench.written.at(-1)).toMatchObject({ previous_item_id: 'root' });
  });

  it('is left as the program has told it, and not truncated', () => {
    for (const items of [
      () => [summary],
      () => [],
      (shown: readonly Json[]) => shown.map((item) => ({ ...item, x: 1 })),
    ]) {
      const bench = interrupted(items);
      expect([corrections(bench), bench.truncated]).toEqual([[], []]);
    }
  });
});
