import { describe, expect, it } from 'vitest';
import { stateOf, type ServerEvent } from '../../src/machine/index.js';
import {
  audioDelta,
  call,
  created,
  done,
  failed,
  given,
  inWords as inText,
  itemAdded,
  refusal,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  toolSet,
  transcribed,
  transcriptionFailed,
  turn,
  type Bench,
} from './bench.js';
import {
  beside,
  brings,
  bringsBy,
  configures,
  dials,
  greeted,
  hears,
  HOUR,
  inWords,
  kinds,
  lasting,
  lineOf,
  nears,
  noteIn,
  returns,
  rotating,
  says,
  stands,
  told,
} from './lines.js';
import { policies } from '../laws/plots.js';

const QUIET = 700;
const stateIn = (bench: Bench): string => {
  const { connection, restore, epoch } = stateOf(bench.session, bench.now);
  return `${connection} ${restore} ${epoch}`;
};
const refusedBy = (bench: Bench, status: number | null, code: string | null = null): void =>
  void bench.step({ type: 'not-opened', line: lineOf(bench), status, code, message: 'no' });
const losesNext = (bench: Bench, code: number | null = 1006): void =>
  void bench.step({ type: 'gone', line: lineOf(bench), code, reason: '' });
const ends = (id: string): ServerEvent => done(id, 'completed', inText);
const leftMs = (bench: Bench): number => bench.session.rotation.expiresAt - bench.now;
/** Waits until so long before the end. */
const waitsUntil = (bench: Bench, beforeEnd: number): void => bench.waits(leftMs(bench) - beforeEnd);
const message = { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'It rains.' }] };
const transcription = { model: 'gpt-4o-transcribe' };
const heard = (): Record<string, unknown> => ({
  instructions: 'Be brief.',
  audio: { input: { turn_detection: null, transcription } },
});

describe('a line that is near its end', () => {
  it('has another made ready beside it, and goes on meanwhile', () => {
    const bench = rotating();
    nears(bench);
    expect(leftMs(bench)).toBeGreaterThan(330_000);
    expect(leftMs(bench)).toBeLessThanOrEqual(600_000);
    const talk = bench.speaks('talk', 'resp_1');
    returns(bench);
    expect([stateIn(bench), talk.outcome, kinds(bench)]).toEqual(['open ready 1', 'open', []]);
    bench.reads(done('resp_1'));
    expect(talk.outcome).toBe('completed');
  });

  it('is replaced once it has been quiet for 700 ms: the program is told that, and of no loss', () => {
    const bench = rotating();
    stands(bench);
    bench.turns('begins');
    bench.turns('ends');
    bench.waits(QUIET - 1);
    expect(kinds(bench)).toEqual([]);
    bench.waits(1);
    expect([kinds(bench), stateIn(bench)]).toEqual([['rotated'], 'open none 2']);
    const asked = bench.asks('offer');
    expect([asked.verdict, bench.records.at(-1)?.epoch, bench.faults]).toEqual(['admit', 2, []]);
  });

  it('is left in one step, in which nothing is settled as lost', () => {
    const bench = rotating();
    stands(bench);
    bench.forget();
    bench.waits(QUIET);
    expect(bench.notices).toEqual([{ kind: 'rotated', epoch: 2 }]);
    expect([bench.written, bench.commands]).toEqual([[], []]);
  });

  it('ends when the server says, by the clock of this machine', () => {
    const bench = given({ unixMsAtZero: 1_790_000_000_000 });
    bench.reads(sessionUpdated({ ...sessionWith('off'), expires_at: 1_790_000_000 + 1_200 }));
    bench.waits(1_200_000 - bench.session.rules.limits.expiringMs);
    expect(kinds(bench)).toEqual(['expiring']);
  });

  it.each([
    ['nothing', undefined],
    ['an end that has passed', 1_700_000_000],
    ['more than an hour', 1_790_010_000],
  ])('ends an hour after it was opened, where the server says %s', (_, expires) => {
    const bench = given({ unixMsAtZero: 1_790_000_000_000 });
    bench.reads(sessionUpdated({ ...sessionWith('off'), expires_at: expires }));
    expect(bench.due).toBe(HOUR - bench.session.rules.limits.expiringMs);
  });

  it('is replaced no sooner than half way, however short its life is', () => {
    const bench = rotating({ unixMsAtZero: 0 });
    bench.reads(sessionUpdated({ ...sessionWith('off'), expires_at: 300 }));
    nears(bench);
    expect(bench.now).toBe(150_000);
  });

  it('is replaced at a time of its own, by the seed and by the line', () => {
    const times = [1, 2, 3].map((seed) => {
      const bench = rotating({}, { seed });
      nears(bench);
      return bench.now;
    });
    expect(new Set(times).size).toBe(3);
  });

  it('has the next one’s end to go by once that has taken over', () => {
    const bench = rotating();
    for (let epoch = 2; epoch <= 4; epoch++) {
      stands(bench);
      bench.waits(QUIET);
      expect(stateIn(bench)).toBe(`open none ${epoch}`);
    }
    expect(bench.now).toBeGreaterThan(2 * HOUR);
    expect(kinds(bench)).toEqual(['rotated', 'rotated', 'rotated']);
  });
});

describe('the note', () => {
  it('says nothing of a lost connection, where none was lost', () => {
    const bench = rotating();
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello.', ms: 100 });
    bench.reads(done('resp_1'));
    stands(bench);
    expect(noteIn(bench)).toBe(
      'This is the same call. What was said before has been told to you again. Do not greet again, and do not mention this; go on in the same language.',
    );
  });
});

describe('it is not quiet while', () => {
  const reasons: readonly (readonly [string, (bench: Bench) => void, (bench: Bench) => void])[] = [
    ['the caller speaks', (bench) => bench.reads(speechStarted()), (bench) => bench.reads(...turn())],
    ['the button is held', (bench) => bench.turns('begins'), (bench) => bench.turns('ends')],
    ['a response is open', (bench) => bench.speaks('talk', 'resp_1'), (bench) => bench.reads(ends('resp_1'))],
    [
      'a response beside the conversation is open',
      (bench) => bench.speaks('sum', 'resp_1', { params: { conversation: 'none' } }),
      (bench) => bench.reads(done('resp_1', 'completed', { conversation_id: null })),
    ],
    [
      'a create is out',
      (bench) => bench.asks('talk'),
      (bench) => [bench.creates('resp_1'), bench.reads(ends('resp_1'))],
    ],
    [
      'a tool runs',
      (bench) => bench.reads(created('resp_1'), call('resp_1', 'call_1'), done('resp_1')),
      (bench) => [
        bench.returns('call_1', { reply: 'silent' }),
        bench.reads(itemAdded(bench.lastOutput.itemId, { type: 'function_call_output', call_id: 'call_1' })),
      ],
    ],
    ['an item is on its way', (bench) => bench.sends('item_1', message), (bench) => bench.reads(itemAdded('item_1'))],
    [
      'an update is in flight',
      (bench) => bench.asksToConfigure({ instructions: 'Hm.' }),
      (bench) => bench.reads(sessionUpdated({ ...sessionWith('off'), instructions: 'Hm.' })),
    ],
  ];

  it.each(reasons)('%s, and is once that is over', (_, begins, over) => {
    const bench = rotating({ tools: toolSet(['look']) });
    stands(bench);
    bench.waits(300);
    begins(bench);
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
    over(bench);
    settles(bench);
    bench.waits(QUIET);
    expect([kinds(bench), bench.faults]).toEqual([['rotated'], []]);
  });

  /** The next line confirms whatever it is asked for. */
  function settles(bench: Bench): void {
    const { confirmed } = bench.session.configuration;
    while (bench.session.restore.unconfirmed > 0) brings(bench, sessionUpdated(confirmed));
  }

  it('a request waits', () => {
    let isShut = true;
    const bench = rotating({ guards: [{ name: 'mood', kind: 'transient', shut: () => isShut }] });
    stands(bench);
    bench.asks('talk');
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
    isShut = false;
    bench.step({ type: 'reconsider' });
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('the server is about to answer', () => {
    const bench = rotating({ detection: 'automatic', limits: { imminentMs: 5_000 } });
    stands(bench, 'automatic');
    bench.reads(...turn());
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
  });

  it('a turn has ended and is not committed', () => {
    const bench = rotating({ detection: 'quiet' });
    stands(bench, 'quiet');
    bench.reads(speechStarted(), speechStopped());
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
  });

  it('sound is still heard', () => {
    const bench = rotating();
    stands(bench);
    bench.reads(created('resp_1'), audioDelta('resp_1', 5_000), done('resp_1'));
    bench.waits(5_600);
    expect(kinds(bench)).toEqual([]);
    bench.waits(100);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('a hang-up is pending', () => {
    const bench = rotating({ endsCall: 'yes' });
    stands(bench);
    bench.hangsUp({ farewell: null });
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
  });

  it('a retry waits for its time', () => {
    const policy = { ...policies.gentle!, 'server-error': { ...policies.gentle!['server-error'], backoffMs: 5_000 } };
    const bench = rotating({ recovery: policy });
    stands(bench);
    bench.reads(created('resp_1'), failed('resp_1', 'server_error'));
    bench.waits(900);
    expect(kinds(bench)).toEqual([]);
  });

  it('the caller’s last words are not transcribed, as long as that may take', () => {
    const bench = rotating();
    bench.reads(sessionUpdated(heard()));
    stands(bench);
    hears(bench, 'item_1');
    bench.waits(1_799);
    expect(told(bench)).toEqual([]);
    bench.waits(1);
    expect(told(bench)).toEqual(['the note', 'user: (inaudible)']);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(QUIET - 1);
    expect(kinds(bench)).toEqual([]);
    bench.waits(1);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it.each([
    ['came', () => ({ ...transcribed('item_1'), transcript: 'A room.' }), 'user: A room.'],
    ['failed', () => transcriptionFailed('item_1'), 'user: (inaudible)'],
  ])('the transcript is awaited, but not once it %s', (_, frame, words) => {
    const bench = rotating();
    bench.reads(sessionUpdated(heard()));
    stands(bench);
    hears(bench, 'item_1');
    expect(told(bench)).toEqual([]);
    bench.reads(frame());
    expect(told(bench)).toEqual(['the note', words]);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });
});

describe('in the last minute', () => {
  /** The next line is ready, shortly before the last minute, and the button is held. */
  const busy = (options: Parameters<typeof rotating>[0] = {}): Bench => {
    const bench = rotating({ ...options, limits: { turnMs: HOUR, ...options.limits } });
    nears(bench);
    bench.turns('begins');
    returns(bench);
    waitsUntil(bench, 60_100);
    return bench;
  };

  it('what runs, waits, is heard or is on its way is not waited for, and goes on', () => {
    const bench = busy({ tools: toolSet(['look']), playback: 'waits' });
    bench.reads(created('resp_1'), audioDelta('resp_1', 90_000), call('resp_1', 'call_1'), done('resp_1'));
    bench.sends('item_1', message);
    const asked = bench.asks('talk', { holdForMs: 200_000 });
    bench.turns('ends');
    bench.waits(100);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(QUIET);
    expect([kinds(bench), asked.outcome]).toEqual([['rotated'], 'open']);
    bench.returns('call_1', { reply: 'silent' });
    bench.waits(90_000);
    expect([bench.created, bench.heardOf('resp_1'), bench.outputs.length]).toEqual([['talk'], 'heard', 1]);
  });

  it('what is being said, and the caller, are', () => {
    for (const keeps of [speechStarted(), created('resp_1')]) {
      const bench = busy();
      bench.reads(keeps);
      bench.turns('ends');
      waitsUntil(bench, 10_000);
      expect(kinds(bench)).toEqual([]);
    }
  });

  it('nothing is waited for any more five seconds before the end: the line is lost, and the next one is there', () => {
    const bench = rotating();
    stands(bench);
    const story = bench.speaks('story', 'resp_1');
    for (let alive = 0; leftMs(bench) > 60_000; alive++) {
      bench.reads({ type: 'response.output_text.delta', response_id: 'resp_1', delta: 'and ' });
      bench.waits(50_000);
    }
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_1', delta: 'and ' });
    waitsUntil(bench, 5_001);
    expect([kinds(bench), story.outcome]).toEqual([[], 'open']);
    bench.waits(1);
    expect([kinds(bench), story.outcome, stateIn(bench)]).toEqual([['away', 'back'], 'lost', 'open none 2']);
    expect(bench.commands).toContainEqual({ do: 'shut', line: 1 });
  });

  it('a line is not left for one that is not ready; but as soon as that is, in the last five seconds', () => {
    const bench = rotating({}, { rotate: { beforeMs: 4_500, latestMs: 4_000 } });
    nears(bench);
    bench.reads(created('resp_1'));
    configures(bench);
    bench.waits(1_000);
    expect([kinds(bench), stateIn(bench)]).toEqual([[], 'open telling 1']);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(0);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('a line is not left early where the server serves nobody here any more', () => {
    const bench = busy();
    bench.reads(refusal('insufficient_quota', null));
    bench.waits(leftMs(bench) - 1);
    bench.step({ type: 'tick' });
    expect(kinds(bench)).toEqual([]);
  });

  it('an update in flight is lost with the line, as at any loss', () => {
    const bench = busy({ limits: { confirmMs: 100_000 } });
    const update = bench.asksToConfigure({ instructions: 'Hm.' });
    bench.turns('ends');
    bench.waits(100);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(QUIET);
    expect([kinds(bench), bench.confirmations]).toEqual([['rotated'], [`${update} lost`]]);
  });
});

describe('a live line that is lost while the next one', () => {
  const stages: readonly (readonly [string, (bench: Bench) => void])[] = [
    ['waits', () => undefined],
    ['is dialled', (bench) => void dials(bench)],
    ['is configured', (bench) => [dials(bench), brings(bench, greeted)]],
    ['is told', (bench) => configures(bench)],
    ['is ready', (bench) => returns(bench)],
  ];

  it.each(stages)('%s is replaced by it', (stage, reaches) => {
    const bench = rotating();
    nears(bench);
    reaches(bench);
    const before = lineOf(bench);
    bench.loses();
    if (stage === 'waits') dials(bench);
    const steps = [greeted, sessionUpdated(sessionWith('off')), sessionUpdated(sessionWith('off'))];
    for (const event of steps) brings(bench, event);
    expect([kinds(bench), stateIn(bench)]).toEqual([['away', 'back'], 'open none 2']);
    expect(lineOf(bench)).toBe(stage === 'waits' ? before + 1 : 2);
  });

  it('is ready is replaced at once, in the same step', () => {
    const bench = rotating();
    stands(bench);
    bench.loses();
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is ready is replaced once what has been said since has been told', () => {
    const bench = rotating();
    bench.reads(created('resp_1'));
    stands(bench);
    says(bench, { text: 'Hello.', ms: 100 });
    bench.loses();
    expect([stateIn(bench), told(bench)]).toEqual(['away telling 1', ['assistant: Hello.', 'the note']]);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is told is replaced once it has been told the rest', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    nears(bench);
    configures(bench);
    bench.loses();
    bench.sends('item_2', message);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect([kinds(bench), told(bench).slice(2)]).toEqual([['away'], ['system: It rains.']]);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is ready ends the session where it was closed for good, and both lines with it', () => {
    const bench = rotating();
    stands(bench);
    bench.loses(1008);
    expect([kinds(bench), stateIn(bench)]).toEqual([['closed'], 'closed none 1']);
    expect(bench.commands).toContainEqual({ do: 'shut', line: 2 });
  });
});

describe('a next line that is lost beside the live one', () => {
  const stages: readonly (readonly [string, (bench: Bench) => void])[] = [
    ['while it is dialled', () => undefined],
    ['while it is configured', (bench) => brings(bench, greeted)],
    ['while it is told', (bench) => configures(bench)],
    ['while it is ready', (bench) => returns(bench)],
  ];

  it.each(stages)('%s is dialled again, and the live one goes on', (_, reaches) => {
    const bench = rotating();
    nears(bench);
    if (lineOf(bench) === 1) dials(bench);
    // What is being said keeps it from moving meanwhile.
    bench.reads(created('resp_1'));
    if (_ === 'while it is told' || _ === 'while it is ready') {
      brings(bench, greeted, sessionUpdated(sessionWith('off')));
      if (_ === 'while it is ready') brings(bench, sessionUpdated(sessionWith('off')));
    } else reaches(bench);
    losesNext(bench);
    expect([stateIn(bench), kinds(bench)]).toEqual(['open waiting 1', []]);
    bench.reads(ends('resp_1'));
    returns(bench);
    bench.waits(QUIET);
    expect([kinds(bench), lineOf(bench), bench.faults]).toEqual([['rotated'], 3, []]);
  });

  it('is not tried for ever: the operator is told, and it is tried anew half way to the last minute', () => {
    const bench = rotating({}, { attempts: 2 });
    nears(bench);
    for (let attempt = 0; attempt < 2; attempt++) {
      dials(bench);
      refusedBy(bench, 503);
    }
    expect(stateIn(bench)).toBe('open none 1');
    expect(bench.faults).toEqual(['The session could not be moved to another connection before this one ends: no.']);
    const before = leftMs(bench);
    bench.waits(60_000);
    nears(bench);
    expect(leftMs(bench) - 60_000).toBeCloseTo((before - 60_000) / 2, 0);
    stands(bench);
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('is not tried anew shortly before the last minute; the end is a loss, and the next comes then', () => {
    const bench = rotating({}, { attempts: 1, rotate: { beforeMs: 70_000, latestMs: 60_000 } });
    nears(bench);
    dials(bench);
    refusedBy(bench, 503);
    bench.waits(leftMs(bench) - 1);
    expect([kinds(bench), lineOf(bench)]).toEqual([[], 2]);
    bench.reads(refusal('session_expired', null));
    returns(bench);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is not tried anew where that would be in vain', () => {
    const bench = rotating();
    nears(bench);
    dials(bench);
    refusedBy(bench, 403);
    bench.waits(leftMs(bench) - 1);
    expect([lineOf(bench), bench.faults.length, kinds(bench)]).toEqual([2, 1, []]);
  });

  it('that confirms something else twice is not tried anew, and the session lives on', () => {
    const bench = rotating();
    nears(bench);
    for (let attempt = 0; attempt < 2; attempt++) {
      dials(bench);
      brings(bench, greeted, sessionUpdated({ instructions: 'Sell.' }));
    }
    expect([stateIn(bench), kinds(bench)]).toEqual(['open none 1', []]);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['while it was told', (bench) => (nears(bench), configures(bench))],
    ['when it was ready', stands],
  ])('that is lost %s, with all attempts used up, is not tried for again', (_, comes) => {
    const bench = rotating({}, { inAll: 1 });
    comes(bench);
    losesNext(bench);
    expect([stateIn(bench), bench.session.is.rotation]).toEqual(['open none 1', 'early']);
    expect(bench.faults).toEqual([
      'The session could not be moved to another connection before this one ends: the line was closed with 1006.',
    ]);
  });

  it('is not dialled at all where the session has used up its attempts', () => {
    const bench = rotating({}, { inAll: 1 });
    bench.loses();
    returns(bench);
    bench.waits(HOUR - 1_000);
    expect([stateIn(bench), lineOf(bench)]).toEqual(['open none 2', 2]);
    expect(bench.faults).toEqual([
      'The session could not be moved to another connection before this one ends: too often.',
    ]);
  });
});

describe('a server that takes no second line beside the first', () => {
  it.each<[string, (bench: Bench) => void]>([
    ['at the upgrade', (bench) => refusedBy(bench, 429)],
    ['once it is open', (bench) => brings(bench, refusal('rate_limit_exceeded', null))],
    ['when it is configured', (bench) => brings(bench, greeted, refusal('rate_limit_exceeded', null))],
    ['when it is told', (bench) => [configures(bench), brings(bench, refusal('rate_limit_exceeded', null))]],
    ['when it is ready', (bench) => [returns(bench), brings(bench, refusal('rate_limit_exceeded', null))]],
  ])('is left in the last minute as soon as it is quiet, and dialled then: refused %s', (_, refuses) => {
    const bench = rotating();
    nears(bench);
    if (_ === 'when it is told' || _ === 'when it is ready') refuses(bench);
    else {
      dials(bench);
      refuses(bench);
    }
    expect([stateIn(bench), kinds(bench)]).toEqual(['open none 1', []]);
    waitsUntil(bench, 60_000);
    expect(kinds(bench)).toEqual(['away']);
    expect(bench.commands).toContainEqual({ do: 'shut', line: 1 });
    returns(bench);
    expect([kinds(bench), lineOf(bench)]).toEqual([['away', 'back'], 3]);
  });

  it('is not left while somebody speaks: then its end is a loss', () => {
    const bench = rotating({ limits: { turnMs: HOUR } });
    nears(bench);
    dials(bench);
    refusedBy(bench, 429);
    bench.reads(speechStarted());
    waitsUntil(bench, 100);
    expect(kinds(bench)).toEqual([]);
    bench.loses(1001);
    returns(bench);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });
});

describe('a next line that has been ready for long', () => {
  const old = (): Bench => {
    const bench = rotating();
    nears(bench);
    bench.turns('begins');
    returns(bench);
    bench.waits(10_000);
    bench.turns('ends');
    return bench;
  };

  it('is asked whether it lives before it takes over', () => {
    const bench = old();
    bench.waits(QUIET);
    expect([kinds(bench), stateIn(bench)]).toEqual([[], 'open telling 1']);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(0);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('is dialled anew where it does not', () => {
    const bench = old();
    bench.waits(5_000);
    expect([kinds(bench), stateIn(bench)]).toEqual([[], 'open waiting 1']);
    returns(bench);
    bench.waits(0);
    expect(kinds(bench)).toEqual(['rotated']);
  });
});

describe('what is new while the next line is ready', () => {
  it('is told as soon as it is quiet, and the note is not told again', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    stands(bench);
    const before = bench.commands.length;
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello there.', ms: 400 });
    bench.reads(done('resp_1'));
    expect(told(bench, before)).toEqual([]);
    bench.waits(400);
    expect([told(bench, before), stateIn(bench)]).toEqual([['assistant: Hello there.'], 'open telling 1']);
    bench.waits(2_000);
    expect([kinds(bench), stateIn(bench)]).toEqual([[], 'open telling 1']);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(1);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('is told in its place, where it was put before something that has been told', () => {
    const bench = rotating();
    // Nothing of it is told.
    bench.reads(created('resp_0'));
    says(bench, { response: 'resp_0' });
    bench.reads(ends('resp_0'));
    for (const id of ['item_1', 'item_2']) {
      bench.sends(id, message);
      bench.reads(itemAdded(id));
    }
    stands(bench);
    const before = bench.commands.length;
    bench.step({
      type: 'send',
      event: { type: 'conversation.item.create', previous_item_id: 'item_1', item: { id: 'item_3', ...message } },
    });
    bench.reads(itemAdded('item_3'));
    const [frame] = bench.commands.slice(before).flatMap((each) => (each.do === 'write' ? [each.frame] : []));
    expect(frame).toMatchObject({ previous_item_id: 'item_1', item: { id: 'item_3' } });
  });

  it('is deleted there, where it is deleted', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    stands(bench);
    bench.step({ type: 'send', event: { type: 'conversation.item.delete', item_id: 'item_1' } });
    expect(beside(bench).flatMap(inWords).at(-1)).toBe('delete item_1');
    bench.step({ type: 'send', event: { type: 'conversation.item.delete', item_id: 'item_unknown' } });
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('is told again where it is made again by the same id', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'), { type: 'conversation.item.deleted', item_id: 'item_1' });
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    stands(bench);
    expect(told(bench)).toEqual(['system: It rains.', 'the note']);
  });

  it('leaves what is still being said for later', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    nears(bench);
    bench.reads(created('resp_1'));
    says(bench, { text: 'Once upon a', ms: 400, whole: false });
    configures(bench);
    expect(told(bench)).toEqual(['system: It rains.', 'the note']);
  });

  it.each(['configuring', 'telling', 'ready'])(
    'is confirmed there too, where a configuration is new while it is %s',
    (stage) => {
      const bench = rotating();
      nears(bench);
      dials(bench);
      brings(bench, greeted);
      if (stage !== 'configuring') brings(bench, sessionUpdated(sessionWith('off')));
      if (stage === 'ready') brings(bench, sessionUpdated(sessionWith('off')));
      const whole = { ...sessionWith('off'), instructions: 'Hm.' };
      bench.asksToConfigure({ instructions: 'Hm.' });
      bench.reads(sessionUpdated(whole));
      expect(beside(bench).at(-1)).toMatchObject({ type: 'session.update', session: { instructions: 'Hm.' } });
      // What had been asked before is confirmed first, and says nothing.
      if (stage !== 'ready') brings(bench, sessionUpdated(sessionWith('off')));
      expect(stateIn(bench)).toBe('open configuring 1');
      brings(bench, sessionUpdated(whole), sessionUpdated(whole));
      bench.waits(QUIET);
      expect(kinds(bench)).toEqual(['rotated']);
      const other = rotating();
      expect(kinds(other)).toEqual([]);
    },
  );
});

describe('a program that tells the conversation otherwise', () => {
  const asked = (): Bench => {
    const bench = rotating({}, { history: 'asked' });
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    nears(bench);
    configures(bench);
    return bench;
  };
  const gives = (bench: Bench): void => {
    const items = [{ ...message, id: 'item_9', content: [{ type: 'input_text', text: 'It snows.' }] }];
    bench.step({ type: 'history', line: lineOf(bench), items, threw: null });
  };

  it('does so once for the line that is made ready; what follows is told as it is', () => {
    const bench = asked();
    expect(stateIn(bench)).toBe('open asking 1');
    gives(bench);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.sends('item_2', message);
    bench.reads(itemAdded('item_2'));
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(told(bench)).toEqual(['system: It snows.', 'system: It rains.']);
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('has its second, also where a configuration is confirmed meanwhile', () => {
    const bench = asked();
    const whole = { ...sessionWith('off'), instructions: 'Hm.' };
    bench.waits(500);
    bench.asksToConfigure({ instructions: 'Hm.' });
    bench.reads(sessionUpdated(whole));
    brings(bench, sessionUpdated(whole));
    expect(stateIn(bench)).toBe('open asking 1');
    bench.waits(500);
    expect(stateIn(bench)).toBe('open telling 1');
    brings(bench, sessionUpdated(whole));
    bench.waits(QUIET);
    expect(kinds(bench)).toEqual(['rotated']);
  });

  it('changes nothing that it has told, where it is deleted', () => {
    const bench = asked();
    gives(bench);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.step({ type: 'send', event: { type: 'conversation.item.delete', item_id: 'item_1' } });
    expect(told(bench)).toEqual(['system: It snows.']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['closed', (bench) => bench.closes()],
    ['lost for good', (bench) => bench.loses(1008)],
    ['crowded out', (bench) => refusedBy(bench, 429)],
    ['refused', (bench) => refusedBy(bench, 403)],
  ])('is not waited for any more once the session, or the line, is %s', (_, ends) => {
    const bench = asked();
    ends(bench);
    expect(bench.session.is.restore).toBe('none');
    gives(bench);
    expect(told(bench)).toEqual([]);
  });
});

describe('the line that was live before', () => {
  const moved = (options: Parameters<typeof rotating>[0] = {}): Bench => {
    const bench = rotating(options);
    stands(bench, options.detection);
    bench.turns('begins');
    bench.turns('ends');
    bench.waits(QUIET);
    bench.forget();
    return bench;
  };

  it('1: has an answer of its own cancelled, which nobody hears', () => {
    const bench = moved({ detection: 'automatic' });
    bringsBy(bench, 1, ...turn('item_1'), created('resp_1'), audioDelta('resp_1', 500), { type: 'response.created' });
    expect(bench.notices).toEqual([]);
    expect(bench.commands[0]).toEqual({
      do: 'write',
      line: 1,
      frame: { type: 'response.cancel', response_id: 'resp_1' },
    });
    expect(stateOf(bench.session, bench.now)).toMatchObject({ responses: [], user: { voice: 'silent' } });
  });

  it('1: may have heard the caller begin: nothing is said before the next has, or for a second', () => {
    const [silent, spoken] = [moved({ detection: 'automatic' }), moved({ detection: 'automatic' })];
    for (const bench of [silent, spoken]) {
      expect(bench.asks('offer').verdict).toBe('hold: user-speaking');
      expect(stateOf(bench.session, bench.now).user.input).toBe('unheard');
    }
    silent.waits(999);
    expect(silent.created).toEqual([]);
    silent.waits(1);
    expect(silent.created).toEqual(['offer']);
    bringsBy(spoken, 2, speechStarted('item_7'));
    spoken.waits(1_000);
    expect(spoken.created).toEqual([]);
  });

  it('has what it has cost counted', () => {
    const bench = moved();
    const usage = { total_tokens: 10, input_tokens: 5, output_tokens: 5 };
    bringsBy(bench, 1, done('resp_1', 'cancelled', { usage }));
    expect(bench.notices.map(({ kind }) => kind)).toEqual(['spent']);
  });

  it('has a late transcript told to the line that is live now', () => {
    const bench = rotating();
    hears(bench, 'item_1');
    stands(bench);
    bench.waits(QUIET);
    bench.forget();
    const type = 'conversation.item.input_audio_transcription.completed';
    bringsBy(bench, 1, { type, item_id: 'item_1', transcript: 'A room, please.' });
    expect(bench.written.flatMap(inWords)).toEqual(['delete item_1', 'user: A room, please.']);
    bringsBy(bench, 1, { type, item_id: 'item_unknown', transcript: 'A room, please.' });
    expect(bench.written).toHaveLength(2);
  });

  it('has it told behind what has been said since before it, and nothing where no words were heard', () => {
    const bench = rotating();
    bench.sends('item_1', message);
    bench.reads(itemAdded('item_1'));
    hears(bench, 'item_2');
    stands(bench);
    bench.waits(QUIET);
    bench.step({
      type: 'send',
      event: { type: 'conversation.item.create', previous_item_id: 'item_1', item: { id: 'item_3', ...message } },
    });
    brings(bench, itemAdded('item_3'), transcriptionFailed('item_unknown'));
    bench.forget();
    const type = 'conversation.item.input_audio_transcription.completed';
    bringsBy(bench, 1, { type, item_id: 'item_2', transcript: 'A room, please.' });
    expect(bench.written).toMatchObject([{ item_id: 'item_2' }, { previous_item_id: 'item_3' }]);
  });

  it('10: says nothing by a late session.updated', () => {
    const bench = moved();
    bringsBy(bench, 1, sessionUpdated({ instructions: 'Sell.' }));
    expect([bench.notices, bench.shut]).toEqual([[], []]);
  });

  it('is shut after two seconds, and says nothing after that', () => {
    const bench = moved();
    bench.waits(1_999);
    expect(bench.commands).toEqual([]);
    bench.waits(1);
    expect(bench.commands).toEqual([{ do: 'shut', line: 1 }]);
    bringsBy(bench, 1, done('resp_1', 'cancelled', { usage: { total_tokens: 10 } }));
    expect(bench.notices).toEqual([]);
  });

  it('may be gone before', () => {
    const bench = moved();
    bench.step({ type: 'gone', code: 1000, reason: '' });
    bench.waits(5_000);
    expect([bench.commands, kinds(bench)]).toEqual([[], []]);
  });

  it('is shut with the session, closed or gone', () => {
    const [closed, gone] = [moved(), moved()];
    closed.closes();
    gone.step({ type: 'gone', line: 2, code: 1008, reason: '' });
    for (const bench of [closed, gone]) expect(bench.commands).toContainEqual({ do: 'shut', line: 1 });
  });
});

describe('a session that ends', () => {
  it.each<[string, (bench: Bench) => void]>([
    ['waits', () => undefined],
    ['is dialled', (bench) => void dials(bench)],
    ['is configured', (bench) => [dials(bench), brings(bench, greeted)]],
    ['is told', (bench) => configures(bench)],
    ['is ready', (bench) => returns(bench)],
  ])('while the next line %s ends that as well', (_, reaches) => {
    for (const ends of [(bench: Bench) => bench.closes(), (bench: Bench) => bench.loses(1008)]) {
      const bench = rotating();
      nears(bench);
      reaches(bench);
      const dialled = lineOf(bench);
      ends(bench);
      expect(bench.session.is.restore).toBe('none');
      if (dialled > 1) expect(bench.commands).toContainEqual({ do: 'shut', line: dialled });
    }
  });
});

describe('a line that will end, and that none replaces before', () => {
  it.each<[string, () => Bench]>([
    ['without reconnect', () => given()],
    ['with reconnect that does not rotate', () => lasting()],
    ['on a sideband', () => rotating({ line: 'sideband' })],
  ])('has the program told in time, once: %s', (_, make) => {
    const bench = make();
    bench.waits(HOUR - 120_001);
    expect(kinds(bench)).toEqual([]);
    bench.waits(60_000);
    expect(bench.notices.filter(({ kind }) => kind === 'expiring')).toEqual([{ kind: 'expiring', inMs: 120_000 }]);
  });

  it('has it told for each line', () => {
    const bench = lasting();
    for (let line = 1; line <= 2; line++) {
      bench.waits(leftMs(bench));
      bench.step({ type: 'gone', line: lineOf(bench), code: 1001, reason: '' });
      returns(bench);
    }
    expect(kinds(bench)).toEqual(['expiring', 'away', 'back', 'expiring', 'away', 'back']);
  });

  it('is not told of before the session is confirmed, nor once it is closing', () => {
    const bench = given();
    bench.waits(HOUR - 130_000);
    bench.closes();
    bench.waits(4_000);
    expect(bench.ending).toBeNull();
    expect(bench.session.rotation.expiresAt).toBe(HOUR);
  });
});
