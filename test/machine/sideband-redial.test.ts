import { describe, expect, it } from 'vitest';
import { dueAt, stateOf, type ServerEvent } from '../../src/machine/index.js';
import {
  call,
  committed,
  CONFLICT,
  created,
  done,
  itemAdded,
  refusal,
  sessionUpdated,
  sessionWith,
  speechStopped,
  timeoutTriggered,
  toolSet,
  turn,
  type Bench,
  type Detection,
} from './bench.js';
import { beside, brings, dials, hears, kinds, lasting, lineOf, told } from './lines.js';

const echo = sessionUpdated(sessionWith('off'));
const another = sessionUpdated({ ...sessionWith('off'), instructions: 'Hum.' });
const onCall = (rest: Parameters<typeof lasting>[0] = {}, policy: Parameters<typeof lasting>[1] = {}): Bench =>
  lasting({ line: 'sideband', ...rest }, policy);
const opens = (bench: Bench): void => void (dials(bench), bench.step({ type: 'opened', line: lineOf(bench) }));
const rejoins = (bench: Bench, says = echo): void => (opens(bench), brings(bench, says, says));
const isMissed = (bench: Bench): void => {
  dials(bench);
  bench.step({ type: 'not-opened', line: lineOf(bench), status: 404, code: 'call_id_not_found', message: 'no call' });
};
/** The control line that is live is lost. */
const loses = (bench: Bench): void => void bench.step({ type: 'gone', line: lineOf(bench), code: null, reason: '' });
const message = (text: string): object => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

describe('a control line that is lost', () => {
  it('is dialled again, asked what stands at the call, and takes over', () => {
    const bench = onCall();
    loses(bench);
    opens(bench);
    expect(beside(bench)).toMatchObject([{ type: 'session.update', session: { type: 'realtime' } }]);
    brings(bench, echo, echo);
    expect([kinds(bench), stateOf(bench.session, bench.now).epoch]).toEqual([['away', 'back'], 2]);
  });

  it.each<
    [string, () => Bench, (bench: Bench) => void, Partial<Bench['session']['is']>, Partial<Bench['session']['is']>]
  >([
    [
      'an update in flight: it is sent no more, and whoever asked is told',
      () => onCall(),
      (bench) => bench.asksToConfigure({ instructions: 'Sing.' }),
      { configuration: 'asking' },
      { configuration: 'restoring' },
    ],
    [
      'an update in doubt',
      () => onCall(),
      (bench) => {
        bench.asksToConfigure({ instructions: 'Sing.' });
        bench.reads(refusal('unknown_parameter', null));
      },
      { configuration: 'doubtful' },
      { configuration: 'restoring' },
    ],
    [
      'the wait for a transcript, which may have been missed',
      () => onCall({ turnEnds: 'transcribed' }),
      (bench) => bench.reads(...turn()),
      { transcript: 'awaited' },
      { transcript: 'unawaited' },
    ],
    [
      'the sign of life that it was asked for',
      () => onCall({ limits: { silentMs: 45_000 } }),
      (bench) => bench.waits(45_000),
      { line: 'asked' },
      { line: 'heard' },
    ],
    [
      'what it had not sent yet',
      () => onCall(),
      (bench) => bench.step({ type: 'backlog', is: 'over' }),
      { backlog: 'over' },
      { backlog: 'under' },
    ],
  ])('takes with it %s', (_, made, begins, before, after) => {
    const bench = made();
    begins(bench);
    expect(bench.session.is).toMatchObject(before);
    loses(bench);
    expect(bench.session.is).toMatchObject({ connection: 'away', ...after });
  });

  it.each([1000, 1005])('that the server closed in good order, by %s, is a caller who hung up', (code) => {
    const bench = onCall();
    bench.loses(code);
    expect([bench.ending, bench.commanded]).toEqual([{ kind: 'caller-hung-up' }, []]);
  });

  it('is not dialled again once the call has reached its age', () => {
    const closed = onCall();
    closed.loses(1001);
    const told = onCall();
    told.reads(refusal('session_expired', null));
    told.loses();
    expect([closed.ending, told.ending]).toEqual([{ kind: 'expired' }, { kind: 'expired' }]);
  });

  it('of a call that is not found three times in a row is one of a call that has ended', () => {
    const bench = onCall();
    loses(bench);
    isMissed(bench);
    isMissed(bench);
    expect(kinds(bench)).toEqual(['away']);
    isMissed(bench);
    expect([bench.ending, bench.commanded.filter((each) => each === 'dial')]).toEqual([
      { kind: 'caller-hung-up' },
      ['dial', 'dial', 'dial'],
    ]);
    expect(bench.notices.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('counts anew how often the call was not found, at each loss', () => {
    const bench = onCall({}, { attempts: 10 });
    for (const _ of [1, 2]) {
      loses(bench);
      isMissed(bench);
      isMissed(bench);
      rejoins(bench);
    }
    expect(kinds(bench)).toEqual(['away', 'back', 'away', 'back']);
  });

  it('of the session’s own is none of this: 404 is final, and opening asks nothing', () => {
    const bench = lasting();
    loses(bench);
    opens(bench);
    expect(beside(bench)).toEqual([]);
    isMissed(bench);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });

  it('hears an opening once, and of the line that was dialled', () => {
    const bench = onCall();
    loses(bench);
    opens(bench);
    bench.step({ type: 'opened', line: lineOf(bench) });
    bench.step({ type: 'opened', line: 1 });
    expect(beside(bench)).toHaveLength(1);
  });
});

describe('what stands at the call', () => {
  it('where another party has changed it, is what had been confirmed once it has been sent', () => {
    const bench = onCall();
    loses(bench);
    opens(bench);
    brings(bench, another);
    expect(beside(bench).at(-1)).toMatchObject({ session: { instructions: 'Be brief.' } });
    brings(bench, echo, echo);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('that is confirmed otherwise again and again ends the session', () => {
    const bench = onCall();
    loses(bench);
    opens(bench);
    brings(bench, another, another);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });
});

describe('nothing is told again', () => {
  it('of what the call has: no words, no note', () => {
    const bench = onCall({}, { history: 'asked' });
    hears(bench, 'item_1', 'A room, please.');
    loses(bench);
    rejoins(bench);
    expect([told(bench), kinds(bench)]).toEqual([[], ['away', 'back']]);
    loses(bench);
    rejoins(bench);
    expect(told(bench)).toEqual([]);
  });

  it('but what was sent while the line was away, and what had not been added', () => {
    const bench = onCall();
    bench.sends('item_1', message('One.'));
    bench.sends('item_2', message('Two.'));
    bench.reads(itemAdded('item_1'));
    loses(bench);
    const item = { id: 'item_3', ...message('Three.') };
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item } });
    rejoins(bench);
    expect(told(bench)).toEqual(['user: Two.', 'user: Three.']);
  });

  it('again at each attempt, until a line has it; where it had arrived, that is no fault', () => {
    const bench = onCall();
    bench.sends('item_2', message('Two.'));
    loses(bench);
    opens(bench);
    brings(bench, echo);
    bench.step({ type: 'gone', line: lineOf(bench), code: 1006, reason: '' });
    opens(bench);
    brings(bench, echo, refusal('item_create_duplicate_item_id', null), echo);
    expect([told(bench), kinds(bench)]).toEqual([
      ['user: Two.', 'user: Two.'],
      ['away', 'back'],
    ]);
    expect(bench.notices.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('of a call that the server has: its output follows alone, whether given away or on its way', () => {
    for (const when of ['away', 'on its way']) {
      const bench = onCall({ tools: toolSet(['find']) });
      bench.reads(created('resp_1'), call('resp_1', 'call_1', 'find', { id: 'item_call' }), done('resp_1'));
      if (when === 'on its way') bench.returns('call_1', { output: '1' });
      loses(bench);
      if (when === 'away') bench.returns('call_1', { output: '1' });
      rejoins(bench);
      expect([when, told(bench)]).toEqual([when, ['function_call_output: 1']]);
    }
  });
});

describe('the slot of a call whose line is back', () => {
  const back = (detection: Detection = 'off'): Bench => {
    const bench = onCall({ detection });
    loses(bench);
    rejoins(bench, sessionUpdated(sessionWith(detection)));
    return bench;
  };
  const isUntold = (bench: Bench): boolean => stateOf(bench.session, bench.now).automatic === 'untold';

  it('counts as taken until the limit, which is no fault', () => {
    const bench = back();
    expect([isUntold(bench), bench.shut]).toEqual([true, ['response-imminent']]);
    bench.waits(dueAt(bench.session) - bench.now);
    expect([bench.shut, bench.notices.filter(({ kind }) => kind === 'fault')]).toEqual([[], []]);
  });

  it('is known once a response is told of: it holds the slot until it ends', () => {
    const bench = back();
    const on = (event: Parameters<typeof brings>[1]): void => brings(bench, event);
    on({ type: 'response.output_audio_transcript.delta', response_id: 'resp_9', item_id: 'item_9', delta: 'So' });
    bench.waits(10_000);
    expect(bench.shut).toContain('response-active');
    on(done('resp_9'));
    expect(bench.shut).toEqual([]);
  });

  it.each<[string, ServerEvent, string]>([
    ['a turn ends: the server is about to answer it', speechStopped('item_9'), 'imminent'],
    ['a pause has lasted: the server is about to go on', timeoutTriggered('item_9'), 'imminent'],
    ['an answer of the server’s own is created', created('resp_9'), 'quiet'],
  ])('is known once %s', (_, event, then) => {
    const bench = back('automatic');
    brings(bench, event);
    expect(stateOf(bench.session, bench.now).automatic).toBe(then);
  });

  it('is known once a turn is committed that the server answers only since it ended', () => {
    const bench = back('off');
    brings(bench, speechStopped('item_9'), sessionUpdated(sessionWith('automatic')));
    expect(isUntold(bench)).toBe(true);
    brings(bench, committed('item_9'));
    expect(stateOf(bench.session, bench.now).automatic).toBe('imminent');
  });

  it('is known once a create that was out conflicts with an answer that it does not name', () => {
    const bench = onCall();
    bench.asks('talk');
    loses(bench);
    rejoins(bench);
    brings(bench, refusal(CONFLICT, String(bench.creations[0]?.['event_id'])));
    expect(stateOf(bench.session, bench.now).automatic).toBe('imminent');
  });

  it('is unknown again after another loss', () => {
    const bench = back();
    loses(bench);
    expect(isUntold(bench)).toBe(false);
    rejoins(bench);
    expect(isUntold(bench)).toBe(true);
  });
});

describe('what lives on at the call while its line is away', () => {
  const notices = (bench: Bench, kind: string): readonly unknown[] =>
    bench.notices.filter((each) => each.kind === kind);
  const spoken = (bench: Bench): readonly string[] =>
    bench.notices.flatMap((notice) => (notice.kind === 'ended' ? [notice.outcome.status] : []));
  const away = (bench: Bench): void => {
    loses(bench);
    expect(spoken(bench)).toEqual([]);
    rejoins(bench);
  };

  it('is a response: it ends as it ends', () => {
    const bench = onCall();
    bench.asks('reply');
    bench.creates('resp_1');
    away(bench);
    expect(bench.shut).toEqual(['response-imminent', 'response-active']);
    brings(bench, done('resp_1'));
    expect([spoken(bench), notices(bench, 'created').length, bench.shut]).toEqual([['completed'], 1, []]);
  });

  it('is a response that was asked for, whether or not it has been created: until its limit', () => {
    for (const reached of [true, false]) {
      const bench = onCall();
      bench.asks('reply');
      const mine = created('resp_1', { metadata: bench.lastCreate.metadata });
      away(bench);
      if (reached) brings(bench, mine, done('resp_1'));
      else bench.waits(10_000);
      expect([reached, spoken(bench)]).toEqual([reached, [reached ? 'completed' : 'unsent']]);
    }
  });

  it('is a response whose end nobody has read: until its limit', () => {
    const bench = onCall();
    bench.reads(created('resp_1'));
    away(bench);
    bench.waits(60_000);
    expect(spoken(bench)).toEqual(['lost']);
  });

  it('is cancelled once the line is back', () => {
    const bench = onCall();
    bench.reads(created('resp_1'));
    loses(bench);
    bench.step({ type: 'interrupt' });
    expect(bench.written).toEqual([]);
    rejoins(bench);
    expect(bench.written).toMatchObject([{ type: 'response.cancel', response_id: 'resp_1' }]);
  });

  it('is what the caller hears of it', () => {
    const bench = onCall();
    bench.reads(created('resp_1'), { type: 'output_audio_buffer.started', response_id: 'resp_1' }, done('resp_1'));
    loses(bench);
    expect(notices(bench, 'heard')).toEqual([]);
    rejoins(bench);
    brings(bench, { type: 'output_audio_buffer.stopped', response_id: 'resp_1' });
    expect(notices(bench, 'heard')).toMatchObject([{ how: 'heard' }]);
  });

  it('is not the caller’s turn, as the server had heard it: its end may have been missed', () => {
    const bench = onCall({ detection: 'automatic' });
    bench.reads({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    loses(bench);
    opens(bench);
    brings(bench, sessionUpdated(sessionWith('automatic')), sessionUpdated(sessionWith('automatic')));
    expect(bench.shut).toEqual(['response-imminent']);
  });
});
