import { describe, expect, it } from 'vitest';
import type { ServerEvent } from '../../src/machine/index.js';
import { CONFLICT, conflict, created, done, given, refusal, sessionUpdated, type Asked, type Bench } from './bench.js';

const error = (fields: object): ServerEvent => ({
  type: 'error',
  error: { type: 'invalid_request_error', code: null, message: 'No.', param: null, event_id: null, ...fields },
});

type Owner = 'the update' | 'the create' | 'nobody' | 'housekeeping';
/** A create is unanswered, and an update sent after it. */
const bothOut = (): { bench: Bench; asked: Asked } => {
  const bench = given();
  const asked = bench.asks('greeting');
  bench.asksToConfigure({ instructions: 'Sing.' });
  return { bench, asked };
};
function ownerOf(bench: Bench, asked: Asked | null): Owner {
  if (bench.session.is.configuration === 'doubtful') return 'the update';
  if (asked && asked.outcome !== 'open') return 'the create';
  if (bench.session.requests.queue.length > 0) return 'the create';
  return bench.faults.length > 0 ? 'nobody' : 'housekeeping';
}

describe('whose is an error without event_id, where an update and a create are out', () => {
  it.each<[string, object, Owner]>([
    ['that names nothing', {}, 'the update'],
    ['with a code that names nothing', { code: 'unknown_parameter' }, 'the update'],
    ['whose param is session', { param: 'session' }, 'the update'],
    ['whose param is in the session', { param: 'session.audio.input' }, 'the update'],
    ['whose code is of the session', { code: 'session_update_failed' }, 'the update'],
    ['whose param is in the response', { param: 'response.metadata' }, 'the create'],
    ['whose code is of the response', { code: 'response_create_failed' }, 'the create'],
    ['that is a conflict', { code: CONFLICT }, 'the create'],
    ['whose param is in an item', { param: 'item.content[0].text' }, 'nobody'],
    ['whose param is previous_item_id', { param: 'previous_item_id' }, 'nobody'],
    ['whose code is of an item', { code: 'item_create_duplicate_item_id' }, 'nobody'],
    ['whose code is of the conversation', { code: 'conversation_full' }, 'nobody'],
    ['whose code is of the input audio', { code: 'input_audio_buffer_commit_empty' }, 'nobody'],
    ['whose param is audio', { param: 'audio' }, 'nobody'],
    ['whose code is of the output audio', { code: 'output_audio_buffer_x' }, 'nobody'],
    ['whose param names it, whatever its code says', { param: 'response.x', code: 'session_x' }, 'the create'],
    ['whose param says nothing: then its code does', { param: 'x', code: 'response_x' }, 'the create'],
    ['whose param only looks so', { param: 'sessions.x', type: 'x' }, 'nobody'],
    ['that names nothing, of another type', { type: 'rate_limit_error' }, 'nobody'],
    ['that names the session, of another type', { type: 'x', param: 'session.x' }, 'the update'],
    ['of the server: its type', { type: 'server_error', param: 'session.x' }, 'nobody'],
    ['of the server: its code', { code: 'server_error' }, 'nobody'],
    ['of our own cancel', { code: 'response_cancel_not_active' }, 'housekeeping'],
  ])('an error %s (%o): %s', (_, fields, owner) => {
    const { bench, asked } = bothOut();
    bench.reads(error(fields));
    expect(ownerOf(bench, asked)).toBe(owner);
  });
});

describe('whose is an error without event_id', () => {
  it('that names nothing, where only a create is out: the create’s', () => {
    const bench = given();
    const asked = bench.asks('greeting');
    bench.reads(error({}));
    expect(asked.outcome).toBe('unsent by rejected');
  });

  it('that names the session, where only a create is out: nobody’s', () => {
    const bench = given();
    const asked = bench.asks('greeting');
    bench.reads(error({ param: 'session.x' }));
    expect(ownerOf(bench, asked)).toBe('nobody');
  });

  it('that names nothing, where two creates are out: nobody’s', () => {
    const bench = given();
    const asked = bench.asks('greeting');
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.reads(error({}));
    expect([asked.outcome, aside.outcome]).toEqual(['open', 'open']);
    expect(bench.faults).toEqual(['The server reports an error (invalid_request_error): No.']);
  });

  it('that names the response, where only one out of band is out: its', () => {
    const bench = given();
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.reads(error({ param: 'response.x' }));
    expect(aside.outcome).toBe('unsent by rejected');
  });

  it('that is a conflict: of the create of the conversation, never of one beside it', () => {
    const bench = given();
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.reads(conflict(null, 'resp_9'));
    expect(aside.outcome).toBe('open');
    expect(bench.faults).toHaveLength(1);
  });

  it('where nothing is out: nobody’s, told by its code', () => {
    const bench = given();
    bench.reads(error({ code: 'weird' }));
    expect(bench.notices).toEqual([
      { kind: 'fault', whose: 'server', message: 'The server reports an error (weird): No.', thrown: null },
    ]);
  });

  it('without code, type or words: nobody’s', () => {
    const bench = given();
    bench.reads({ type: 'error' });
    expect(bench.faults).toEqual(['The server reports an error: The server gave no reason.']);
  });

  it('while an update is doubtful already: not the update’s', () => {
    const { bench, asked } = bothOut();
    bench.reads(error({}), error({}));
    expect(asked.outcome).toBe('unsent by rejected');
  });
});

describe('an error with an event_id', () => {
  it('of nobody’s is told as a fault', () => {
    const { bench, asked } = bothOut();
    bench.reads(refusal('invalid_value', 'event_of_another'));
    expect(ownerOf(bench, asked)).toBe('nobody');
  });

  it('of an item of ours is told as a fault', () => {
    const bench = given();
    const sent = bench.sends('item_1');
    bench.reads(refusal('invalid_value', sent['event_id'] as string));
    expect(bench.faults).toEqual(['The server refused an item: No.']);
  });

  it('of a cancel of ours is told to nobody', () => {
    const bench = given();
    bench.speaks('story', 'resp_1').cancels();
    bench.reads(refusal('response_cancel_not_active', bench.written.at(-1)!['event_id'] as string));
    expect(bench.faults).toEqual([]);
  });

  it('of the last 256 cancels is known', () => {
    const bench = given();
    const cancels: string[] = [];
    for (let count = 0; count <= 256; count++) {
      bench.reads(created(`resp_${count}`));
      bench.step({ type: 'cancel', of: { response: `resp_${count}` } });
      cancels.push(bench.written.at(-1)!['event_id'] as string);
      bench.reads(done(`resp_${count}`));
    }
    bench.forget();
    bench.reads(refusal('x', cancels[1]!));
    expect(bench.faults).toEqual([]);
    bench.reads(refusal('x', cancels[0]!));
    expect(bench.faults).toHaveLength(1);
  });

  it('tells no key that stands in its words', () => {
    const bench = given();
    bench.reads(refusal('x', 'event_of_another', 'Incorrect API key provided: sk-abcdefgh.'));
    expect(bench.faults.join()).not.toContain('abcdefgh');
  });
});

describe('a create that was rejected by an error without event_id', () => {
  it('is still ours, if its created comes after all', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads(error({}));
    bench.creates('resp_1');
    expect(bench.notices).toContainEqual({
      kind: 'created',
      response: 'resp_1',
      purpose: 'greeting',
      request: 1,
      requests: [],
    });
    expect([greeting.outcome, bench.shut]).toEqual(['unsent by rejected', ['response-active']]);
  });

  it('is not remembered where the error named it: that one was certain', () => {
    const bench = given();
    bench.asks('greeting');
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.creates('resp_1');
    expect(bench.notices).toContainEqual({
      kind: 'created',
      response: 'resp_1',
      purpose: null,
      request: null,
      requests: [],
    });
  });

  it('that was put back by a conflict is ours too: the second create is cancelled as soon as it exists', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { params: {} });
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_9'), done('resp_9'));
    expect(bench.created).toEqual(['greeting', 'greeting']);
    bench.reads(created('resp_1', { metadata: first }));
    expect(greeting.response).toBe('resp_1');
    bench.creates('resp_2');
    expect(bench.cancelled).toEqual(['resp_2']);
    bench.reads(done('resp_2', 'cancelled'), done('resp_1'));
    expect(greeting.outcome).toBe('completed');
  });

  it('and was put back and waits: it waits no longer', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { params: {} });
    bench.reads(conflict(null, 'resp_9'));
    bench.creates('resp_1');
    bench.reads(done('resp_9'), done('resp_1'));
    expect([greeting.outcome, bench.created]).toEqual(['completed', ['greeting']]);
    expect(bench.session.requests.late.size).toBe(0);
  });

  it('and whose second create was put back as well, is still ours, and waits no longer', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { params: {} });
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_8'), done('resp_8', 'cancelled'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), created('resp_1', { metadata: first }));
    bench.reads(done('resp_9', 'cancelled'), done('resp_1'));
    expect([greeting.outcome, bench.created]).toEqual(['completed', ['greeting', 'greeting']]);
  });

  it('and whose second create the server refused by name: a response of that one is not ours', () => {
    const bench = given();
    bench.asks('greeting', { params: {} });
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_8'), done('resp_8', 'cancelled'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), created('resp_1', { metadata: first }));
    bench.creates('resp_2');
    expect(bench.cancelled).toEqual([]);
  });

  it.each([
    ['the first of which', 0],
    ['the second of which', 1],
    ['the last of which', 2],
  ])(
    'and was put back twice is answered by one of its creates, %s is read first; the others are cancelled',
    (_, first) => {
      const bench = given();
      const greeting = bench.asks('greeting', { params: {} });
      const creates = [bench.lastCreate.metadata];
      for (const holder of ['resp_8', 'resp_9']) {
        bench.reads(conflict(null, holder), done(holder, 'cancelled'));
        creates.push(bench.lastCreate.metadata);
      }
      const ids = ['resp_1', 'resp_2', 'resp_3'];
      const order = [first, ...[0, 1, 2].filter((each) => each !== first)];
      for (const each of order) bench.reads(created(ids[each]!, { metadata: creates[each] }));
      expect(bench.cancelled).toEqual(order.slice(1).map((each) => ids[each]));
      bench.reads(...ids.map((id) => done(id)));
      expect(greeting.outcome).toBe('completed');
    },
  );

  it('and was put back twice is told of once, though both creates were taken', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { params: {} });
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_8'), done('resp_8', 'cancelled'));
    const second = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_9'), done('resp_9', 'cancelled'));
    bench.reads(created('resp_1', { metadata: first }), created('resp_2', { metadata: second }));
    bench.reads(done('resp_1'), done('resp_2'));
    expect(greeting.outcome).toBe('completed');
  });

  it('has the refusal of its second create told to nobody', () => {
    const bench = given();
    bench.asks('greeting', { params: {} });
    const first = bench.lastCreate.metadata;
    bench.reads(conflict(null, 'resp_9'), done('resp_9', 'cancelled'), created('resp_1', { metadata: first }));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(bench.faults).toEqual([]);
  });
});

describe('an update and a create', () => {
  it('are told apart by their ids', () => {
    const { bench, asked } = bothOut();
    bench.reads(refusal('x', bench.lastCreate.eventId));
    expect(asked.outcome).toBe('unsent by rejected');
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(bench.confirmations).toEqual(['2 confirmed']);
  });
});
