import { expect, test } from 'vitest';
import { Queue } from '../src/queue.js';
import { collect } from './support/collect.js';

test('gives back in order all that was put in, whatever was taken in between', () => {
  const queue = new Queue<number>();
  const taken: (number | undefined)[] = [];
  for (let count = 0; count < 2_000; count++) {
    queue.push(count);
    if (count % 3 > 0) taken.push(queue.shift());
  }
  while (queue.length > 0) taken.push(queue.shift());
  expect(taken).toEqual(Array.from({ length: 2_000 }, (_, count) => count));
});

test('has nothing to give when it is empty, and then takes more', () => {
  const queue = new Queue<string>();
  expect([queue.shift(), queue.length]).toEqual([undefined, 0]);
  queue.push('a');
  expect([queue.length, queue.shift(), queue.shift()]).toEqual([1, 'a', undefined]);
});

test('clear() empties it', () => {
  const queue = new Queue<number>();
  queue.push(1);
  queue.clear();
  expect([queue.length, queue.shift()]).toEqual([0, undefined]);
});

test('keeps nothing of what was taken', async () => {
  const queue = new Queue<object>();
  const put = (): WeakRef<object> => {
    const item = {};
    queue.push(item);
    return new WeakRef(item);
  };
  const [taken, waiting] = [put(), put()];
  queue.shift();
  await new Promise(setImmediate);
  collect();
  expect([taken.deref(), waiting.deref()]).toEqual([undefined, {}]);
});
