import { z } from 'zod';

const message = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('start'),
    start: z.object({
      streamSid: z.string(),
      callSid: z.string(),
      mediaFormat: z.object({ encoding: z.literal('audio/x-mulaw'), sampleRate: z.literal(8000) }),
    }),
  }),
  z.object({ event: z.literal('media'), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), mark: z.object({ name: z.string().regex(/^\S+ \d+(\.\d+)?$/) }) }),
  z.object({ event: z.literal('dtmf'), dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/) }) }),
  z.object({ event: z.literal('stop') }),
]);

/** The messages of a media stream that the agent uses. `payload` is base64 of G.711 µ-law at 8 kHz. */
export type StreamMessage = z.infer<typeof message>;

/** Parses a message; null for one that the agent does not need, such as a mark of someone else's. */
export function readStreamMessage(text: string): StreamMessage | null {
  const known = message.safeParse(parsed(text));
  return known.success ? known.data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The part of a WebSocket that a stream needs. */
interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** A position in an item of the model's speech, in milliseconds from its beginning. */
export interface Position {
  readonly itemId: string;
  readonly ms: number;
}

const BYTES_PER_MS = 8;

/** Speaks to the caller. */
export class TwilioStream {
  readonly #socket: Socket;
  readonly #streamSid: string;
  #sent: Position = { itemId: '', ms: 0 };

  constructor(socket: Socket, streamSid: string) {
    this.#socket = socket;
    this.#streamSid = streamSid;
  }

  /** Queues speech, followed by a mark that Twilio returns once it is reached: the mark's name holds the position. */
  play(itemId: string, audio: Uint8Array): void {
    const before = this.#sent.itemId === itemId ? this.#sent.ms : 0;
    this.#sent = { itemId, ms: before + audio.length / BYTES_PER_MS };
    this.#send({ event: 'media', media: { payload: Buffer.from(audio).toString('base64') } });
    this.#send({ event: 'mark', mark: { name: `${itemId} ${this.#sent.ms}` } });
  }

  /** The position in the name of one of our marks. */
  static heard(mark: string): Position {
    const [itemId = '', ms = '0'] = mark.split(' ');
    return { itemId, ms: Number(ms) };
  }

  /** Discards what is queued. Its marks are returned all the same. */
  clear(): void {
    this.#send({ event: 'clear' });
  }

  /** Ends the stream; Twilio goes on with whatever follows `<Connect>`. */
  end(): void {
    this.#socket.close(1000, 'The agent has hung up.');
  }

  #send(event: object): void {
    this.#socket.send(JSON.stringify({ streamSid: this.#streamSid, ...event }));
  }
}

/** TwiML, Twilio's instructions for a call. */
export const twiml = {
  /** Connects audio both ways by WebSocket; when the stream has ended, Twilio asks `then` what comes next. */
  connect: (stream: string, then: string): string =>
    response(`<Connect action="${escaped(then)}"><Stream url="${escaped(stream)}"/></Connect>`),
  say: (text: string): string => response(`<Say>${escaped(text)}</Say><Hangup/>`),
  hangUp: (): string => response('<Hangup/>'),
};

const response = (verbs: string): string => `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;

const escaped = (text: string): string => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
