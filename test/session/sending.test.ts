import { describe, expect, it } from 'vitest';
import { MisuseError, TransportError } from '../../src/errors.js';
import { userMessage } from '../../src/helpers.js';
import type { ConfirmedSession } from '../../types/index.js';
import { ServerByHand, type Frame } from './by-hand.js';

const gated = ['response.create', 'response.cancel', 'session.update'] as const;

/** Every way in JavaScript to disguise an event. */
const disguises: readonly [string, (type: string) => unknown][] = [
  ['plainly', (type) => ({ type })],
  [
    'by a getter',
    (type) => ({
      get type() {
        return type;
      },
    }),
  ],
  [
    'by a getter that changes its mind',
    (type) => {
      let looked = 0;
      return {
        get type() {
          return looked++ === 0 ? 'input_audio_buffer.clear' : type;
        },
      };
    },
  ],
  ['by toJSON()', (type) => ({ type: 'input_audio_buffer.clear', toJSON: () => ({ type }) })],
  ['by a prototype', (type) => Object.create({ type })],
  [
    'by a proxy',
    (type) => new Proxy({ type: 'input_audio_buffer.clear' }, { get: (_, key) => (key === 'type' ? type : undefined) }),
  ],
  ['by a String object', (type) => ({ type: new String(type) })],
  [
    'by a class',
    (type) =>
      new (class {
        type = type;
      })(),
  ],
];

describe('send()', () => {
  it('sends any event but the three that are gated', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.send(userMessage('Hello.'));
    session.send({ type: 'input_audio_buffer.clear' });
    expect(server.types()).toEqual(['conversation.item.create', 'input_audio_buffer.clear']);
  });

  it.each(gated.flatMap((type) => disguises.map(([how, disguise]) => [type, how, disguise] as const)))(
    'puts no %s on the wire, %s',
    async (type, _, disguise) => {
      const server = new ServerByHand();
      const session = await server.opened();
      try {
        session.send(disguise(type) as never);
      } catch (error) {
        expect(error).toBeInstanceOf(MisuseError);
      }
      expect(server.types().filter((each) => (gated as readonly string[]).includes(each))).toEqual([]);
    },
  );

  it.each(gated)('says what to do instead of %s, and changes nothing', async (type) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const before = session.state;
    expect(() => session.send({ type } as never)).toThrow(MisuseError);
    expect(server.written).toEqual([]);
    expect(session.state).toEqual(before);
  });

  it.each([undefined, null, 7, 'text', [], {}, { type: 7 }, { type: 'x', n: 1n }])('throws for %o', async (event) => {
    const server = new ServerByHand();
    const session = await server.opened();
    expect(() => session.send(event as never)).toThrow(MisuseError);
    expect(server.written).toEqual([]);
  });

  it('sends all of an append: its event_id is how an error names it', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.send({ type: 'input_audio_buffer.append', audio: 'AAAA', event_id: 'mine' });
    expect(server.written).toEqual([{ type: 'input_audio_buffer.append', audio: 'AAAA', event_id: 'mine' }]);
    expect(() => session.send({ type: 'input_audio_buffer.append', audio: '!', event_id: 'mine' })).toThrow(
      MisuseError,
    );
    expect(server.written).toHaveLength(1);
  });

  it('after the end drops and counts, and still throws for misuse', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    await session.close();
    session.send(userMessage('Hello.'));
    session.send({ type: 'input_audio_buffer.append', audio: 'AAAA' });
    expect(() => session.send({ type: 'response.create' } as never)).toThrow(MisuseError);
    expect(session.state.dropped).toBe(2);
    expect(server.written).toEqual([]);
  });
});

describe('appendAudio()', () => {
  it.each([
    ['bytes', new Uint8Array([1, 2, 3])],
    ['base64', 'AQID'],
  ])('takes %s', async (_, audio) => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.appendAudio(audio);
    expect(server.written).toEqual([{ type: 'input_audio_buffer.append', audio: 'AQID' }]);
  });

  it.each([
    ['samples', new Int16Array(4)],
    ['what is not base64', 'no, not at all'],
    ['nothing', undefined],
    ['more than the server takes', new Uint8Array(12 * 1024 * 1024)],
  ])('does not take %s', async (_, audio) => {
    const server = new ServerByHand();
    const session = await server.opened();
    expect(() => session.appendAudio(audio as never)).toThrow(MisuseError);
    expect(server.written).toEqual([]);
  });

  it('after the end drops and counts: a carrier delivers media after our hang-up', async () => {
    const session = await new ServerByHand().opened();
    await session.close();
    for (let count = 0; count < 3; count++) session.appendAudio('AQID');
    expect(session.state.dropped).toBe(3);
  });

  it('goes on while the gate is shut: the caller is heard', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    void session.update({ session: { instructions: 'Sing.' } });
    session.appendAudio('AQID');
    expect(server.types()).toEqual(['session.update', 'input_audio_buffer.append']);
  });
});

describe('userTurn()', () => {
  it('moves the guard and sends nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.userTurn('begins');
    expect(session.state.shut).toEqual(['user-speaking']);
    session.userTurn('ends');
    expect(session.state.shut).toEqual([]);
    expect(server.written).toEqual([]);
  });

  it.each([true, 'begin', undefined])('does not take %s', async (edge) => {
    const session = await new ServerByHand().opened();
    expect(() => session.userTurn(edge as never)).toThrow(MisuseError);
  });
});

describe('a line that throws', () => {
  const broken = new Error('The channel is closing.');
  let state: 'well' | 'broken' = 'well';
  const answers = ({ type }: Frame, server: ServerByHand): void => {
    if (state === 'broken') throw broken;
    if (type === 'session.update') server.confirms();
  };

  it.each<[string, (session: ConfirmedSession<string>) => void]>([
    ['respond()', (session) => expect(session.respond('greeting').kind).toBe('admit')],
    ['send()', (session) => session.send(userMessage('Hello.'))],
    ['appendAudio()', (session) => session.appendAudio(new Uint8Array([1, 2]))],
  ])('is a fault, one frame lost, and the session goes on: %s', async (_, call) => {
    state = 'well';
    const server = new ServerByHand({ answers });
    const session = await server.opened();
    const faults: Error[] = [];
    const told: string[] = [];
    session.on('fault', (fault) => faults.push(fault));
    session.on('event', ({ type }) => told.push(type));
    state = 'broken';
    call(session);
    state = 'well';
    expect(faults).toHaveLength(1);
    expect(faults[0]).toBeInstanceOf(TransportError);
    expect(faults[0]!.cause).toBe(broken);
    expect(session.state.dropped).toBe(1);
    server.says({ type: 'rate_limits.updated' });
    expect(told).toEqual(['rate_limits.updated']);
  });
});
