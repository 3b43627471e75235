import { describe, expect, test } from 'vitest';
import type { ConfirmedSession, Ears, ResponseOutcome, Transport } from '../../types/index.js';
import { jsonSchema, tool } from '../../src/index.js';
import { connect } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import {
  directory,
  inside,
  Ownership,
  plannedIn,
  recordings,
  SlotReading,
  type Entry,
  type Recording,
} from './record.js';

/** A server that sends the recorded frames when told to, and keeps what it is sent. */
function scripted(): { transport: Transport; says: (event: Entry['event']) => void; sent: Entry['event'][] } {
  const sent: Entry['event'][] = [];
  const listening: Ears[] = [];
  const transport: Transport = {
    open(ears) {
      listening.push(ears);
      return Promise.resolve({
        send: (text: string) => sent.push(JSON.parse(text) as Entry['event']),
        close: () => ears.gone({ code: 1000, reason: '' }),
      });
    },
  };
  return { transport, sent, says: (event) => listening[0]!.frame(JSON.stringify(event)) };
}

interface Played {
  readonly session: ConfirmedSession<string>;
  readonly sent: readonly Entry['event'][];
  /** The events received after the confirmation, and those that listeners received. */
  readonly received: readonly Entry['event'][];
  readonly heard: readonly unknown[];
  readonly heardByName: readonly unknown[];
  readonly audio: readonly string[];
  readonly faults: readonly Error[];
  readonly outcomes: readonly ResponseOutcome[];
}
interface Step {
  readonly entry: Entry;
  readonly session: ConfirmedSession<string>;
  readonly slot: SlotReading;
  /** How many creates have been sent. */
  readonly creates: number;
}

/** Plays a recording over a scripted transport: our user does what the recorded client did. */
async function play(recording: Recording, look: (step: Step) => void = () => undefined): Promise<Played> {
  const { transport, says, sent } = scripted();
  const clock = virtualClock();
  const connecting = connect({ transport, kind: recording.kind, clock });
  const echo = recording.entries.findIndex(({ event }) => event.type === 'session.updated');
  const before = recording.entries.slice(0, echo);
  for (const { event } of before.filter(({ direction }) => direction === 'received')) says(event);
  const asked = before.find(({ event }) => event.type === 'session.update')!.event;
  const { tools, ...settings } = plannedIn(asked);
  const configuring = (await connecting).configure({
    session: settings,
    tools: toolsOf(recording, tools as readonly RecordedTool[] | undefined),
  });
  says(recording.entries[echo]!.event);
  const session: ConfirmedSession<string> = await configuring;

  const received: Entry['event'][] = [];
  const heard: unknown[] = [];
  const heardByName: unknown[] = [];
  const audio: string[] = [];
  const faults: Error[] = [];
  const outcomes: Promise<ResponseOutcome>[] = [];
  session.on('event', (event) => heard.push(event));
  session.on('audio', ({ bytes }) => audio.push(Buffer.from(bytes).toString('base64')));
  session.on('fault', (fault) => faults.push(fault));
  session.on('response', ({ purpose, done }) => purpose !== null && outcomes.push(done));
  const names = new Set(recording.entries.map(({ event }) => event.type)) as ReadonlySet<'response.done'>;
  for (const name of names) session.on(name, (event) => heardByName.push(event));
  clock.advance(1);

  const ownership = new Ownership(recording);
  let owned = 0;
  const slot = new SlotReading();
  for (const entry of recording.entries.slice(echo + 1)) {
    clock.advance(1);
    slot.read(entry);
    if (entry.direction === 'received') {
      const event = ownership.received(entry.event);
      received.push(event);
      says(event);
    } else act(entry.event);
    // A tool answers as soon as the program has nothing else to do.
    await new Promise(setImmediate);
    const creates = sent.filter(({ type }) => type === 'response.create');
    for (; owned < creates.length; owned++) ownership.creates(creates[owned]);
    look({ entry, session, slot, creates: creates.length });
  }
  return { session, sent, received, heard, heardByName, audio, faults, outcomes: await Promise.all(outcomes) };

  function act(event: Entry['event']): void {
    if (event.type === 'input_audio_buffer.append') session.appendAudio(event['audio'] as string);
    else if (event.type === 'response.create') {
      if (!answersTool(recording, event)) session.respond('recorded', { whenBlocked: 'refuse' });
    } else if (outputIn(event) === undefined) session.send(ownership.names(event) as never);
  }
}

interface RecordedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The record's tools as ours: they answer what that client answered, and the follow-up is the session's own business. */
const toolsOf = (recording: Recording, declared: readonly RecordedTool[] | undefined) =>
  declared?.map(({ name, description, parameters }) =>
    tool({
      name,
      description,
      parameters: jsonSchema(parameters),
      run: () =>
        sentIn(recording)
          .map(outputIn)
          .find((output) => output !== undefined),
    }),
  );

const outputIn = (event: Entry['event']): unknown => inside(event, 'item', 'output');

/** A create that follows a tool's output. */
const answersTool = (recording: Recording, event: Entry['event']): boolean => {
  const sent = sentIn(recording);
  return outputIn(sent[sent.indexOf(event) - 1] ?? event) !== undefined;
};

const typesOf = (events: readonly { readonly type: string }[]): readonly string[] => events.map(({ type }) => type);
const withoutOurIds = (event: Entry['event']): unknown => {
  if (event.type === 'session.update') return plannedIn(event);
  const { event_id: _, item, ...rest } = event;
  const { id: __, ...named } = (item ?? {}) as Record<string, unknown>;
  return item === undefined ? rest : { ...rest, item: named };
};
const sentIn = ({ entries }: Recording): readonly Entry['event'][] =>
  entries.filter(({ direction }) => direction === 'sent').map(({ event }) => event);

describe.skipIf(directory === undefined)('recorded sessions, through a whole session', () => {
  test('there are some', () => {
    expect(recordings.length).toBeGreaterThan(0);
  });

  describe.each(recordings)('$name', (recording) => {
    test('every event is heard as it was received, in order, by all who listen and by its name', async () => {
      const { received, heard, heardByName } = await play(recording);
      expect(received.length).toBeGreaterThan(0);
      expect(heard).toEqual(received);
      expect(heardByName).toEqual(received);
    });

    test('every piece of audio is heard as bytes', async () => {
      const { received, audio } = await play(recording);
      const deltas = received.filter(({ type }) => type === 'response.output_audio.delta');
      expect(audio).toEqual(deltas.map(({ delta }) => delta));
    });

    test('what goes out is what that client sent, and nothing else', async () => {
      const { sent } = await play(recording);
      expect(typesOf(sent)).toEqual(typesOf(sentIn(recording)));
      const plain = (events: readonly Entry['event'][]) =>
        events.filter(({ type }) => type !== 'response.create').map(withoutOurIds);
      expect(plain(sent)).toEqual(plain(sentIn(recording)));
    });

    test('no fault is heard', async () => {
      const { faults } = await play(recording);
      expect(faults).toEqual([]);
    });

    test('the state says at every step which response is open, and whether a create is out', async () => {
      let answered = 0;
      await play(recording, ({ entry, session, slot, creates }) => {
        if (entry.event.type === 'response.created' && creates > answered) answered++;
        const outstanding = creates > answered;
        const { state } = session;
        expect(state.responses.map(({ id }) => id)).toEqual(slot.holders);
        expect(state.outstanding !== null).toBe(outstanding);
        expect(state.shut.includes('response-active')).toBe(outstanding || slot.holders.length > 0);
      });
    });

    test('each response that was asked for ends as the record says, with its text', async () => {
      const { outcomes, received } = await play(recording);
      const ours = received.filter(
        (event) =>
          event.type === 'response.done' && inside(event, 'response', 'metadata', 'gated_purpose') !== undefined,
      );
      const asRecorded = ours.map(({ response }) => ({ status: inside(response, 'status'), response }));
      expect(outcomes).toMatchObject(asRecorded);
      expect(outcomes).toHaveLength(sentIn(recording).filter(({ type }) => type === 'response.create').length);
    });

    test('at its end every guard is open', async () => {
      const { session } = await play(recording);
      expect(session.state).toMatchObject({
        shut: [],
        held: [],
        outstanding: null,
        responses: [],
        dropped: 0,
        epoch: 1,
      });
    });
  });
});
