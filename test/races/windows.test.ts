import { describe, expect, it } from 'vitest';
import { memory, socket, Stage } from './stage.js';
import { windows } from './windows.js';

describe.each([memory, socket])('over $name', (harness) => {
  it.each(windows)('window $number: $promise', async ({ play, ...setting }) => {
    const stage = await Stage.set(harness, setting);
    try {
      await play(stage);
    } finally {
      await stage.ends();
    }
  });
});

describe('the race windows', () => {
  it('are all there', () => {
    expect([...new Set(windows.map(({ number }) => number))]).toEqual([...Array(22).keys()].map((index) => index + 1));
  });
});
