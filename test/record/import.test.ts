import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord, readRecord, replay } from '../../src/record/index.js';

const session = { id: 'sess_1', type: 'realtime', instructions: 'Be brief.' };
const greeted = { type: 'session.created', session };
const configures = { type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } };
const configured = { type: 'session.updated', session };
const creates = { type: 'response.create' };
const created = (id: string, more: object = {}) => ({
  type: 'response.created',
  response: { id, conversation_id: 'conv_1', status: 'in_progress', ...more },
});
const done = (id: string) => ({
  type: 'response.done',
  response: { id, conversation_id: 'conv_1', status: 'completed', output: [] },
});
const speaks = { type: 'input_audio_buffer.speech_started', item_id: 'item_1' };

const imported = (...lines: readonly object[]) => parseRecord(lines.map((line) => JSON.stringify(line)).join('\n'));
const verdicts = (...lines: readonly object[]) =>
  replay(imported(...lines)).verdicts.map(({ verdict, by }) => by ?? verdict);
const log = [greeted, configures, configured, creates, created('resp_1'), creates, done('resp_1'), creates];

describe('plain Realtime events', () => {
  it('show which raw creates the gate would have stopped, and why', () => {
    expect(verdicts(...log)).toEqual(['admit', 'response-active', 'admit']);
    expect(verdicts(greeted, creates)).toEqual(['unconfirmed']);
    expect(verdicts(greeted, configures, configured, speaks, creates)).toEqual(['user-speaking']);
  });

  it.each([
    ['bare', (event: object) => event],
    ['with a direction', (event: object) => ({ direction: isSent(event) ? 'sent' : 'received', event })],
    ['with "dir" and text', (event: object) => ({ dir: isSent(event) ? 'out' : 'in', data: JSON.stringify(event) })],
    ['with nothing beside them', (event: object) => ({ event })],
  ])('are read in the usual shapes: %s', (_, shape) => {
    expect(verdicts(...log.map(shape))).toEqual(['admit', 'response-active', 'admit']);
  });

  const isSent = (event: object): boolean => event === configures || event === creates;

  it('pass deadlines where they say when they happened', () => {
    const timed = (event: object, seconds: number) => ({ event, timestamp: new Date(seconds * 1_000).toISOString() });
    const late = [greeted, configures, configured, creates].map((event) => timed(event, 10));
    expect(verdicts(...late, timed(creates, 30))).toEqual(['admit', 'admit']);
    expect(verdicts(...late, timed(creates, 11))).toEqual(['admit', 'response-active']);
  });

  it('have a create be answered by the response with its metadata', () => {
    const metadata = { topic: 'second' };
    const second = { ...creates, response: { conversation: 'none', metadata } };
    const both = [greeted, configures, configured, { ...creates }, second, created('resp_2', { metadata })];
    expect(verdicts(...both, creates, created('resp_1'), done('resp_1'), creates)).toEqual([
      ...['admit', 'admit', 'response-active', 'admit'],
    ]);
  });

  it('have a create be refused by the error that names its event', () => {
    const named = { ...creates, event_id: 'mine' };
    const error = { type: 'error', error: { type: 'invalid_request_error', event_id: 'mine', message: 'No.' } };
    expect(verdicts(greeted, configures, configured, named, error, creates)).toEqual(['admit', 'admit']);
  });

  it('say what of them cannot be known', () => {
    expect(imported(...log).remarks.join('\n')).toMatch(/plain Realtime events[^]*purposes[^]*No line says when/);
    expect(imported(greeted, { note: 'hello' }).remarks.at(-1)).toBe('Lines that hold no event: 1. They are left out.');
  });
});

describe('real sessions', () => {
  const folder = process.env['REALTIME_RECORDINGS'];
  const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

  it.skipIf(folder === undefined)('are there: REALTIME_RECORDINGS says where', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('are read, and every create in them was in turn: %s', async (name) => {
    const { verdicts, differences } = replay(await readRecord(join(folder!, name)));
    expect(verdicts.filter(({ verdict }) => verdict !== 'admit')).toEqual([]);
    expect(differences).toEqual([]);
  });
});
