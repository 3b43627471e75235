import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/machine/outcome.js';

const ended = (fields: object, overtaken: 'yes' | 'no' = 'no'): unknown =>
  outcomeOf({ id: 'resp_1', ...fields }, { overtaken, audioMs: 40 });
const message = (...content: unknown[]): object => ({ type: 'message', content });

describe('how a response ended', () => {
  it('completed: with its text, in order, messages only', () => {
    const output = [
      message({ type: 'text', text: 'One.' }, { type: 'audio', transcript: 'Two.' }),
      { type: 'function_call', content: [{ text: 'no' }] },
      message({ type: 'audio' }, 'nonsense', { type: 'text', text: '' }),
      'nonsense',
    ];
    expect(ended({ status: 'completed', output })).toMatchObject({
      status: 'completed',
      text: 'One.\nTwo.',
      audioMs: 40,
    });
  });

  it.each([
    ['turn_detected', 'no', 'user'],
    ['client_cancelled', 'no', 'client'],
    ['client_cancelled', 'yes', 'user'],
  ] as const)('cancelled: for %s, overtaken: %s, by the %s', (reason, overtaken, by) => {
    expect(ended({ status: 'cancelled', status_details: { reason } }, overtaken)).toMatchObject({ by, text: '' });
  });

  it('incomplete: with its reason', () => {
    const status_details = { reason: 'max_output_tokens' };
    expect(ended({ status: 'incomplete', status_details })).toMatchObject({ reason: 'max_output_tokens' });
    expect(ended({ status: 'incomplete', status_details: null })).toMatchObject({ reason: 'unknown' });
  });

  it('failed: with the error, as far as there is one', () => {
    const error = { type: 'server_error', code: 'x', message: 'Sorry.' };
    expect(ended({ status: 'failed', status_details: { error } })).toEqual({ status: 'failed', error });
    expect(ended({ status: 'failed', status_details: { error: {} } })).toEqual({
      status: 'failed',
      error: { code: null },
    });
    expect(ended({ status: 'failed', status_details: { error: 'x' } })).toEqual({ status: 'failed', error: {} });
  });

  it('failed: without keys in its words', () => {
    const error = { type: 'server_error', message: 'Incorrect API key provided: sk-abcdefgh.' };
    expect(JSON.stringify(ended({ status: 'failed', status_details: { error } }))).not.toContain('abcdefgh');
  });

  it.each([undefined, null, 'in_progress', 7])('failed: with a status that cannot be (%s)', (status) => {
    expect(ended({ status })).toMatchObject({ status: 'failed', error: { type: 'unknown_status' } });
  });

  it.each([
    ['by its name', 'in_progress', "the status 'in_progress'"],
    ['by the first 64 characters of its name', 'x'.repeat(100), `the status '${'x'.repeat(64)}'`],
    ['as none, where it is no text', 7, 'no status'],
  ])('a status that cannot be is told %s', (_, status, told) => {
    expect(ended({ status })).toMatchObject({ error: { message: `The server ended the response with ${told}.` } });
  });
});
