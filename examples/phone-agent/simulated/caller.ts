import { once } from 'node:events';
import WebSocket from 'ws';
import { twilioSignature } from '../twilio-signature.js';
import { CarrierPlayback, type CarrierMessage } from './playback.js';

/** The agent's address, as Twilio knows it, and the shared secrets. */
export interface Agent {
  /** Host and port: `127.0.0.1:8080`. */
  readonly address: string;
  readonly publicUrl: URL;
  readonly authToken: string;
}

export interface CallerOptions {
  readonly agent: Agent;
  readonly callSid: string;
  readonly from: string;
  /** How many times faster than real time the caller acts. */
  readonly pace: number;
  /** Reports what happened on the line, for people. */
  readonly onEvent: (what: string) => void;
}

const TICK_MS = 20;
const BYTES_PER_MS = 8;
const silence = 0xff;

/** A caller and Twilio between them and the agent: real requests, a real socket, real signatures. */
export class SimulatedCaller {
  /** Resolves once the call is over for Twilio, with its last words to the caller, if there were any. */
  readonly ended: Promise<string | null>;
  readonly playback: CarrierPlayback;
  readonly #options: CallerOptions;
  readonly #socket: WebSocket;
  readonly #streamSid: string;
  readonly #clock: NodeJS.Timeout;
  /** How much of the current speech has not been sent yet, in milliseconds. */
  speechMs = 0;

  /** Calls the agent, and follows its instructions. Rejects if it turns Twilio away. */
  static async dial(options: CallerOptions): Promise<SimulatedCaller> {
    const twiml = await webhook(options, '/incoming-call');
    const stream = /<Stream url="([^"]+)"/.exec(twiml)?.[1];
    if (stream === undefined) throw new Error(`The agent does not take the call: ${twiml}`);
    const { address, authToken } = options.agent;
    const socket = new WebSocket(`ws://${address}${new URL(stream).pathname}`, {
      headers: { 'x-twilio-signature': twilioSignature(authToken, stream) },
    });
    await once(socket, 'open');
    options.onEvent('the caller is connected');
    return new SimulatedCaller(options, socket);
  }

  private constructor(options: CallerOptions, socket: WebSocket) {
    this.#options = options;
    this.#socket = socket;
    this.#streamSid = `MZ${options.callSid.slice(2)}`;
    this.playback = new CarrierPlayback(options.pace, (name) => this.#send({ event: 'mark', mark: { name } }));
    socket.on('message', (data) => this.playback.take(JSON.parse((data as Buffer).toString('utf8')) as CarrierMessage));
    this.ended = once(socket, 'close').then(() => this.#end());
    this.#begin();
    this.#clock = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Speaks for this many milliseconds. */
  speaks(ms: number): void {
    this.speechMs += ms;
  }

  presses(digit: string): void {
    this.#options.onEvent(`the caller presses ${digit}`);
    this.#send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
  }

  hangsUp(): void {
    this.#options.onEvent('the caller hangs up');
    this.#send({ event: 'stop', stop: { callSid: this.#options.callSid } });
    this.#socket.close(1000);
  }

  /** Drops the line without a word or a close frame. */
  drops(): void {
    this.#options.onEvent('the line goes dead');
    this.#socket.terminate();
  }

  #begin(): void {
    const { callSid } = this.#options;
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    this.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#send({ event: 'start', start: { callSid, streamSid: this.#streamSid, tracks: ['inbound'], mediaFormat } });
  }

  /** Sends the next frame: speech, or silence, because a phone line never stops sending. */
  #tick(): void {
    const ms = TICK_MS * this.#options.pace;
    const spoken = Math.min(ms, this.speechMs);
    this.speechMs -= spoken;
    const audio = Buffer.alloc(ms * BYTES_PER_MS, silence);
    for (let sample = 0; sample < spoken * BYTES_PER_MS; sample += 1) audio[sample] = sample % 16 < 8 ? 0x00 : 0x80;
    this.#send({ event: 'media', media: { track: 'inbound', payload: audio.toString('base64') } });
  }

  #send(event: object): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ streamSid: this.#streamSid, ...event }));
  }

  async #end(): Promise<string | null> {
    clearInterval(this.#clock);
    this.playback.end();
    const twiml = await webhook(this.#options, '/call-ended').catch(
      () => '<Say>An application error has occurred.</Say>',
    );
    return /<Say>([^<]*)<\/Say>/.exec(twiml)?.[1] ?? null;
  }
}

/** Asks the agent what to do, as Twilio does. */
async function webhook({ agent, callSid, from }: CallerOptions, path: string): Promise<string> {
  const fields = { CallSid: callSid, From: from };
  const signature = twilioSignature(agent.authToken, new URL(path, agent.publicUrl).href, fields);
  const response = await fetch(`http://${agent.address}${path}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`The agent answers ${response.status}: ${body}`);
  return body;
}
