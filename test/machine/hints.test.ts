import { describe, expect, it } from 'vitest';
import { holderIn, waitIn } from '../../src/machine/hints.js';

describe('the response that holds the slot, out of a message', () => {
  it.each<[string, string | null]>([
    ['Conversation already has an active response in progress: resp_X. Wait until the response …', 'resp_X'],
    ['in progress: resp_CCXHzLS4zMZ0VQgJ0oRwq. Wait', 'resp_CCXHzLS4zMZ0VQgJ0oRwq'],
    ['resp_1 and then resp_2', 'resp_1'],
    ['(resp_a1_b2)', 'resp_a1_b2'],
    ['Conversation already has an active response.', null],
    ['an item_resp_1', null],
    ['xresp_1', null],
    ['resp_', null],
    ['RESP_1', null],
    ['', null],
  ])('"%s": %s', (message, id) => {
    expect(holderIn(message)).toBe(id);
  });
});

describe('how long to wait, out of a message', () => {
  it.each<[string, number | null]>([
    ['Please try again in 1m26.4s. Visit …', 86_400],
    ['Please try again in 820ms.', 820],
    ['try again in 6s', 6_000],
    ['Try Again In 6S', 6_000],
    ['try again in 2m', 120_000],
    ['try again in 1h2m3s', 3_723_000],
    ['try again in 1m500ms', 60_500],
    ['try again in 0.5ms', 1],
    ['try again in 1.0001s', 1_001],
    ['try again in 0s', 0],
    ['try again in a moment', null],
    ['try again in 5', null],
    ['try again in 5 s', null],
    ['try again in .5s', null],
    ['retry again in 5s', null],
    ['Please wait 5s.', null],
    ['', null],
  ])('"%s": %s', (message, ms) => {
    expect(waitIn(message)).toBe(ms);
  });
});
