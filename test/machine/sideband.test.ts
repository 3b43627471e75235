import { describe, expect, it } from 'vitest';
import { given, refusal, sessionUpdated, sessionWith, unconfirmed, type Bench } from './bench.js';

const echo = (bench: Bench, instructions: string): void => bench.reads(sessionUpdated({ instructions }));

describe('on a sideband, before anything was confirmed', () => {
  const sideband = (): Bench => {
    const bench = unconfirmed({ line: 'sideband' });
    bench.asksToConfigure({ instructions: 'Sing.' }, { timeoutMs: 500 });
    return bench;
  };

  it("another writer's echo is not yet a mismatch", () => {
    const bench = sideband();
    echo(bench, 'Hum.');
    expect(bench.confirmations).toEqual([]);
    echo(bench, 'Sing.');
    expect(bench.confirmations).toEqual(['1 confirmed']);
  });

  it('it is one at the timeout', () => {
    const bench = sideband();
    echo(bench, 'Hum.');
    bench.waits(500);
    expect(bench.failureOf(1)).toEqual({
      kind: 'mismatch',
      differences: [{ path: 'instructions', asked: 'Sing.', got: 'Hum.' }],
    });
  });

  it('no echo at all is a timeout', () => {
    const bench = sideband();
    bench.waits(500);
    expect(bench.confirmations).toEqual(['1 timeout']);
  });
});

describe('on a sideband, once a configuration was confirmed', () => {
  const confirmed = (): Bench => given({ line: 'sideband' });

  it("another writer's echo shuts nothing while nothing is asked", () => {
    const bench = confirmed();
    echo(bench, 'Hum.');
    expect([bench.shut, bench.notices]).toEqual([[], []]);
  });

  it('a mismatch at the timeout has the last confirmed configuration sent once more', () => {
    const bench = confirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    echo(bench, 'Hum.');
    bench.waits(10_000);
    expect(bench.confirmations).toEqual(['2 mismatch']);
    expect(bench.updated.at(-1)).toEqual({ ...sessionWith('off'), type: 'realtime' });
  });

  it("another writer's echo decides nothing of what is doubtful or sent once more", () => {
    const bench = confirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(refusal('unknown_parameter', null));
    echo(bench, 'Hum.');
    expect(bench.session.is.configuration).toBe('doubtful');
    bench.reads(sessionUpdated(sessionWith('off')));
    expect(bench.confirmations).toEqual(['2 rejected']);
  });
});
