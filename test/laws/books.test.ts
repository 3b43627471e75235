/** Tests the bookkeeping itself: the errors that it must find. */
import { describe, expect, it } from 'vitest';
import { createSession, type Notice } from '../../src/machine/index.js';
import { plainRules as rules } from '../limits.js';
import { Books } from './books.js';
import { Decided } from './decided.js';
import { asked, emptyLedger, note, unsettled } from './ledger.js';

const record = { kind: 'record', record: {} } as unknown as Notice;
const admitted: Notice = { kind: 'admitted', request: 1 };
const heard: Notice = { kind: 'heard', response: 'resp_1', requests: [], how: 'none' };
const over = { kind: 'ended', response: 'resp_1', requests: [], outcome: { status: 'completed' } } as unknown as Notice;
const ended = { kind: 'ended', response: null, requests: [1], outcome: { status: 'unsent' } } as unknown as Notice;

/** The errors that the ledger finds in the notices of one request, and in what they leave open. */
function audit(...notices: readonly Notice[]): readonly string[] {
  const ledger = emptyLedger();
  asked(ledger, 1);
  return [...note(ledger, notices), ...unsettled(ledger)];
}

describe('the ledger of the gate', () => {
  it('finds nothing in a request that settles once, is recorded once and ends once', () => {
    expect(audit(admitted, record, ended)).toEqual([]);
  });
  it.each([
    ['a request that never settles', 'L6', [ended]],
    ['a request that settles twice', 'L6', [admitted, record, admitted, record, ended]],
    ['a request that never ends', 'L6', [admitted, record]],
    ['a request that ends twice', 'L6', [admitted, record, ended, ended]],
    ['a settlement without a record', 'L11', [admitted, ended]],
    ['a record without a settlement', 'L11', [record, admitted, record, ended]],
    ['a response of which nobody is told whether it was heard', 'L6', [admitted, record, ended, over]],
    ['a response that ends twice', 'L6', [admitted, record, ended, over, over, heard]],
  ])('finds %s', (_what, law, notices) => {
    expect(audit(...notices).join('\n')).toContain(law);
  });
});

describe('the books of the tools', () => {
  const called = {
    type: 'response.output_item.done',
    response_id: 'resp_1',
    item: { type: 'function_call', status: 'completed', call_id: 'call_1' },
  };
  const output = { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'call_1' } };

  it('find a call that nobody accounts for', () => {
    const wrong: string[] = [];
    const books = new Books(wrong);
    books.read(createSession(rules), called);
    books.close();
    expect(wrong.join('\n')).toContain('L7: call_1');
  });
  it('find an output that nobody asked for', () => {
    const wrong: string[] = [];
    new Books(wrong).wrote(output);
    expect(wrong.join('\n')).toContain('L7');
  });
});

describe('the decisions', () => {
  const settled = {
    request: 1,
    purpose: 'reply',
    verdict: 'admit',
    by: null,
    outcome: null,
    heldBy: [],
    overrides: [],
  };
  const particulars = { origin: 'user', lane: 'default', attempt: 0, root: null, shut: [] };
  const recorded = (fields: object = {}): Notice => {
    const times = { epoch: 1, askedAt: 0, settledAt: 0, sinceLastMs: null, response: null };
    return { kind: 'record', record: { ...settled, ...times, ...fields }, particulars } as unknown as Notice;
  };
  const found = (...notices: readonly Notice[]): string => {
    const decided = new Decided();
    return [...decided.note({ notices }, 0), ...decided.end(createSession(rules))].join('\n');
  };

  it.each([
    ['a request that leaves none', 'left no decision', [admitted, recorded()]],
    ['one that says otherwise than the record', 'otherwise', [admitted, recorded({ askedAt: -1 }), ended]],
    ['one that tells of a create which nobody wrote', '1 creates, and 0', [admitted, recorded(), ended]],
    ['one of a request that was admitted and never sent', 'has the verdict admit', [recorded(), ended]],
  ])('are found wrong: %s', (_, words, notices) => {
    expect(found(...notices)).toContain(words);
  });
});
