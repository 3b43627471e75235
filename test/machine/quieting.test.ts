import { describe, expect, it } from 'vitest';
import { at } from '../../src/machine/index.js';
import { audioDelta, done, given, refusal, sessionUpdated, sessionWith, speechStarted, type Bench } from './bench.js';

type Settings = Parameters<typeof given>[0];
const quiet = { type: 'server_vad', create_response: false, interrupt_response: false };
const detectionAsked = (bench: Bench): unknown => at(bench.updated.at(-1), 'audio', 'input', 'turn_detection');
/** A hang-up that barge-in does not stop, in a session whose server answers by itself. */
const quieting = (options: Settings = {}): Bench => {
  const bench = given({ endsCall: 'yes', detection: 'automatic', ...options });
  bench.hangsUp({ onBargeIn: 'hang-up' });
  return bench;
};
const confirms = (bench: Bench): void => bench.reads(sessionUpdated(sessionWith('silent')));

describe('a hang-up that no barge-in stops', () => {
  it('first has the server neither answer nor interrupt, with the detection else as it was', () => {
    const bench = quieting();
    expect(detectionAsked(bench)).toEqual(quiet);
    expect([bench.created, bench.session.is.hangup]).toEqual([[], 'quieting']);
  });

  it('says its farewell once that is confirmed', () => {
    const bench = quieting();
    confirms(bench);
    expect(bench.created).toEqual(['farewell']);
    expect(bench.confirmations).toEqual([]);
  });

  it('keeps the detection as it was last told, though the server has said something else since', () => {
    const bench = given({ endsCall: 'yes', detection: 'automatic' });
    bench.reads(sessionUpdated({ instructions: 'Be brief.' }));
    bench.hangsUp({ onBargeIn: 'hang-up' });
    expect(detectionAsked(bench)).toEqual(quiet);
  });

  it('sends back the plain settings of the detection alone, whatever else the server told of it', () => {
    const bench = given({ endsCall: 'yes', detection: 'automatic' });
    const audio = {
      input: { turn_detection: { type: 'server_vad', threshold: 0.7, odd: { deep: [[]] }, idle_timeout_ms: null } },
    };
    bench.reads(sessionUpdated(sessionWith('automatic', { audio })));
    bench.hangsUp({ onBargeIn: 'hang-up' });
    expect(detectionAsked(bench)).toEqual({ ...quiet, threshold: 0.7, idle_timeout_ms: null });
  });

  it.each(['off', 'silent'] as const)(
    'says its farewell at once where the server is quiet already (%s)',
    (detection) => {
      const bench = quieting({ detection });
      expect([bench.updated, bench.created]).toEqual([[], ['farewell']]);
    },
  );

  it.each(['quiet', 'uninterruptible'] as const)('has the server be quiet where it does either (%s)', (detection) => {
    expect(detectionAsked(quieting({ detection }))).toEqual(quiet);
  });

  it('is not stopped by the user, who speaks or has spoken', () => {
    const bench = given({ endsCall: 'yes', detection: 'automatic' });
    bench.reads(speechStarted());
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.turns('begins');
    expect(bench.notices.some(({ kind }) => kind === 'resumed')).toBe(false);
    expect(bench.session.is.hangup).toBe('quieting');
  });

  it('goes before the updates that wait, which are aborted', () => {
    const bench = given({ endsCall: 'yes', detection: 'automatic' });
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.asksToConfigure({ instructions: 'Dance.' });
    bench.hangsUp({ onBargeIn: 'hang-up' });
    expect(bench.confirmations).toEqual(['3 aborted']);
    bench.reads(sessionUpdated(sessionWith('automatic', { instructions: 'Sing.' })));
    expect(detectionAsked(bench)).toEqual(quiet);
    expect(bench.session.is.hangup).toBe('quieting');
  });

  it('aborts the updates that are asked for after it: nothing is to make the server answer again', () => {
    const bench = quieting();
    confirms(bench);
    bench.asksToConfigure(sessionWith('automatic'));
    expect([bench.confirmations, bench.updated.length]).toEqual([['2 aborted'], 1]);
  });

  it('whose update the server refuses still says its farewell, once the standing configuration is known', () => {
    const bench = quieting();
    bench.reads(refusal('invalid_value', bench.lastUpdateId));
    expect(bench.faults).toEqual(['The server was not told to be quiet during the farewell: rejected.']);
    expect(bench.created).toEqual([]);
    bench.reads(sessionUpdated(sessionWith('automatic')));
    expect(bench.created).toEqual(['farewell']);
  });

  it('is a fault where that is not confirmed within a third of the deadline; the farewell goes once the gate allows', () => {
    const bench = quieting();
    bench.waits(2_999);
    expect(bench.faults).toEqual([]);
    bench.waits(1);
    expect(bench.faults).toEqual([
      'The server has not confirmed that it will neither answer nor interrupt: the farewell is said all the same.',
    ]);
    expect([bench.created, bench.session.is.hangup]).toEqual([[], 'saying']);
    confirms(bench);
    expect(bench.created).toEqual(['farewell']);
  });

  it('is not told twice of what was confirmed too late', () => {
    const bench = quieting();
    bench.waits(3_000);
    confirms(bench);
    expect(bench.created).toEqual(['farewell']);
    expect(bench.faults).toHaveLength(1);
  });

  it('ends at its deadline, if nothing was confirmed at all', () => {
    const bench = quieting();
    bench.waits(9_000);
    expect(bench.commanded[0]).toBe('end-call asked');
  });

  it('ends at its deadline, though the tick of the third was missed', () => {
    const bench = quieting();
    bench.now += 9_000;
    bench.step({ type: 'tick' });
    expect(bench.commanded).toEqual(['end-call asked']);
    expect(bench.session.connection.ending).toEqual({ kind: 'hung-up', farewell: 'failed' });
  });

  it('is heard to its end though the user speaks', () => {
    const bench = quieting();
    confirms(bench);
    bench.creates('resp_bye');
    bench.reads(audioDelta('resp_bye', 500), done('resp_bye'), speechStarted());
    expect(bench.truncated).toEqual([]);
    bench.waits(500);
    expect(bench.commanded).toEqual(['end-call asked']);
  });

  it('by close() is over: its update is no fault of the server’s', () => {
    const bench = quieting();
    bench.closes();
    expect(new Set(bench.commanded)).toEqual(new Set(['close-line', 'end-call asked']));
    expect(bench.created).toEqual([]);
  });

  it('by a lost connection is over, and still ends the leg', () => {
    const bench = quieting();
    bench.loses(1006);
    expect(bench.commanded).toEqual(['end-call asked']);
    expect(bench.session.is.hangup).toBe('ended');
  });
});
