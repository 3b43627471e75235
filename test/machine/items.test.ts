import { describe, expect, it } from 'vitest';
import {
  committed,
  created,
  done,
  firstItem,
  given,
  itemAdded,
  refusal,
  turn,
  type Asked,
  type Bench,
} from './bench.js';

/** Whether a request made now would merge into the server's answer to the turn that ends now. */
function mergesNow(bench: Bench): boolean {
  bench.reads(...turn().slice(0, 1));
  const asked = bench.asks('reply');
  bench.reads(...turn().slice(1), created('resp_auto'), firstItem('resp_auto'));
  return asked.verdict === 'merge: resp_auto';
}
const answering = (): Bench => given({ detection: 'automatic' });

describe('an item on its way', () => {
  it('was seen by an answer that was triggered after it was added', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    expect(mergesNow(bench)).toBe(true);
  });

  it('was not seen by an answer that was triggered before', () => {
    const bench = answering();
    bench.sends('item_1');
    expect(mergesNow(bench)).toBe(false);
  });

  it('that the server refuses is waited for no longer', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    const refused = bench.sends('item_2');
    bench.reads(refusal('invalid_value', refused['event_id'] as string));
    expect(mergesNow(bench)).toBe(true);
  });

  it('is settled by a refusal of an item that names no event, where it is the only one on its way', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(refusal('item_create_duplicate_item_id', null, 'It exists.'));
    expect(bench.session.items.unadded).toEqual([]);
    expect(bench.faults).toEqual(['The server refused an item: It exists.']);
  });

  it('is not touched by a refusal that names no event where another is on its way too', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.sends('item_2');
    bench.reads(refusal('item_create_duplicate_item_id', null));
    expect(bench.session.items.unadded).toHaveLength(2);
  });

  it('is not touched by the refusal of another', () => {
    const bench = answering();
    bench.sends('item_1');
    const refused = bench.sends('item_2');
    bench.reads(refusal('invalid_value', refused['event_id'] as string));
    expect(bench.session.items.unadded.map(({ itemId }) => itemId)).toEqual(['item_1']);
  });

  it('is not refused by an error about an event that nobody knows', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(refusal('invalid_value', 'event_of_another'));
    expect(bench.faults).toEqual(['The server reports an error (invalid_value): No.']);
  });

  it('is on its way only where its event creates it', () => {
    const bench = answering();
    bench.step({ type: 'send', event: { type: 'weather.changed', item: { id: 'item_1' } } });
    expect([bench.session.items.unadded, bench.session.items.last]).toEqual([[], 0]);
  });

  it('is not touched by the news of another, or of one without an id', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(itemAdded('item_2'), { type: 'conversation.item.added', item: {} });
    expect(bench.session.items.unadded).toHaveLength(1);
  });

  it('is due when it would be given up', () => {
    const bench = answering();
    bench.sends('item_1');
    expect(bench.due).toBe(10_000);
  });

  it('is forgotten with the connection', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.loses();
    expect([bench.session.items.unadded, bench.due]).toEqual([[], Infinity]);
  });
});

describe('an item that is neither added nor refused in time', () => {
  const lost = (): Bench => {
    const bench = answering();
    bench.sends('item_lost');
    bench.waits(10_000);
    return bench;
  };

  it('is given up: what follows a later one is merged', () => {
    const bench = lost();
    bench.sends('item_2');
    bench.reads(itemAdded('item_2'));
    expect(mergesNow(bench)).toBe(true);
  });

  it('has what continues it not merged: nobody knows what was seen of it', () => {
    expect(mergesNow(lost())).toBe(false);
  });

  it('has what continues it go out by itself', () => {
    const bench = lost();
    bench.reads(created('resp_1'));
    const reply = bench.asks('reply');
    bench.reads(done('resp_1'));
    expect(reply.verdict).toBe('admit');
  });

  it('is given up not a moment earlier', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.waits(9_999);
    expect(bench.session.items.unadded).toHaveLength(1);
    bench.waits(1);
    expect(bench.session.items.unadded).toHaveLength(0);
  });

  it('is given up alone: one that was sent later has its own time', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.waits(5_000);
    bench.sends('item_2');
    bench.waits(5_000);
    expect(bench.session.items.unadded.map(({ itemId }) => itemId)).toEqual(['item_2']);
    expect(bench.session.items.lost).toEqual([1]);
  });

  it('is remembered with the latest 64', () => {
    const bench = answering();
    for (let count = 0; count < 70; count++) bench.sends(`item_${count}`);
    bench.waits(10_000);
    expect(bench.session.items.lost).toHaveLength(64);
    expect(bench.session.items.lost.at(-1)).toBe(70);
  });
});

describe('a commit of ours', () => {
  const follows = (bench: Bench): Asked => {
    bench.reads(created('resp_1'));
    const asked = bench.asks('reply');
    return asked;
  };

  it('is added with the item that the server names', () => {
    const bench = answering();
    bench.commits();
    bench.reads(committed('item_mine'));
    expect(bench.session.items.unadded).toMatchObject([{ itemId: 'item_mine' }]);
    bench.reads(itemAdded('item_mine'));
    expect(bench.session.items.unadded).toEqual([]);
  });

  it('is not the commit of a turn that the server has ended', () => {
    const bench = answering();
    bench.commits();
    bench.reads(...turn('item_theirs'));
    expect(bench.session.items.unadded).toMatchObject([{ itemId: null }]);
  });

  it('is not added by the news of an item without an id', () => {
    const bench = answering();
    bench.commits();
    bench.reads({ type: 'conversation.item.added', item: {} });
    expect(bench.session.items.unadded).toHaveLength(1);
  });

  it('is not the item that was sent before a commit of another party', () => {
    const bench = answering();
    bench.sends('item_1');
    bench.reads(committed('item_theirs'));
    expect(bench.session.items.unadded).toMatchObject([{ itemId: 'item_1' }]);
  });

  it('is taken in the order of sending', () => {
    const bench = answering();
    bench.commits();
    bench.commits();
    bench.reads(committed('item_1'), committed('item_2'), itemAdded('item_1'));
    expect(bench.session.items.unadded).toMatchObject([{ itemId: 'item_2' }]);
  });

  it('that the server refuses is waited for no longer', () => {
    const bench = answering();
    const commit = bench.commits();
    bench.reads(refusal('input_audio_buffer_commit_empty', commit['event_id'] as string));
    expect(bench.session.items.unadded).toEqual([]);
  });

  it('is what a request after it continues', () => {
    const bench = answering();
    bench.commits();
    const asked = follows(bench);
    const second = bench.asks('second');
    bench.reads(done('resp_1'));
    expect([asked.verdict, second.verdict]).toEqual(['admit', `merge: request ${asked.id}`]);
  });
});

describe('an event that is sent by hand', () => {
  it('is given an id, and its item as well, where they have none', () => {
    const bench = given();
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item: { type: 'message' } } });
    expect(bench.written).toMatchObject([{ event_id: expect.any(String), item: { id: expect.any(String) } }]);
  });

  it('goes as it is where it is not an item, whatever it calls one', () => {
    const bench = given();
    bench.step({ type: 'send', event: { type: 'x', event_id: 'mine', item: { type: 'message' } } });
    expect(bench.written).toEqual([{ type: 'x', event_id: 'mine', item: { type: 'message' } }]);
  });
});
