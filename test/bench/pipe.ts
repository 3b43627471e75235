import { createHash } from 'node:crypto';
import { Duplex } from 'node:stream';

/** A network without delay: it hands over what a `ws` socket writes, and feeds it frames. */
export interface Pipe {
  /** The socket's end: `new WebSocket(url, { createConnection: pipe.connect })`. */
  readonly connect: () => Duplex;
  /** Delivers whole WebSocket frames, made by `framed()`. All are processed before it returns. */
  readonly arrives: (frames: Buffer) => void;
  /** Called with every frame written after the handshake; null: nobody listens. */
  heard: ((frame: Buffer) => void) | null;
  /** Called once the handshake is over. */
  opened: () => void;
}

/** Answers the handshake, then carries bytes. */
export function pipe(): Pipe {
  let state: 'closed' | 'open' = 'closed';
  const end = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      if (state === 'closed') answer(chunk.toString());
      else if (made.heard) made.heard(chunk);
      done();
    },
    writev(chunks, done) {
      const all = (): Buffer => Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer));
      if (state === 'closed') answer(all().toString());
      else if (made.heard) made.heard(all());
      done();
    },
  });
  const answer = (request: string): void => {
    const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? '';
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    state = 'open';
    end.push(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    setImmediate(() => made.opened());
  };
  const made: Pipe = {
    connect: () => end,
    arrives: (frames) => void end.push(frames),
    heard: null,
    opened: () => undefined,
  };
  return made;
}

/** A text as a server's WebSocket frame: complete, and not masked. */
export function framed(text: Buffer): Buffer {
  const { length } = text;
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), text]);
  const head = Buffer.from([0x81, 126, length >> 8, length & 255]);
  if (length < 65_536) return Buffer.concat([head, text]);
  throw new Error('Longer frames are not needed here.');
}

/** The text in a client's frame, which is complete and masked. */
export function unframed(frame: Buffer): string {
  const long = (frame[1]! & 127) === 126 ? 2 : 0;
  const mask = frame.subarray(2 + long, 6 + long);
  return Buffer.from(frame.subarray(6 + long).map((byte, index) => byte ^ mask[index & 3]!)).toString();
}
