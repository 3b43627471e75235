import { describe, expect, it } from 'vitest';
import { asksForAudio, at, keptBytes, stateOf } from '../../src/machine/index.js';
import {
  audioDelta,
  committed,
  created,
  given,
  itemAdded,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  transcribed,
  transcriptionFailed,
  turn,
  type Bench,
} from './bench.js';
import { beside, brings, configures, kinds, lasting, returns, told } from './lines.js';

const keeps = (bench: Bench): unknown => bench.step({ type: 'audio-kept' });
const inputIn = (bench: Bench): string => stateOf(bench.session, bench.now).user.input;
/** Audio was kept while the line was away, and another line has just been given it. */
function flushed(detection: 'automatic' | 'off' = 'automatic'): Bench {
  const bench = lasting({ detection });
  bench.loses();
  keeps(bench);
  returns(bench, detection);
  return bench;
}

describe('audio that was kept for the next line', () => {
  it('is news once in each absence, and only then', () => {
    const bench = lasting();
    keeps(bench);
    expect([asksForAudio(bench.session), inputIn(bench)]).toEqual([false, 'live']);
    bench.loses();
    expect(asksForAudio(bench.session)).toBe(true);
    keeps(bench);
    expect([asksForAudio(bench.session), inputIn(bench)]).toEqual([false, 'kept']);
  });

  it('2: shuts user-speaking until the next line hears speech in it', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.loses();
    keeps(bench);
    const greeting = bench.asks('greeting');
    returns(bench, 'automatic');
    expect([bench.shut, greeting.verdict, bench.created]).toEqual([['user-speaking'], 'hold: unconfirmed', []]);
    brings(bench, speechStarted());
    expect([inputIn(bench), bench.shut]).toEqual(['live', ['user-speaking']]);
    brings(bench, speechStopped());
    expect(bench.shut).toEqual(['response-imminent']);
  });

  it('shuts it for a second where there is no speech in it', () => {
    const bench = flushed();
    const greeting = bench.asks('greeting');
    bench.waits(999);
    expect(greeting.verdict).toBe('hold: user-speaking');
    bench.waits(1);
    expect([greeting.verdict, bench.faults]).toEqual(['admit', []]);
  });

  it('shuts nothing where the server does not detect turns', () => {
    expect(flushed('off').shut).toEqual([]);
  });

  it('shuts nothing where there was none', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.loses();
    returns(bench, 'automatic');
    expect(bench.shut).toEqual([]);
  });

  it('is kept once more where the next line is lost before it has heard speech in it', () => {
    const bench = flushed();
    bench.step({ type: 'gone', code: 1006, reason: '', line: 2 });
    expect([inputIn(bench), asksForAudio(bench.session)]).toEqual(['live', true]);
    keeps(bench);
    returns(bench, 'automatic');
    expect([bench.shut, kinds(bench)]).toEqual([['user-speaking'], ['away', 'back', 'away', 'back']]);
  });

  it('is of no interest once the session has ended', () => {
    const ended = (bench: Bench): string => {
      bench.closes();
      bench.step({ type: 'gone', code: 1000, reason: '', line: 2 });
      return inputIn(bench);
    };
    const away = lasting();
    away.loses();
    keeps(away);
    away.closes();
    expect([inputIn(away), ended(flushed())]).toEqual(['live', 'live']);
  });
});

describe('how much audio is kept', () => {
  const msIn = (bench: Bench): number => keptBytes(bench.session) / 48;

  it('nothing, where no line takes the place of another', () => {
    expect(keptBytes(given().session)).toBe(0);
  });

  it('two seconds while nobody speaks, and all of a turn', () => {
    const bench = lasting({ detection: 'automatic' });
    expect(msIn(bench)).toBe(2_000);
    bench.reads(speechStarted());
    expect(msIn(bench)).toBe(10_000);
    bench.reads(speechStopped());
    expect(msIn(bench)).toBe(10_000);
    bench.reads(committed());
    expect(msIn(bench)).toBe(2_000);
  });

  it('all of it while the button is held, and until a commit is answered', () => {
    const bench = lasting({ detection: 'silent' });
    bench.turns('begins');
    expect(msIn(bench)).toBe(10_000);
    bench.turns('ends');
    expect(msIn(bench)).toBe(2_000);
    bench.commits();
    expect(msIn(bench)).toBe(10_000);
    bench.reads(committed('item_1'), itemAdded('item_1'));
    expect(msIn(bench)).toBe(2_000);
  });

  it('all of it where the program ends the turns: the server keeps it too', () => {
    const bench = lasting();
    expect(msIn(bench)).toBe(10_000);
  });

  it('all that is appended while the line is away, and until the next has heard speech in it', () => {
    const bench = lasting({ detection: 'automatic' }, { audioMs: 3_000 });
    bench.loses();
    expect(msIn(bench)).toBe(3_000);
    keeps(bench);
    returns(bench, 'automatic');
    expect(msIn(bench)).toBe(3_000);
    bench.waits(1_000);
    expect(msIn(bench)).toBe(2_000);
  });

  it('never more than asked for', () => {
    expect(msIn(lasting({ detection: 'automatic' }, { audioMs: 500 }))).toBe(500);
  });

  it.each(['audio/pcmu', 'audio/pcma'])('by the bytes of %s, and nothing of what came in another format', (type) => {
    const bench = lasting({ detection: 'automatic' });
    const session = sessionWith('automatic');
    const input = { ...(session['audio'] as { input: object }).input, format: { type } };
    bench.reads(sessionUpdated({ ...session, audio: { input } }));
    expect(keptBytes(bench.session)).toBe(8 * 2_000);
    expect(bench.commands).toEqual([{ do: 'forget-audio', through: null, itemId: null }]);
    bench.reads(sessionUpdated({ ...session, audio: { input } }));
    expect(bench.commands).toHaveLength(1);
    bench.reads(sessionUpdated({ ...session, audio: { input: { ...input, format: { type: 'audio/pcm' } } } }));
    expect(keptBytes(bench.session)).toBe(48 * 2_000);
  });

  it('and none is forgotten by a session that keeps none', () => {
    const bench = given();
    bench.reads(sessionUpdated({ audio: { input: { format: { type: 'audio/pcmu' } } } }));
    bench.commits();
    bench.reads(committed());
    expect(bench.commands).toEqual([]);
  });
});

describe('a commit', () => {
  it('has its place in the audio, and so has a clear; nothing else has', () => {
    const bench = lasting();
    const sent = bench.commits();
    bench.sends('item_1');
    bench.loses();
    bench.step({ type: 'send', event: { type: 'input_audio_buffer.clear', event_id: 'mine' } });
    const marks = bench.commands.filter((each) => each.do === 'mark-audio');
    expect(marks).toEqual([
      { do: 'mark-audio', frame: sent, when: 'sent' },
      { do: 'mark-audio', frame: { type: 'input_audio_buffer.clear', event_id: 'mine' }, when: 'kept' },
    ]);
  });

  it('that is answered leaves nothing to be kept up to it; the server’s own up to the first that is not', () => {
    const bench = lasting({ detection: 'automatic' });
    const { event_id: eventId } = bench.commits();
    bench.reads(committed('item_1'));
    bench.reads(...turn('item_2'));
    const forgotten = bench.commands.filter((each) => each.do === 'forget-audio');
    expect(forgotten).toEqual([
      { do: 'forget-audio', through: eventId, itemId: 'item_1' },
      { do: 'forget-audio', through: null, itemId: 'item_2' },
    ]);
  });

  it('that was not answered when the line was lost is known again as ours on the next', () => {
    const bench = lasting({ detection: 'automatic' });
    const { event_id: eventId } = bench.commits();
    bench.loses();
    returns(bench, 'automatic');
    brings(bench, committed('item_1'));
    expect(bench.commands.at(-1)).toEqual({ do: 'forget-audio', through: eventId, itemId: 'item_1' });
    expect(bench.shut).toEqual([]);
  });

  it('is given up only once the next line has had time to answer it', () => {
    const bench = lasting({ limits: { createdMs: 200 } });
    bench.commits();
    bench.loses();
    bench.step({ type: 'send', event: { type: 'input_audio_buffer.commit' } });
    returns(bench);
    const awaited = (): number => bench.session.items.unadded.length;
    bench.waits(199);
    expect(awaited()).toBe(2);
    bench.waits(1);
    expect(awaited()).toBe(0);
  });
});

describe('a turn whose commit was read, and its item not', () => {
  it('is told to the next line', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.reads(...turn('item_1'));
    bench.reads(itemAdded('item_1', { type: 'message', role: 'user' }));
    bench.reads(...turn('item_2'));
    bench.loses();
    configures(bench, 'automatic');
    expect(told(bench)).toEqual(['user: (inaudible)', 'the note', 'user: (inaudible)']);
  });

  it('is not, where the caller said nothing in it', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.reads({ type: 'input_audio_buffer.timeout_triggered', item_id: 'item_1' }, committed('item_1'));
    bench.reads({ type: 'input_audio_buffer.committed' });
    bench.loses();
    configures(bench, 'automatic');
    expect(told(bench)).toEqual([]);
  });
});

describe('a turn without a transcript', () => {
  const keepsTurn = (bench: Bench, itemId: string, ms = 1_000): void => {
    bench.reads(...turn(itemId));
    bench.step({ type: 'turn-kept', itemId, bytes: ms * 48 });
  };
  const forgotten = (bench: Bench): readonly string[] =>
    bench.commands.flatMap((each) => (each.do === 'forget-turn' ? [each.itemId] : []));
  const parts = (bench: Bench): readonly unknown[] =>
    beside(bench).flatMap((frame) => (at(frame, 'item', 'content') as readonly unknown[] | undefined) ?? []);

  it('is told as its audio, to each line, and not corrected', () => {
    const bench = lasting({ detection: 'automatic' });
    keepsTurn(bench, 'item_1');
    bench.loses();
    returns(bench, 'automatic');
    expect(parts(bench)).toContainEqual({ type: 'input_audio', item_id: 'item_1' });
    bench.step({ type: 'gone', code: 1006, reason: '', line: 2 });
    configures(bench, 'automatic');
    const isAudio = (part: unknown): boolean => at(part, 'type') === 'input_audio';
    expect([parts(bench).filter(isAudio).length, told(bench).filter((each) => each.startsWith('delete'))]).toEqual([
      2,
      [],
    ]);
  });

  it('is told as audio once, though its words come in after the next line was told of it', () => {
    const bench = lasting({ detection: 'automatic' });
    keepsTurn(bench, 'item_1');
    bench.loses();
    returns(bench, 'automatic');
    brings(bench, { ...transcribed('item_1'), transcript: 'Hello.' });
    bench.reads(created('resp_1'));
    brings(bench, created('resp_2'), audioDelta('resp_2', 500), speechStarted('item_2'));
    expect(bench.written.filter(({ type }) => type === 'conversation.item.delete')).toEqual([]);
  });

  it('is told by its words once they are known, and its audio is forgotten', () => {
    const bench = lasting({ detection: 'automatic' });
    keepsTurn(bench, 'item_1');
    bench.reads({ ...transcribed('item_1'), transcript: 'Hello.' });
    bench.reads({ ...transcribed('item_1'), transcript: 'Hello.' });
    bench.loses();
    configures(bench, 'automatic');
    expect([forgotten(bench), told(bench)]).toEqual([['item_1'], ['the note', 'user: Hello.']]);
  });

  it('whose words are known when it is committed is not put aside', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.reads(itemAdded('item_1', { type: 'message', role: 'user' }));
    bench.reads({ ...transcribed('item_1'), transcript: 'Hello.' }, committed('item_1'));
    bench.reads({ type: 'input_audio_buffer.committed' });
    const none = { do: 'forget-audio', through: null, itemId: null };
    expect(bench.commands).toEqual([none, none]);
  });

  it('stays audio where it could not be transcribed', () => {
    const bench = lasting({ detection: 'automatic' });
    keepsTurn(bench, 'item_1');
    bench.reads({ ...transcribed('item_1'), transcript: '' }, transcriptionFailed('item_1'));
    expect(forgotten(bench)).toEqual([]);
  });

  it('is inaudible where nothing of it is kept: of more than `audioMs` the oldest is forgotten', () => {
    const bench = lasting({ detection: 'automatic' }, { audioMs: 2_500 });
    for (const item of ['item_1', 'item_2', 'item_3']) keepsTurn(bench, item);
    expect(forgotten(bench)).toEqual(['item_1']);
    bench.loses();
    configures(bench, 'automatic');
    expect(told(bench)).toEqual(['user: (inaudible)', 'user: undefined', 'the note', 'user: undefined'].map(asTold));
  });

  it('takes ten tokens a second out of what may be told again', () => {
    const bench = lasting({ detection: 'automatic' }, { budgetTokens: 60 });
    keepsTurn(bench, 'item_1', 4_000);
    keepsTurn(bench, 'item_2', 4_000);
    bench.loses();
    configures(bench, 'automatic');
    expect(parts(bench).filter((part) => at(part, 'type') === 'input_audio')).toHaveLength(1);
  });

  it('is not heard of by a session that keeps none', () => {
    const bench = given({ detection: 'automatic' });
    keepsTurn(bench, 'item_1');
    expect(bench.session.input.turns).toEqual([]);
  });
});

/** What has no text is told as audio. */
const asTold = (words: string): string => words.replace('undefined', '');
