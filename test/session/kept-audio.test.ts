import { describe, expect, it } from 'vitest';
import { KeptAudio, type Mark } from '../../src/session/kept-audio.js';
import { encodeAppend, joinAppended } from '../../src/wire/index.js';

/** Three bytes, so that each frame has its letter in it. */
const frame = (letter: string): string => encodeAppend(Buffer.from(letter.repeat(3)));
const letterIn = (text: string): string =>
  Buffer.from((JSON.parse(text) as { audio?: string }).audio ?? '', 'base64').toString()[0] ?? '';
const mark = (eventId: string, is: Mark['is'] = 'commit'): Mark => ({ is, eventId, text: JSON.stringify({ eventId }) });

function kept(answered: ReadonlySet<string> = new Set()) {
  const audio = new KeptAudio((eventId) => !answered.has(eventId));
  const flushes = (): string => {
    const given: string[] = [];
    audio.flush((text) => given.push(letterIn(text) || (JSON.parse(text) as { eventId: string }).eventId));
    return given.join(' ');
  };
  const hears = (letters: string, most = 300): void => {
    for (const letter of letters) audio.hear(frame(letter), most);
  };
  const keeps = (letters: string, most = 300): number =>
    letters.split('').reduce((dropped, letter) => dropped + audio.keep(frame(letter), most), 0);
  return { audio, flushes, hears, keeps };
}

describe('audio that is kept', () => {
  it('is given to a line in order, commits in their places', () => {
    const { audio, flushes, hears, keeps } = kept();
    hears('ab');
    audio.mark(mark('one'), 'sent');
    keeps('cd');
    audio.mark(mark('two'), 'kept');
    keeps('e');
    expect(flushes()).toBe('a b one c d two e');
  });

  it('is given to the line after that as well, as long as no conversation has it', () => {
    const { audio, flushes, keeps } = kept();
    keeps('a');
    audio.mark(mark('one'), 'kept');
    keeps('b');
    expect([flushes(), flushes()]).toEqual(['a one b', 'a one b']);
    audio.forget('one', null);
    expect(flushes()).toBe('b');
  });

  it('is bounded in bytes: the oldest goes, and its commit stays', () => {
    const { audio, flushes, hears } = kept();
    hears('ab', 6);
    audio.mark(mark('one'), 'sent');
    hears('cd', 6);
    expect(flushes()).toBe('one c d');
  });

  it('holds the last frame, however large it is', () => {
    const { flushes, hears } = kept();
    hears('ab', 1);
    expect(flushes()).toBe('b');
  });

  it('counts what has to go that no line was given', () => {
    const { audio, hears, keeps } = kept();
    hears('abc', 9);
    expect([keeps('d', 9), keeps('ef', 9), keeps('gh', 9), audio.unsent]).toEqual([0, 0, 2, 3]);
  });

  it('counts nothing as not given once a line was given it', () => {
    const { audio, flushes, keeps } = kept();
    keeps('ab');
    audio.mark(mark('one'), 'kept');
    expect([audio.unsent, audio.isEmpty]).toEqual([3, false]);
    flushes();
    expect([audio.unsent, audio.isEmpty]).toEqual([0, false]);
  });

  it('begins anew at a clear, which has its place where no line was given it', () => {
    const { audio, flushes, hears, keeps } = kept();
    hears('ab');
    audio.mark(mark('one', 'clear'), 'sent');
    hears('c');
    audio.mark(mark('two'), 'sent');
    keeps('d');
    audio.mark(mark('three', 'clear'), 'kept');
    expect(audio.unsent).toBe(1);
    keeps('e');
    expect([flushes(), flushes()]).toEqual(['c two three e', 'c two e']);
  });

  it('is forgotten up to the first commit that is awaited, where the server has committed by itself', () => {
    const { audio, flushes, hears } = kept();
    hears('a');
    audio.mark(mark('one'), 'sent');
    hears('b');
    audio.forget(null, null);
    expect(flushes()).toBe('one b');
  });

  it('is forgotten altogether where no commit is awaited', () => {
    const answered = new Set<string>();
    const { audio, flushes, hears } = kept(answered);
    hears('a');
    audio.mark(mark('one'), 'sent');
    hears('b');
    answered.add('one');
    audio.forget(null, null);
    expect([flushes(), audio.isEmpty]).toEqual(['', true]);
  });

  it('of a commit that was refused joins what follows', () => {
    const answered = new Set<string>();
    const { audio, flushes, hears } = kept(answered);
    hears('a');
    audio.mark(mark('one'), 'sent');
    answered.add('one');
    hears('b');
    audio.mark(mark('two'), 'sent');
    expect(flushes()).toBe('a b two');
    audio.forget('two', null);
    expect([flushes(), audio.isEmpty]).toEqual(['', true]);
  });

  it('is put aside as an item’s, until that is forgotten too', () => {
    const { audio, hears } = kept();
    hears('ab');
    audio.mark(mark('one'), 'sent');
    hears('c');
    expect([audio.forget('one', 'item_1'), audio.turn('item_1')]).toEqual([6, [frame('a'), frame('b')]]);
    expect([audio.forget(null, null), audio.turn('item_2'), audio.forget(null, 'item_2')]).toEqual([0, [], 0]);
    audio.forgetTurn('item_1');
    expect(audio.turn('item_1')).toEqual([]);
  });
});

describe('appends', () => {
  it('are joined as one audio, those of the program’s own making among them', () => {
    const own = JSON.stringify({ event_id: 'mine', type: 'input_audio_buffer.append', audio: 'Yg==' });
    expect(joinAppended([encodeAppend(Buffer.from('a')), own])).toBe(Buffer.from('ab').toString('base64'));
  });

  it('are joined without what is no base64', () => {
    const broken = JSON.stringify({ type: 'input_audio_buffer.append', audio: '?' });
    expect(joinAppended([broken, encodeAppend(Buffer.from('a'))])).toBe(Buffer.from('a').toString('base64'));
  });
});
