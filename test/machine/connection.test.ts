import { describe, expect, it } from 'vitest';
import { isOpen, type ServerEvent } from '../../src/machine/index.js';
import { created, done, given, refusal, unconfirmed, type Bench } from './bench.js';

describe('a connection that ends', () => {
  it.each<[string, 'own' | 'sideband', number | null, object]>([
    ['lost, with its code', 'own', 1006, { kind: 'lost', code: 1006, reason: 'why' }],
    ['lost, without a close frame', 'own', null, { kind: 'lost', code: null, reason: 'why' }],
    ['lost, even in good order, where it is the only one', 'own', 1000, { kind: 'lost', code: 1000, reason: 'why' }],
    ['expired', 'own', 1001, { kind: 'expired' }],
    ['expired, on a sideband too', 'sideband', 1001, { kind: 'expired' }],
    ['a caller who hung up: a sideband, in good order', 'sideband', 1000, { kind: 'caller-hung-up' }],
    ['a caller who hung up: a sideband, without a status', 'sideband', 1005, { kind: 'caller-hung-up' }],
    ['lost: a sideband, by accident', 'sideband', 1006, { kind: 'lost', code: 1006, reason: 'why' }],
    ['lost: a sideband without a close frame', 'sideband', null, { kind: 'lost', code: null, reason: 'why' }],
  ])('is %s', (_, line, code, ending) => {
    const bench = given({ line });
    bench.loses(code, 'why');
    expect(bench.ending).toEqual(ending);
    expect(isOpen(bench.session)).toBe(false);
  });

  it('settles what was in flight as lost, with the close code in its words', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.loses(1011, 'restart');
    expect([story.outcome, aside.outcome]).toEqual(['lost', 'lost']);
    const said = bench.notices.flatMap((each) =>
      each.kind === 'ended' && each.outcome.status === 'lost' ? [each.outcome] : [],
    );
    const message = 'The connection ended before the response did (close code 1011, restart).';
    expect(said).toEqual(Array(2).fill({ status: 'lost', whose: 'network', message }));
  });

  it('says that there was no close frame, where none came', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.loses(null);
    expect(JSON.stringify(bench.notices)).toContain('(no close frame)');
  });

  it('refuses what is held', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    const reply = bench.asks('reply');
    bench.loses();
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: closed', 'unsent by closed']);
  });

  it('takes along what was merged into a create that was out', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_1'));
    bench.asks('first');
    const second = bench.asks('second');
    bench.reads(done('resp_1'));
    bench.loses();
    expect(second.outcome).toBe('lost');
  });

  it('is the end of nothing that has ended', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1'));
    bench.loses();
    expect(story.outcome).toBe('completed');
  });

  it('ends once: a second end changes nothing and tells nothing', () => {
    const bench = given();
    bench.loses(1006);
    bench.forget();
    bench.loses(1000);
    expect([bench.notices, bench.session.connection.ending]).toEqual([[], { kind: 'lost', code: 1006, reason: '' }]);
  });
});

describe('a session that has reached its age', () => {
  const expired: ServerEvent = refusal('session_expired', null, 'Your session hit the maximum duration.');

  it('is closed as expired, where the server says so first', () => {
    const bench = given();
    bench.reads(expired);
    expect(bench.commanded).toEqual(['close-line']);
    bench.loses(1006);
    expect(bench.ending).toEqual({ kind: 'expired' });
  });

  it('is no fault: nobody has erred', () => {
    const bench = given();
    bench.reads(expired);
    expect(bench.faults).toEqual([]);
  });

  it('refuses what is asked for from then on', () => {
    const bench = given();
    bench.reads(expired);
    expect(bench.asks('reply').verdict).toBe('refuse: closing');
  });
});

describe('close()', () => {
  const closing = (): Bench => {
    const bench = given();
    bench.closes();
    return bench;
  };

  it('has the line closed in good order; the end is told once the socket is gone', () => {
    const bench = closing();
    expect(bench.commands).toEqual([{ do: 'close-line', code: 1000, reason: 'OK' }]);
    expect(bench.notices).toEqual([]);
  });

  it('is closed when the socket is gone, however that is', () => {
    const bench = closing();
    bench.loses(1006);
    expect(bench.ending).toEqual({ kind: 'closed' });
  });

  it('is done once', () => {
    const bench = closing();
    bench.closes();
    expect(bench.commanded).toEqual(['close-line']);
  });

  it('does nothing after the end', () => {
    const bench = given();
    bench.loses();
    bench.closes();
    expect(bench.commands).toEqual([]);
    expect(bench.session.connection.ending).toMatchObject({ kind: 'lost' });
  });

  it('ends the session as whoever says so first says', () => {
    const bench = given();
    bench.step({ type: 'close', ending: { kind: 'hung-up', farewell: 'none' } });
    bench.closes();
    bench.loses();
    expect(bench.ending).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it('lets nothing be sent by hand any more', () => {
    const bench = closing();
    bench.step({ type: 'send', event: { type: 'input_audio_buffer.commit' } });
    expect(bench.written).toEqual([]);
  });

  it('lets nothing be cancelled any more: what was on its way ends with the line', () => {
    const bench = given();
    bench.asks('story');
    bench.step({ type: 'interrupt' });
    bench.closes();
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual([]);
  });

  it('is possible before anything was confirmed', () => {
    const bench = unconfirmed();
    bench.closes();
    bench.loses();
    expect(bench.ending).toEqual({ kind: 'closed' });
  });
});
