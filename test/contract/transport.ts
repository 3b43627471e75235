import { expect, onTestFinished, test } from 'vitest';
import { ConnectError } from '../../src/errors.js';
import type { Line, Transport } from '../../src/transport/transport.js';
import { listening, type Listening } from '../transport/listening.js';

/** The other end of one line. */
export interface Peer {
  say(text: string): void;
  /** The frames that reached it so far, once there are so many. */
  heard(count: number): Promise<readonly string[]>;
  close(code: number, reason: string): void;
  /** Is gone without a close frame. */
  drop(): void;
  /** Resolves once the line has ended at its side. */
  left(): Promise<void>;
}

export interface Setup {
  readonly transport: Transport;
  /** The other end of the next line that was opened. */
  accepted(): Promise<Peer>;
  stop(): Promise<void>;
}

export interface Harness {
  readonly name: string;
  make(): Promise<Setup>;
  readonly capabilities: {
    /** A frame's bytes can arrive in pieces. */
    inPieces?(peer: Peer, text: string): void;
    /** A peer that is knocked at and never opens. */
    stalled?(): Promise<Setup & { knocked(): Promise<void>; left(): Promise<void> }>;
    /** A peer that never answers a close. */
    deafToClose?(peer: Peer): void;
  };
}

const never = new AbortController().signal;

interface Opened extends Setup {
  readonly ears: Listening;
  readonly line: Line;
  readonly peer: Peer;
}

/** What every transport does, whatever carries its text. */
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

  test('carries frames to the peer in order', async () => {
    const { line, peer } = await opened();
    for (const text of ['one', 'two', 'three']) line.send(text);
    expect(await peer.heard(3)).toEqual(['one', 'two', 'three']);
  });

  test('carries frames from the peer in order', async () => {
    const { ears, peer } = await opened();
    for (const text of ['one', 'two', 'three']) peer.say(text);
    expect(await ears.frames(3)).toEqual(['one', 'two', 'three']);
  });

  test('lets nothing be heard before the line is there, and loses nothing of it', async () => {
    const { transport, accepted } = await made();
    const ears = listening();
    const spoken = accepted().then((peer) => {
      peer.say('at once');
      peer.say('and again');
    });
    await transport.open(ears, never);
    expect(ears.heard).toEqual([]);
    await spoken;
    expect(await ears.frames(2)).toEqual(['at once', 'and again']);
  });

  test('brings what the peer says and then that it left, and means nothing by it', async () => {
    const { ears, peer } = await opened();
    peer.say('{"type":"error","error":{"code":"invalid_model"}}');
    peer.close(4000, 'invalid_request_error.invalid_model');
    expect(await ears.ended()).toEqual({ code: 4000, reason: 'invalid_request_error.invalid_model' });
    expect(ears.heard).toEqual(['{"type":"error","error":{"code":"invalid_model"}}']);
  });

  test.each([
    [1000, ''],
    [1001, 'Your session hit the maximum duration of 60 minutes.'],
    [3000, 'invalid_request_error.invalid_api_key'],
  ])('says once that the peer closed with %i "%s"', async (code, reason) => {
    const { ears, peer, line } = await opened();
    peer.close(code, reason);
    await peer.left();
    await ears.ended();
    line.close(1000, '');
    expect(ears.ends).toEqual([{ code, reason }]);
  });

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
    line.send('last words');
    line.close(1000, '');
    await peer.left();
    expect(await peer.heard(1)).toEqual(['last words']);
  });

  test('drops what is sent after the close, in silence', async () => {
    const { ears, peer, line } = await opened();
    line.send('before');
    line.close(1000, '');
    line.send('after');
    await ears.ended();
    line.send('long after');
    await peer.left();
    expect(await peer.heard(1)).toEqual(['before']);
  });

  test('drops what is sent after the peer has gone, in silence', async () => {
    const { ears, peer, line } = await opened();
    peer.drop();
    line.send('into the void');
    await ears.ended();
    line.send('into the void');
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
    line.send('still here');
    peer.say('so am I');
    expect(await peer.heard(1)).toEqual(['still here']);
    expect(await ears.frames(1)).toEqual(['so am I']);
  });

  test('opens each line anew', async () => {
    const { transport, accepted, line, peer, ears } = await opened();
    const others = listening();
    const [other, otherPeer] = await Promise.all([transport.open(others, never), accepted()]);
    other.send('to the other');
    peer.say('from the first');
    line.close(1000, '');
    await ears.ended();
    otherPeer.say('still there');
    expect(await otherPeer.heard(1)).toEqual(['to the other']);
    expect(await others.frames(1)).toEqual(['still there']);
    expect(ears.heard).toEqual(['from the first']);
  });

  test('carries a frame of 3.4 MB both ways', async () => {
    const { ears, peer, line } = await opened();
    const large = JSON.stringify({ type: 'conversation.item.retrieved', audio: 'QUJD'.repeat(850_000) });
    peer.say(large);
    line.send(large);
    expect((await ears.frames(1))[0] === large).toBe(true);
    expect((await peer.heard(1))[0] === large).toBe(true);
  });

  test('carries any text there is', async () => {
    const { ears, peer, line } = await opened();
    const text = 'naïve – 日本語 😀 \u0000\u2028 "\\';
    peer.say(text);
    line.send(text);
    expect(await ears.frames(1)).toEqual([text]);
    expect(await peer.heard(1)).toEqual([text]);
  });

  const { inPieces, stalled, deafToClose } = capabilities;

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
}
