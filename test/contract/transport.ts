import { expect, onTestFinished, test, vi } from 'vitest';
import { ConnectError } from '../../src/errors.js';
import type { Line, Transport } from '../../types/index.js';
import { listening, type Listening } from '../transport/listening.js';

/** The other end of one connection. */
export interface Peer {
  say(text: string): void;
  /** The frames received, once there are this many. */
  heard(count: number): Promise<readonly string[]>;
  close(code: number, reason: string): void;
  /** Disappears without a close frame. */
  drop(): void;
  /** Resolves once the connection has ended on its side. */
  left(): Promise<void>;
}

export interface Setup {
  readonly transport: Transport;
  /** The other end of the next connection that is opened. */
  accepted(): Promise<Peer>;
  stop(): Promise<void>;
}

export interface Harness {
  readonly name: string;
  make(): Promise<Setup>;
  /** A frame with this text that the peer accepts. */
  frame(text: string): string;
  readonly capabilities: {
    /** The codes and reasons with which the peer can close. */
    readonly closings: readonly (readonly [code: number, reason: string])[];
    /** Delivers the bytes of a frame in pieces. */
    inPieces?(peer: Peer, text: string): void;
    /** A peer that accepts the TCP connection and never opens the WebSocket. */
    stalled?(): Promise<Setup & { knocked(): Promise<void>; left(): Promise<void> }>;
    /** Makes a peer never answer a close. */
    deafToClose?(peer: Peer): void;
    /** Sends a ping from the peer; given if the connection supports pings. */
    ping?(peer: Peer): void;
    /** Makes a peer stop reading, and resume. The connection knows how much it has not sent. */
    readers?: { stall(peer: Peer): void; readOn(peer: Peer): void };
  };
}

const never = new AbortController().signal;

interface Opened extends Setup {
  readonly ears: Listening;
  readonly line: Line;
  readonly peer: Peer;
}

/** The tests that every transport must pass. */
export function transportContract(harness: Harness): void {
  const { capabilities } = harness;
  const made = async (): Promise<Setup> => {
    const setup = await harness.make();
    onTestFinished(() => setup.stop());
    return setup;
  };
  const opened = async (): Promise<Opened> => {
    const setup = await made();
    const ears = listening();
    const [line, peer] = await Promise.all([setup.transport.open(ears, never), setup.accepted()]);
    return { ...setup, ears, line, peer };
  };

  const { frame } = harness;

  test('carries frames to the peer in order', async () => {
    const { line, peer } = await opened();
    const texts = ['one', 'two', 'three'].map(frame);
    for (const text of texts) line.send(text);
    expect(await peer.heard(3)).toEqual(texts);
  });

  test('carries frames from the peer in order', async () => {
    const { ears, peer } = await opened();
    const texts = ['one', 'two', 'three'].map(frame);
    for (const text of texts) peer.say(text);
    expect(await ears.frames(3)).toEqual(texts);
  });

  test('lets nothing be heard before the line is there, and loses nothing of it', async () => {
    const { transport, accepted } = await made();
    const ears = listening();
    const spoken = accepted().then((peer) => {
      peer.say(frame('at once'));
      peer.say(frame('and again'));
    });
    await transport.open(ears, never);
    expect(ears.heard).toEqual([]);
    await spoken;
    expect(await ears.frames(2)).toEqual([frame('at once'), frame('and again')]);
  });

  test.each(capabilities.closings)(
    'brings what the peer says, and then once that it closed with %i "%s"',
    async (code, reason) => {
      const { ears, peer, line } = await opened();
      const error = '{"type":"error","error":{"code":"invalid_model"}}';
      peer.say(error);
      peer.close(code, reason);
      await peer.left();
      expect(await ears.ended()).toEqual({ code, reason });
      expect(ears.heard).toEqual([error]);
      line.close(1000, '');
      expect(ears.ends).toHaveLength(1);
    },
  );

  test('says once that our own close has come through', async () => {
    const { ears, peer, line } = await opened();
    line.close(1000, 'done');
    await peer.left();
    expect(await ears.ended()).toMatchObject({ code: 1000 });
    expect(ears.ends).toHaveLength(1);
  });

  test('says that the line was dropped without a close: its code is null', async () => {
    const { ears, peer } = await opened();
    peer.drop();
    expect(await ears.ended()).toMatchObject({ code: null });
    expect(ears.ends).toHaveLength(1);
  });

  test('closes once, however often it is asked', async () => {
    const { ears, peer, line } = await opened();
    line.close(1000, 'first');
    line.close(1001, 'second');
    await peer.left();
    expect(await ears.ended()).toMatchObject({ code: 1000 });
    line.close(1000, 'third');
    expect(ears.ends).toHaveLength(1);
  });

  test('takes a reason longer than a close frame can hold', async () => {
    const { ears, peer, line } = await opened();
    line.close(1000, 'ü'.repeat(200));
    await peer.left();
    expect(await ears.ended()).toMatchObject({ code: 1000 });
  });

  test('sends what was written before the close', async () => {
    const { peer, line } = await opened();
    line.send(frame('last words'));
    line.close(1000, '');
    await peer.left();
    expect(await peer.heard(1)).toEqual([frame('last words')]);
  });

  test('drops what is sent after the close, in silence', async () => {
    const { ears, peer, line } = await opened();
    line.send(frame('before'));
    line.close(1000, '');
    line.send(frame('after'));
    await ears.ended();
    line.send(frame('long after'));
    await peer.left();
    expect(await peer.heard(1)).toEqual([frame('before')]);
  });

  test('drops what is sent after the peer has gone, in silence', async () => {
    const { ears, peer, line } = await opened();
    peer.drop();
    line.send(frame('into the void'));
    await ears.ended();
    line.send(frame('into the void'));
    line.close(1000, '');
    expect(ears.ends).toHaveLength(1);
  });

  test('opens nothing for a signal that is aborted already', async () => {
    const { transport } = await made();
    const ears = listening();
    const refused = await transport.open(ears, AbortSignal.abort()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConnectError);
    expect(refused).toMatchObject({ failure: { kind: 'aborted' } });
    expect(ears.ends).toEqual([]);
  });

  test('leaves an open line alone when the signal is aborted later', async () => {
    const { transport, accepted } = await made();
    const ears = listening();
    const controller = new AbortController();
    const [line, peer] = await Promise.all([transport.open(ears, controller.signal), accepted()]);
    controller.abort();
    line.send(frame('still here'));
    expect(await peer.heard(1)).toEqual([frame('still here')]);
    peer.say(frame('so am I'));
    await ears.hears(frame('so am I'));
  });

  test('opens each line anew', async () => {
    const { transport, accepted, line, ears } = await opened();
    const others = listening();
    const [other, otherPeer] = await Promise.all([transport.open(others, never), accepted()]);
    line.close(1000, '');
    await ears.ended();
    other.send(frame('to the other'));
    expect(await otherPeer.heard(1)).toEqual([frame('to the other')]);
    otherPeer.say(frame('still there'));
    await others.hears(frame('still there'));
    expect(others.ends).toEqual([]);
    expect(ears.heard).toEqual([]);
  });

  const anyText = 'naïve – 日本語 😀 \u0001\u2028 "\\';
  const texts: [string, string][] = [
    ['a frame of 3.4 MB', 'QUJD'.repeat(850_000)],
    ['any text there is', anyText],
  ];

  test.each(texts)('carries %s to the peer', async (_, text) => {
    const { peer, line } = await opened();
    line.send(frame(text));
    expect((await peer.heard(1))[0] === frame(text)).toBe(true);
  });

  test.each(texts)('carries %s from the peer', async (_, text) => {
    const { ears, peer } = await opened();
    peer.say(frame(text));
    expect((await ears.frames(1))[0] === frame(text)).toBe(true);
  });

  const { inPieces, stalled, deafToClose, ping, readers } = capabilities;

  if (inPieces) {
    test('puts a frame together whose characters arrive in halves', async () => {
      const { ears, peer } = await opened();
      inPieces(peer, '日本語😀');
      expect(await ears.frames(1)).toEqual(['日本語😀']);
    });
  }

  if (stalled) {
    test('leaves nothing open when it is aborted while opening', async () => {
      const { transport, knocked, left, stop } = await stalled();
      onTestFinished(stop);
      const ears = listening();
      const controller = new AbortController();
      const opening = transport.open(ears, controller.signal).catch((error: unknown) => error);
      await knocked();
      controller.abort();
      expect(await opening).toMatchObject({ failure: { kind: 'aborted' } });
      await left();
      expect(ears).toMatchObject({ heard: [], ends: [] });
    });
  }

  if (deafToClose) {
    test('ends all the same when the peer never answers a close', async () => {
      const { ears, peer, line } = await opened();
      deafToClose(peer);
      line.close(1000, '');
      expect(await ears.ended()).toMatchObject({ code: null });
    });
  }
  if (ping) {
    test('tells that the peer lives when it answers a ping', async () => {
      const { ears, line } = await opened();
      line.ping?.();
      line.ping?.();
      await ears.lives(2);
      expect(ears).toMatchObject({ heard: [], ends: [], signs: 2 });
    });

    test('tells that the peer lives when it pings', async () => {
      const { ears, peer } = await opened();
      ping(peer);
      await ears.lives(1);
      expect(ears).toMatchObject({ heard: [], ends: [], signs: 1 });
    });

    test('lets no sign of life be heard before the line is there', async () => {
      const { transport, accepted } = await made();
      const ears = listening();
      const pinged = accepted().then(ping);
      await transport.open(ears, never);
      expect(ears.signs).toBe(0);
      await pinged;
      await ears.lives(1);
    });

    test('serves ears that ask for no signs of life', async () => {
      const { transport, accepted } = await made();
      const { alive: _, ...ears } = listening();
      const [line, peer] = await Promise.all([transport.open(ears, never), accepted()]);
      ping(peer);
      line.ping?.();
      peer.say(frame('after the ping'));
      expect(await ears.frames(1)).toEqual([frame('after the ping')]);
    });

    test('asks a peer that has gone for nothing, in silence', async () => {
      const { ears, line, peer } = await opened();
      peer.drop();
      line.ping?.();
      await ears.ended();
      line.ping?.();
      expect(ears.ends).toHaveLength(1);
    });

    test('asks nothing after the close, in silence', async () => {
      const { ears, line } = await opened();
      line.close(1000, '');
      line.ping?.();
      await ears.ended();
      line.ping?.();
      expect(ears).toMatchObject({ signs: 0, ends: [{}] });
    });
  }

  if (readers) {
    test('counts the bytes that a peer who reads nothing has not been sent, until it reads on', async () => {
      const { line, peer } = await opened();
      const unsent = (): number | undefined => line.unsentBytes;
      expect(unsent()).toBe(0);
      readers.stall(peer);
      const megabyte = frame('x'.repeat(1_000_000));
      for (let count = 1; count <= 40; count++) line.send(megabyte);
      expect(unsent()).toBeGreaterThan(20_000_000);
      expect(unsent()).toBeLessThan(41 * megabyte.length);
      readers.readOn(peer);
      await peer.heard(40);
      await vi.waitFor(() => expect(unsent()).toBe(0));
    });
  }
}
