import { describe, expect, it } from 'vitest';
import { stateOf, takesEvent } from '../../src/machine/index.js';
import {
  created,
  done,
  given,
  refusal,
  serverError,
  sessionUpdated,
  sessionWith,
  toolSet,
  turn,
  unconfirmed,
  type Bench,
} from './bench.js';
import { beside, brings, configures, dials, greeted, kinds, lasting, lineOf, policy, returns } from './lines.js';

const stateIn = (bench: Bench): string => stateOf(bench.session, bench.now).restore;
const refusedBy = (bench: Bench, status: number | null, code: string | null = null): void =>
  void bench.step({ type: 'not-opened', line: lineOf(bench), status, code, message: 'no' });
const loseNext = (bench: Bench, code: number | null = 1006): void =>
  void bench.step({ type: 'gone', line: lineOf(bench), code, reason: '' });

describe('a line that is lost', () => {
  it('ends the session, unless another may take its place', () => {
    const bench = given();
    bench.loses();
    expect([kinds(bench), bench.commanded]).toEqual([['closed'], []]);
  });

  it('is dialled anew after a wait, configured as the session last was, and takes over', () => {
    const bench = lasting();
    bench.loses(1006, 'why');
    expect(stateIn(bench)).toBe('waiting');
    expect(dials(bench)).toBe(2);
    expect(bench.now).toBeLessThanOrEqual(300);
    brings(bench, greeted);
    expect(beside(bench)).toMatchObject([{ type: 'session.update', session: { instructions: 'Be brief.' } }]);
    brings(bench, sessionUpdated(sessionWith('off')), sessionUpdated(sessionWith('off')));
    expect(kinds(bench)).toEqual(['away', 'back']);
    expect(stateOf(bench.session, bench.now)).toMatchObject({ connection: 'open', restore: 'none', epoch: 2 });
  });

  it.each([1002, 1003, 1007, 1008, 1009, 1010, 1015, 3000, 4000])(
    'ends the session where it was closed with %s',
    (code) => {
      const bench = lasting();
      bench.loses(code);
      expect(bench.ending).toEqual({ kind: 'lost', code, reason: '' });
    },
  );

  it.each([1000, 1001, 1005, 1006, 1011, 1012, null])('is replaced where it was closed with %s', (code) => {
    const bench = lasting();
    bench.loses(code);
    returns(bench);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('ends the session where nothing had been confirmed', () => {
    const early = unconfirmed({ reconnect: policy });
    early.loses();
    expect(kinds(early)).toEqual(['closed']);
  });

  it('ends the session where nothing is left but the carrier’s leg', () => {
    const bench = lasting({ endsCall: 'yes' });
    bench.hangsUp({ farewell: null });
    bench.loses();
    expect(kinds(bench)).toEqual(['closed']);
  });

  it('is shut and replaced where the session has reached its age, or the peer has fallen silent', () => {
    const expired = lasting();
    expired.reads(refusal('session_expired', null));
    const silent = lasting({ limits: { silentMs: 1_000, aliveMs: 500 } });
    silent.waits(1_600);
    for (const bench of [expired, silent]) {
      expect(bench.commands).toContainEqual({ do: 'shut', line: 1 });
      returns(bench);
      expect(kinds(bench)).toEqual(['away', 'back']);
    }
  });

  it('waits longer each time, and between the half and the whole of it', () => {
    const bench = lasting({}, { firstMs: 1_000, maxMs: 3_000 });
    bench.loses();
    const waits = [1_000, 2_000, 3_000, 3_000].map((most) => {
      const before = bench.now;
      bench.waits(bench.due - bench.now);
      const took = bench.now - before;
      refusedBy(bench, 503);
      return took >= most / 2 && took <= most;
    });
    expect(waits).toEqual([true, true, true, true]);
  });
});

describe('the next line', () => {
  it('is given up after five attempts in a row', () => {
    const bench = lasting();
    bench.loses(1006, 'why');
    for (let attempt = 0; attempt < 5; attempt++) {
      dials(bench);
      refusedBy(bench, 503);
    }
    expect(bench.ending).toEqual({ kind: 'lost', code: 1006, reason: 'why' });
    expect(bench.faults).toEqual(['The connection was lost, and could not be made again: no.']);
  });

  it('is given up once the time is over', () => {
    const bench = lasting({}, { attempts: 50, withinMs: 6_000 });
    bench.loses();
    bench.waits(20_000);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
    expect(bench.now).toBe(20_000);
    expect(bench.faults.join()).toContain('the server did not answer in time');
  });

  it('counts anew once a response has completed, or the line has lasted for a minute', () => {
    const completed = lasting({}, { attempts: 1 });
    completed.loses();
    returns(completed);
    completed.step({ type: 'frame', event: created('resp_1'), audioBytes: 0, line: 2 });
    completed.step({ type: 'frame', event: done('resp_1'), audioBytes: 0, line: 2 });
    const lasted = lasting({}, { attempts: 1 });
    lasted.loses();
    returns(lasted);
    lasted.waits(60_000);
    const neither = lasting({}, { attempts: 1 });
    neither.loses();
    returns(neither);
    for (const bench of [completed, lasted, neither]) loseNext(bench);
    expect([completed, lasted, neither].map(kinds)).toEqual([
      ['away', 'back', 'away'],
      ['away', 'back', 'away'],
      ['away', 'back', 'away', 'closed'],
    ]);
  });

  it('is tried so often in all, however well each has served', () => {
    const bench = lasting({}, { inAll: 2 });
    for (let loss = 0; loss < 3; loss++) {
      bench.step({ type: 'gone', line: lineOf(bench), code: 1006, reason: '' });
      if (loss < 2) returns(bench);
      bench.waits(60_000);
    }
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });

  it.each<[string, (bench: Bench) => void]>([
    ['an upgrade refused with 403', (bench) => refusedBy(bench, 403)],
    ['a key that is refused', (bench) => refusedBy(bench, null, 'invalid_api_key')],
    ['a model that is refused inside the socket', (bench) => brings(bench, refusal('invalid_model', null))],
    ['a quota that is used up', (bench) => brings(bench, refusal('insufficient_quota', null))],
    ['a close with 4000', (bench) => loseNext(bench, 4000)],
  ])('ends the session at once for %s', (_, fails) => {
    const bench = lasting();
    bench.loses();
    dials(bench);
    fails(bench);
    expect(kinds(bench)).toEqual(['away', 'closed']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['an upgrade refused with 503', (bench) => refusedBy(bench, 503)],
    ['an upgrade refused with 429', (bench) => refusedBy(bench, 429)],
    ['no answer of the network', (bench) => refusedBy(bench, null)],
    ['an error of the server', (bench) => brings(bench, serverError())],
    ['an error without a name', (bench) => brings(bench, { type: 'error' })],
    ['a line that ends', (bench) => loseNext(bench)],
    ['a line that ends without a close frame', (bench) => loseNext(bench, null)],
    ['a server that never greets', (bench) => bench.waits(5_000)],
    ['a server that never confirms', (bench) => [brings(bench, greeted), bench.waits(5_000)]],
    ['a configuration that is not confirmed', (bench) => brings(bench, greeted, sessionUpdated({}))],
    ['an echo without a session', (bench) => brings(bench, greeted, { type: 'session.updated' })],
    ['a line that ends while it is told', (bench) => [configures(bench), loseNext(bench)]],
  ])('is shut, and tried again, after %s', (_, fails) => {
    const bench = lasting();
    bench.loses();
    dials(bench);
    fails(bench);
    const first = lineOf(bench);
    expect(stateIn(bench)).toBe('waiting');
    expect(bench.commands).toContainEqual({ do: 'shut', line: first });
    returns(bench);
    expect(lineOf(bench)).toBe(first + 1);
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('ends the session where it confirms something else twice', () => {
    const bench = lasting();
    bench.loses();
    for (let attempt = 0; attempt < 2; attempt++) {
      dials(bench);
      brings(bench, greeted, sessionUpdated({ instructions: 'Sell.' }));
    }
    expect(kinds(bench)).toEqual(['away', 'closed']);
    expect(bench.faults).toContain('The server no longer confirms what it had confirmed.');
  });

  it('may confirm what accept() accepts', () => {
    const bench = lasting({ accept: () => true });
    bench.loses();
    dials(bench);
    brings(bench, greeted, sessionUpdated({}), sessionUpdated({}));
    expect(kinds(bench)).toEqual(['away', 'back']);
  });

  it('is not heard by anybody else, and a line that was given up is heard by nobody', () => {
    const bench = lasting();
    bench.loses();
    dials(bench);
    brings(bench, created('resp_x'), ...turn(), sessionUpdated(sessionWith('off')));
    expect(stateOf(bench.session, bench.now)).toMatchObject({ responses: [], restore: 'dialling' });
    refusedBy(bench, 503);
    const before = bench.commands.length;
    brings(bench, greeted, refusal('invalid_api_key', null));
    loseNext(bench, 4000);
    refusedBy(bench, 403);
    bench.step({ type: 'alive', line: 2 });
    expect([stateIn(bench), bench.commands.length - before]).toEqual(['waiting', 0]);
  });

  it('is live from the echo that shows it good, in that very step', () => {
    const bench = lasting();
    bench.loses();
    const asked = bench.asks('greeting');
    expect(asked.verdict).toBe('hold: unconfirmed');
    configures(bench);
    expect(bench.created).toEqual([]);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect([bench.created, bench.records.at(-1)?.epoch]).toEqual([['greeting'], 2]);
  });

  it('reads on as the first did, and its frames alone', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.loses();
    returns(bench, 'automatic');
    bench.reads(...turn('item_old'));
    expect(bench.shut).toEqual([]);
    brings(bench, ...turn('item_new'));
    expect(bench.shut).toEqual(['response-imminent']);
    bench.step({ type: 'alive', line: 2 });
    expect(stateOf(bench.session, bench.now).line).toBe('heard');
  });
});

describe('while no line is live', () => {
  it('what was asked for and out is lost, and what waits goes on waiting, its clock standing still', () => {
    const bench = lasting({}, { attempts: 50 });
    const story = bench.speaks('story', 'resp_1');
    const reply = bench.asks('reply', { holdForMs: 1_000 });
    bench.loses();
    expect([story.outcome, reply.outcome]).toEqual(['lost', 'open']);
    bench.waits(9_000);
    expect(reply.outcome).toBe('open');
    returns(bench);
    expect(bench.created.at(-1)).toBe('reply');
  });

  it('what the server knew of the caller is forgotten, and a button stays held', () => {
    const bench = lasting({ detection: 'automatic', turnEnds: 'transcribed' });
    bench.turns('begins');
    bench.reads(...turn());
    bench.loses();
    expect(stateOf(bench.session, bench.now)).toMatchObject({
      user: { voice: 'silent', button: 'held', transcript: 'unawaited' },
      automatic: 'quiet',
    });
    bench.turns('ends');
    bench.waits(1_800);
    returns(bench, 'automatic');
    expect(bench.shut).toEqual([]);
  });

  it('an update in flight is lost, one that waits is sent to the next line, and one is taken', () => {
    const bench = lasting();
    const [first, second] = [bench.asksToConfigure({ voice: 'a' }), bench.asksToConfigure({ instructions: 'Hm.' })];
    bench.loses();
    const third = bench.asksToConfigure({ instructions: 'Well.' });
    expect(bench.confirmations).toEqual([`${first} lost`]);
    returns(bench);
    expect(bench.updated.at(-1)).toMatchObject({ instructions: 'Hm.' });
    brings(bench, sessionUpdated({ ...sessionWith('off'), instructions: 'Hm.' }));
    brings(bench, sessionUpdated({ ...sessionWith('off'), instructions: 'Well.' }));
    expect(bench.confirmations).toEqual([`${first} lost`, `${second} confirmed`, `${third} confirmed`]);
  });

  it('an update in doubt is lost as well', () => {
    const bench = lasting({ limits: { confirmMs: 100 } });
    bench.asksToConfigure({ voice: 'a' });
    bench.waits(100);
    bench.loses();
    returns(bench);
    expect(stateOf(bench.session, bench.now).configuration).toBe('confirmed');
  });

  it('closing ends the session at once, and the next line with it', () => {
    const bench = lasting();
    bench.loses();
    dials(bench);
    bench.closes();
    expect(bench.ending).toEqual({ kind: 'closed' });
    expect(bench.commands.at(-1)).toEqual({ do: 'shut', line: 2 });
  });

  it.each(['greets', 'confirms', 'tells', 'waits'])('closing ends it also where the next line %s', (how) => {
    const bench = lasting();
    bench.loses();
    if (how !== 'waits') dials(bench);
    if (how === 'confirms') brings(bench, greeted);
    if (how === 'tells') brings(bench, greeted, sessionUpdated(sessionWith('off')));
    bench.closes();
    expect([bench.ending, stateIn(bench)]).toEqual([{ kind: 'closed' }, 'none']);
  });

  it('only items are taken', () => {
    const bench = lasting();
    bench.loses();
    const types = ['conversation.item.create', 'conversation.item.delete', 'input_audio_buffer.commit'];
    expect(types.map((type) => takesEvent(bench.session, type))).toEqual([true, false, false]);
    bench.step({ type: 'send', event: { type: 'input_audio_buffer.commit' } });
    expect([bench.written, stateOf(bench.session, bench.now).held]).toEqual([[], []]);
  });

  it('a reader that had stalled is forgotten with its line', () => {
    const bench = lasting();
    bench.step({ type: 'backlog', is: 'over' });
    bench.loses();
    expect(stateOf(bench.session, bench.now).backlog).toBe('under');
  });

  it('a peer that had been asked whether it lives is not asked any more', () => {
    const bench = lasting({ limits: { silentMs: 1_000, aliveMs: 500 } });
    bench.waits(1_100);
    bench.loses();
    expect(stateOf(bench.session, bench.now).line).toBe('heard');
  });

  it('what the server played has been cut, and a response that was superseded is lost', () => {
    const bench = lasting();
    bench.reads(created('resp_1'), { type: 'output_audio_buffer.started', response_id: 'resp_1' }, done('resp_1'));
    bench.reads(created('resp_2'), created('resp_3'));
    bench.loses();
    expect(bench.heardOf('resp_1')).toBe('cut');
    expect(stateOf(bench.session, bench.now)).toMatchObject({ responses: [], playback: { state: 'drained' } });
  });
});

describe('a hang-up that outlives its line', () => {
  it('has its farewell said on the next, where nothing of it was heard', () => {
    for (const far of ['asked for', 'created']) {
      const bench = lasting();
      bench.hangsUp();
      if (far === 'created') bench.creates('resp_1');
      bench.loses();
      returns(bench);
      expect(bench.created).toEqual(['farewell', 'farewell']);
    }
  });

  it('does not say again what was half heard', () => {
    const bench = lasting();
    bench.hangsUp();
    bench.creates('resp_1');
    bench.reads({
      type: 'response.output_audio.delta',
      response_id: 'resp_1',
      item_id: 'item_1',
      delta: Buffer.alloc(48_000).toString('base64'),
    });
    bench.loses();
    returns(bench);
    bench.waits(2_000);
    expect(bench.created).toEqual(['farewell']);
    expect(bench.commands).toContainEqual({ do: 'close-line', code: 1000, reason: 'OK' });
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('may begin while no line is live, and keeps its deadline', () => {
    const bench = lasting({}, { attempts: 50, withinMs: 90_000 });
    bench.loses();
    bench.hangsUp({ deadlineMs: 4_000 });
    bench.waits(4_000);
    expect(bench.ending).toEqual({ kind: 'hung-up', farewell: 'failed' });
  });

  it('goes on to ask for its farewell where a create of another was lost', () => {
    const bench = lasting();
    bench.asks('story');
    bench.hangsUp();
    bench.loses();
    returns(bench);
    expect(bench.created).toEqual(['story', 'farewell']);
  });
});

describe('the ten nastiest interleavings', () => {
  it('5: a server that accepts and then closes for quota is not dialled for ever', () => {
    const bench = lasting();
    bench.loses();
    returns(bench);
    brings(bench, refusal('insufficient_quota', null));
    loseNext(bench, 1000);
    expect(kinds(bench)).toEqual(['away', 'back', 'closed']);
  });

  it('5: nor is one that accepts and then closes without a word', () => {
    const bench = lasting();
    bench.loses();
    for (let line = 0; line < 5; line++) {
      returns(bench);
      loseNext(bench, 1000);
    }
    expect(kinds(bench).filter((kind) => kind === 'back')).toHaveLength(5);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });

  it('7: a greeting that was written, and whose created was never read, is lost and not said twice', () => {
    const bench = lasting();
    const greeting = bench.asks('greeting');
    const { metadata } = bench.lastCreate;
    bench.loses();
    returns(bench);
    bench.reads(created('resp_1', { metadata }));
    expect([greeting.outcome, bench.created]).toEqual(['lost', ['greeting']]);
  });

  it('9: an item that was sent and never added is told, and what continues it is answered once', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.reads(created('resp_1'));
    bench.sends('item_1', { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] });
    const reply = bench.asks('reply');
    bench.loses();
    brings(bench);
    returns(bench, 'automatic');
    expect([bench.created, reply.verdict]).toEqual([['reply'], 'admit']);
  });

  it('10: a late session.updated of a dead line confirms nothing', () => {
    const bench = lasting();
    const update = bench.asksToConfigure({ instructions: 'Hm.' });
    bench.loses();
    bench.reads(sessionUpdated({ instructions: 'Hm.' }));
    expect(bench.confirmations).toEqual([`${update} lost`]);
    expect(stateOf(bench.session, bench.now).configuration).toBe('restoring');
  });
});

it('hosted calls end with the server that ran them', () => {
  const bench = lasting({ tools: toolSet([], ['maps']) });
  bench.reads(created('resp_1'), {
    type: 'response.output_item.added',
    response_id: 'resp_1',
    item: { type: 'mcp_call', id: 'mcp_1', server_label: 'maps' },
  });
  bench.reads(done('resp_1'));
  bench.loses();
  expect(bench.rounds).toMatchObject([{ followUp: 'lost' }]);
});
