import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costOf, transcriptionCost } from '../../src/money/cost.js';
import { modelPrice, publishedPrices, transcriptionPrice } from '../../src/money/prices.js';
import { tokensOf } from '../../src/money/usage.js';
import { responses, transcriptions } from './by-hand.js';

const folder = process.env['REALTIME_RECORDINGS'];

describe.skipIf(!folder)('a recorded session', () => {
  it.each(Object.entries(responses))('%s costs what was computed by hand', (name, millionths) => {
    const price = modelPrice(publishedPrices, 'gpt-realtime')!;
    const costs = received(name, 'response.done').map(({ response }) => costOf(tokensOf(response?.usage), price));
    expect(costs).toEqual(millionths.map((each) => Math.round(each * 1_000)));
  });

  it.each(Object.entries(transcriptions))('%s is transcribed for what was computed by hand', (name, millionths) => {
    const price = transcriptionPrice(publishedPrices, 'gpt-realtime-whisper')!;
    const events = received(name, 'conversation.item.input_audio_transcription.completed');
    expect(events.map(({ usage }) => transcriptionCost(usage, price))).toEqual(millionths.map((each) => each * 1_000));
  });
});

interface Event {
  readonly type: string;
  readonly response?: { readonly usage: unknown };
  readonly usage?: unknown;
}

const received = (name: string, type: string): Event[] =>
  readFileSync(join(folder ?? '', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly direction: string; readonly event: Event })
    .filter(({ direction, event }) => direction === 'received' && event.type === type)
    .map(({ event }) => event);
