import { describe, expect, it } from 'vitest';
import {
  created,
  done,
  given,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  unconfirmed,
  type Bench,
} from './bench.js';

const returns = (gate: Bench): void => {
  gate.connects();
  gate.reads(sessionUpdated(gate.gate.confirmed));
};

describe('a lost socket', () => {
  it('settles what was in flight as lost, with the close code in its cause', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    const aside = gate.asks('aside', { params: { conversation: 'none' } });
    gate.step({ type: 'dropped', code: 1011, reason: 'restart' });
    expect([story.outcome, aside.outcome]).toEqual(['lost', 'lost']);
    const messages = gate.notices.flatMap((each) =>
      each.kind === 'ended' && each.outcome.status === 'lost' ? [each.outcome.cause.message] : [],
    );
    expect(messages).toEqual(Array(2).fill('The connection ended before the response did (close code 1011, restart).'));
  });

  it('keeps held what is held', () => {
    const gate = given();
    gate.reads(created('resp_1'));
    const reply = gate.asks('reply');
    gate.drops();
    expect(reply.verdict).toBe('hold: response-active');
    returns(gate);
    expect(reply.verdict).toBe('admit');
  });

  it('shuts the gate until the new connection is confirmed', () => {
    const gate = given();
    gate.drops();
    expect(gate.shut).toEqual(['unconfirmed']);
    gate.connects();
    expect(gate.shut).toEqual(['unconfirmed']);
  });

  it('takes along what was merged into a create that was out', () => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_1'));
    gate.asks('first');
    const second = gate.asks('second');
    gate.reads(done('resp_1'));
    gate.drops();
    expect(second.outcome).toBe('lost');
  });

  it('rejects the update in flight, and keeps the one that waits', () => {
    const gate = given();
    const first = gate.asksToConfigure({ instructions: 'Sing.' });
    const second = gate.asksToConfigure({ instructions: 'Dance.' });
    gate.drops();
    const third = gate.asksToConfigure({ instructions: 'Hum.' });
    expect(gate.confirmations).toEqual([`${first} lost`]);
    returns(gate);
    gate.reads(sessionUpdated({ instructions: 'Dance.' }), sessionUpdated({ instructions: 'Hum.' }));
    expect(gate.confirmations).toEqual([`${first} lost`, `${second} confirmed`, `${third} confirmed`]);
  });

  it('sends nothing while it is away', () => {
    const gate = given();
    gate.drops();
    gate.step({ type: 'send', event: { type: 'input_audio_buffer.commit' } });
    gate.step({ type: 'interrupt' });
    gate.asks('reply');
    expect(gate.written).toEqual([]);
  });

  it('is the end of nothing that has ended', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    gate.reads(done('resp_1'));
    gate.drops();
    expect(story.outcome).toBe('completed');
  });
});

describe('a new epoch', () => {
  it('begins with the last confirmed configuration, whole', () => {
    const gate = given();
    gate.asksToConfigure({ audio: { output: { voice: 'marin' } } });
    gate.reads(sessionUpdated(sessionWith('off', { audio: { output: { voice: 'marin' } } })));
    gate.asksToConfigure({ instructions: 'Never confirmed.' });
    gate.drops();
    gate.forget();
    gate.connects();
    expect(gate.updated).toEqual([
      {
        type: 'realtime',
        instructions: 'Be brief.',
        audio: { input: { turn_detection: null }, output: { voice: 'marin' } },
      },
    ]);
  });

  it('is counted once its configuration is confirmed', () => {
    const gate = given();
    gate.drops();
    gate.connects();
    expect(gate.gate.epoch).toBe(1);
    gate.reads(sessionUpdated(gate.gate.confirmed));
    expect(gate.gate.epoch).toBe(2);
  });

  it('ends the session if the server does not confirm what it had confirmed', () => {
    const gate = given();
    gate.drops();
    gate.connects();
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(gate.confirmations).toEqual(['broken']);
  });

  it('has no configuration of its own, where there was none', () => {
    const gate = unconfirmed();
    gate.drops();
    const update = gate.asksToConfigure({ instructions: 'Sing.' });
    expect(gate.updated).toEqual([]);
    gate.connects();
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(gate.confirmations).toEqual([`${update} confirmed`]);
  });

  it('clears speaking, imminent, outstanding and open responses', () => {
    const gate = given({ detection: 'automatic' });
    gate.asks('story');
    gate.reads(created('resp_1'), speechStarted(), speechStopped(), speechStarted());
    gate.drops();
    returns(gate);
    expect(gate.shut).toEqual([]);
    expect(gate.gate.due).toBe(Infinity);
  });

  it('clears the playback of what will not be heard any more', () => {
    const gate = given();
    gate.step({ type: 'know', fact: 'playing' });
    gate.drops();
    returns(gate);
    expect(gate.shut).toEqual([]);
  });

  it.each([
    [
      'the count of responses in a row',
      'loop',
      (gate: Bench) => (gate.speaks('a', 'resp_1'), gate.reads(done('resp_1'))),
    ],
    ['the spend', 'over-budget', (gate: Bench) => gate.step({ type: 'know', fact: 'over-budget' })],
    ['the hang-up', 'hangup-pending', (gate: Bench) => gate.step({ type: 'know', fact: 'hangup' })],
  ])('keeps %s', (_, guard, happens) => {
    const gate = given({ limits: { responsesInARow: 1 } });
    happens(gate);
    gate.drops();
    returns(gate);
    expect(gate.shut).toEqual([guard]);
  });

  it('is not begun by a connection that nobody waits for', () => {
    const gate = given();
    gate.connects();
    expect(gate.updated).toEqual([]);
    expect(gate.shut).toEqual([]);
  });

  it('takes an id of the last one for news: on a call it may be the same response', () => {
    const gate = given();
    gate.reads(created('resp_1'));
    gate.drops();
    returns(gate);
    gate.reads(created('resp_1'));
    expect(gate.shut).toEqual(['response-active']);
  });

  it('does not know a response of the last one again', () => {
    const gate = given();
    const story = gate.asks('story');
    const { metadata } = gate.lastCreate;
    gate.drops();
    returns(gate);
    gate.reads(created('resp_1', { metadata }));
    expect(story.response).toBeUndefined();
  });
});
