import { describe, expect, test } from 'vitest';
import {
  createSession,
  ledgerOf,
  noTools,
  step,
  type Asking,
  type Input,
  type Notice,
  type Session,
} from '../../src/machine/index.js';
import { wholeOf } from '../money/by-hand.js';
import { defaultRules } from '../../src/session/plan.js';
import { decode } from '../../src/wire/index.js';
import {
  directory,
  isServersOwnPersona,
  Ownership,
  recordings,
  settingsIn,
  SlotReading,
  type Entry,
  type Recording,
} from './record.js';

/** Whose creates the recording contains: another writer's, or ours. */
type Writer = 'another' | 'ours';
interface Seen {
  readonly entry: Entry;
  readonly machine: Session;
  readonly notices: readonly Notice[];
  readonly slot: SlotReading;
}

/** Plays a recording, one millisecond per entry; `look` is called after each. */
function play(recording: Recording, writer: Writer, look: (seen: Seen) => void, accept = isServersOwnPersona): Session {
  const machine = createSession({ ...defaultRules(recording.kind, null), prefix: 'gr', accept: 'asked' });
  const ask: Asking = (question) => ({ yes: 'accept' in question && accept(question.accept) });
  const slot = new SlotReading();
  const ownership = new Ownership(recording);
  recording.entries.forEach((entry, now) => {
    const input =
      entry.direction === 'received'
        ? received(writer === 'ours' ? ownership.received(entry.event) : entry.event, now)
        : sent(ownership.names(entry.event), writer, now);
    const { frames, notices } = input ? step(machine, input, ask) : { frames: [], notices: [] };
    for (const frame of frames) if (frame.type === 'response.create') ownership.creates(frame);
    slot.read(entry);
    look({ entry, machine, notices, slot });
  });
  return machine;
}

function received(event: Entry['event'], now: number): Input {
  const decoded = decode(JSON.stringify(event));
  if (decoded.kind === 'unreadable') throw new Error(`The wire cannot read a recorded ${event.type}.`);
  const audioBytes = decoded.kind === 'audio' ? decoded.bytes.length : 0;
  return { type: 'frame', event: decoded.event, audioBytes, now };
}

function sent(event: Entry['event'], writer: Writer, now: number): Input | null {
  switch (event.type) {
    case 'session.update':
      return { type: 'update', update: { id: 1, session: settingsIn(event), timeoutMs: 10_000, tools: noTools }, now };
    case 'response.create':
      return writer === 'ours' ? { type: 'respond', ask: anAsk(now), now } : null;
    default:
      return { type: 'send', event, now };
  }
}

const anAsk = (id: number): Extract<Input, { type: 'respond' }>['ask'] => ({
  id,
  purpose: 'recorded',
  params: null,
  whenBlocked: 'refuse',
  override: [],
  interrupt: false,
  holdForMs: 1_000,
  origin: 'user',
  depth: 0,
  attempt: 0,
  root: null,
  unseenBefore: 0,
  withdrawn: false,
});

const holdersOf = ({ responses }: Session): readonly string[] =>
  [...responses.open.values()].filter(({ state, lane }) => state === 'open' && lane === 'default').map(({ id }) => id);

const creates = ({ entries }: Recording): number =>
  entries.filter(({ event }) => event.type === 'response.create').length;

describe.skipIf(directory === undefined)('recorded sessions, through wire and gate', () => {
  test('there are some', () => {
    expect(recordings.length).toBeGreaterThan(0);
  });

  describe.each(recordings)('$name', (recording) => {
    test('every received frame is read as the event that was sent, audio with its bytes', () => {
      for (const { event } of recording.entries.filter(({ direction }) => direction === 'received')) {
        const decoded = decode(JSON.stringify(event));
        expect(decoded).toMatchObject({ event });
        const audio = event.type === 'response.output_audio.delta';
        expect(decoded.kind).toBe(audio ? 'audio' : 'event');
        if (decoded.kind === 'audio') expect(Buffer.from(decoded.bytes).toString('base64')).toBe(event['delta']);
      }
    });

    test.each<Writer>(['another', 'ours'])(
      'the gate knows what holds the slot at every step, where the creates are %s',
      (writer) => {
        play(recording, writer, ({ entry, machine, slot }) => {
          expect(holdersOf(machine), `after ${entry.direction} ${entry.event.type}`).toEqual(slot.holders);
        });
      },
    );

    test.each<Writer>(['another', 'ours'])('the gate finds no fault, where the creates are %s', (writer) => {
      const unwanted = new Set<Notice['kind']>(['fault', 'unconfirmed', 'refused']);
      play(recording, writer, ({ notices }) => {
        expect(notices.filter(({ kind }) => unwanted.has(kind))).toEqual([]);
      });
    });

    test.each<Writer>(['another', 'ours'])('the ledger adds up to what was computed by hand, creates %s', (writer) => {
      const session = play(recording, writer, () => undefined);
      const { model, total, automatic, byPurpose } = ledgerOf(session);
      expect({ model, nanoUsd: total.nanoUsd, unpriced: total.unpriced }).toEqual({
        model: 'gpt-realtime',
        nanoUsd: wholeOf(`${recording.name}.jsonl`),
        unpriced: 0,
      });
      const asked = writer === 'ours' ? creates(recording) : 0;
      expect(byPurpose['recorded']?.count ?? 0).toBe(asked);
      expect(automatic.count + asked + session.spending.transcription.count).toBe(total.count);
    });

    test('the gate is confirmed by the recorded echo of the recorded update, and by nothing before it', () => {
      let echoed = false;
      play(recording, 'another', ({ entry, machine }) => {
        echoed ||= entry.event.type === 'session.updated';
        expect(machine.is.configuration === 'confirmed', `after ${entry.event.type}`).toBe(echoed);
      });
    });

    test('without the waiver, an echo counts as it stands: empty instructions are not confirmed by a persona', () => {
      const asked = recording.entries.find(({ event }) => event.type === 'session.update')?.event;
      const failures: unknown[] = [];
      const look = ({ notices }: Seen): void => {
        for (const notice of notices) if (notice.kind === 'unconfirmed') failures.push(notice.failure);
      };
      play(recording, 'another', look, () => false);
      const isEmpty = asked !== undefined && settingsIn(asked)['instructions'] === '';
      const mismatch = { kind: 'mismatch', differences: [{ path: 'instructions', asked: '' }] };
      if (isEmpty) expect(failures).toMatchObject([mismatch]);
      else expect(failures).toEqual([]);
    });

    test('each recorded create is admitted as it was sent, and ends completed', () => {
      const ends: unknown[] = [];
      const machine = play(recording, 'ours', ({ notices }) => {
        for (const notice of notices) {
          if (notice.kind === 'ended' && notice.requests.length > 0) ends.push(notice.outcome.status);
        }
      });
      expect(ends).toEqual(Array.from({ length: creates(recording) }, () => 'completed'));
      expect(machine.requests.all.size).toBe(0);
    });

    test('nothing of it remains open', () => {
      const machine = play(recording, 'ours', () => undefined);
      expect(machine.is).toMatchObject({ voice: 'silent', button: 'released', automatic: 'quiet' });
      expect(machine.is.configuration).toBe('confirmed');
      expect([machine.requests.queue, machine.items.unadded]).toEqual([[], []]);
      expect(machine.responses.open.size).toBe(0);
    });
  });
});
