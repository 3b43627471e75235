import type { Ending, Gone, Line } from '../../types/index.js';
import type { Clock } from '../clock.js';
import { PeerError, TransportError } from '../errors.js';
import type { Gate, Notice, ServerEvent, Update } from '../gate/index.js';
import { at, isRecord, textOf, type Json } from '../gate/index.js';
import { decode, encode } from '../wire/index.js';
import { Driver, type Happening } from './driver.js';
import { Handles } from './handles.js';
import { Inbox } from './inbox.js';
import { asError, Mail, within, type Over } from './mail.js';
import { Once } from './once.js';
import { Updates } from './updates.js';

/**
 * One connection and its gate. A frame reaches the gate before any listener; what the gate wants sent is sent before
 * anything is told; a call from inside a listener steps at once, and further frames wait until all is told.
 */
export class Core {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly driver: Driver;
  readonly handles: Handles;
  readonly mail = new Mail(() => this.#inbox.drain());
  readonly closed = new Once<Ending>();
  /** Settles before `closed`: nothing is sent any more. */
  readonly leaving = new Once<'leaving'>();
  readonly updates = new Updates();
  /** Ends the call that the connection serves, where the plan does not say how. */
  readonly endCall: (() => Promise<void>) | undefined;
  readonly #inbox = new Inbox<string | Uint8Array | Gone>(
    (item) => this.#take(item),
    () => this.mail.busy || this.driver.busy,
  );
  #line: Line | null = null;
  #ending: Ending | null = null;
  /** The turn of the user that was last told. */
  #turnStep = 0;
  /** The server's id of the session; empty before the server has said it. */
  id = '';
  /** The session as the server last told it. */
  effective: Json = {};
  /** Whether an item is not to be heard any more, whatever still comes of it. */
  isCut: (itemId: unknown) => boolean = () => false;
  /** How often something was sent after the end, or not taken by the line. */
  dropped = 0;

  constructor(gate: Gate, clock: Clock, endCall?: () => Promise<void>) {
    this.endCall = endCall;
    this.gate = gate;
    this.clock = clock;
    this.driver = new Driver(gate, clock, {
      write: (frame) => this.#send(encode(frame)),
      ticked: (notices) => this.#heed(notices),
    });
    this.handles = new Handles({
      withdraw: (request) => this.call({ type: 'withdraw', request }),
      cancel: (of) => this.call({ type: 'cancel', of }),
    });
  }

  // From the network ------------------------------------------------------------------------------------------------

  attach(line: Line): void {
    this.#line = line;
  }

  frame(frame: string | Uint8Array): void {
    this.#inbox.put(frame);
  }

  gone(how: Gone): void {
    this.#inbox.put(how);
  }

  /** Frames wait until the next macrotask, so that `on()` right after an `await` misses none of them. */
  pause(): void {
    this.#inbox.pause();
    this.clock.after(0, () => this.#inbox.resume());
  }

  #take(item: string | Uint8Array | Gone): void {
    if (typeof item === 'string' || item instanceof Uint8Array) this.#takeFrame(item);
    else this.#takeEnd(item);
  }

  #takeFrame(frame: string | Uint8Array): void {
    const decoded = decode(frame);
    if (decoded.kind === 'unreadable') {
      return this.fault(new PeerError(`The server sent a frame that cannot be read: ${decoded.reason}.`));
    }
    const event: ServerEvent = decoded.event;
    if (event.type.startsWith('session.')) this.#note(event);
    const notices = this.driver.frame(event);
    this.#settle(notices, event.type === 'error' ? textOf(at(event, 'error', 'code')) : null);
    this.#postEvent(event, decoded.kind === 'audio' ? decoded.bytes : null);
    this.#post(notices);
    if (event.type === 'error' && at(event, 'error', 'code') === 'session_expired') void this.end({ kind: 'expired' });
    this.mail.deliver();
  }

  /** What the server says of the session as a whole. */
  #note(event: ServerEvent): void {
    const session = event['session'];
    if (!isRecord(session)) return;
    this.effective = session;
    this.id = textOf(session['id']) ?? this.id;
  }

  #postEvent(event: ServerEvent, audio: Uint8Array | null): void {
    if (!this.mail.wanted('event') && !this.mail.wanted(event.type) && !audio) return;
    const response = this.handles.of(event['response_id'] ?? at(event, 'response', 'id'));
    this.mail.post('event', event, response);
    // A name of ours is not the server's to use.
    if (!ours.has(event.type)) this.mail.post(event.type, event, response);
    const itemId = event['item_id'];
    if (audio && !this.isCut(itemId)) this.mail.post('audio', { bytes: audio, itemId }, response);
  }

  /** A close code of 1001 is how the server ends a session that has reached its age. */
  #takeEnd({ code, reason }: Gone): void {
    this.#ending ??= code === 1001 ? { kind: 'expired' } : { kind: 'lost', code, reason };
    this.#line = null;
    this.leaving.settle('leaving');
    this.#heed(this.driver.step({ type: 'gone', code, reason }));
    this.closed.settle(this.#ending);
  }

  // From the user ---------------------------------------------------------------------------------------------------

  /** Steps at once, then tells. Throws `MisuseError` from inside a guard, and then does nothing. */
  call(happening: Happening): void {
    this.driver.mustNotBeAsking();
    this.#heed(this.driver.step(happening));
  }

  /** Text that needs no step of the gate. */
  write(text: string): void {
    this.driver.mustNotBeAsking();
    if (this.gate.connection === 'open' && this.#line) this.#send(text);
    else this.dropped++;
    this.mail.deliver();
  }

  /** A line that throws has lost the frame, and breaks no step. */
  #send(text: string): void {
    try {
      this.#line?.send(text);
    } catch (cause) {
      this.dropped++;
      this.mail.post('fault', new TransportError('The line did not take a frame: it is lost.', { cause }));
    }
  }

  /** Asks for a configuration. `onConfirmed` runs at the confirming frame, before anything is told. */
  configure(session: Update['session'], timeoutMs: number, onConfirmed: () => void): ReturnType<Updates['expect']> {
    const expected = this.updates.expect(onConfirmed);
    this.call({ type: 'update', update: { id: expected.id, session, timeoutMs } });
    return expected;
  }

  /** Whatever ends the session from now on: this is how it ended, unless it has been said before. */
  endsAs(ending: Ending): void {
    this.#ending ??= ending;
  }

  /** Ends the session, as the first that says so says. Resolves once it has ended. */
  end(ending: Ending): Promise<void> {
    this.driver.mustNotBeAsking();
    this.endsAs(ending);
    this.leaving.settle('leaving');
    this.call({ type: 'close' });
    this.#line?.close(1000, 'OK');
    return this.closed.promise.then(() => undefined);
  }

  fault(error: Error): void {
    this.mail.post('fault', error);
    this.mail.deliver();
  }

  // What the gate says ----------------------------------------------------------------------------------------------

  #heed(notices: readonly Notice[]): void {
    this.#settle(notices);
    this.#post(notices);
    this.mail.deliver();
    this.#inbox.drain();
  }

  /** What is promised is settled at once; who awaits it is told by the event loop. */
  #settle(notices: readonly Notice[], code: string | null = null): void {
    if (this.gate.turnStep !== this.#turnStep) this.mail.post('turn', undefined);
    this.#turnStep = this.gate.turnStep;
    for (const notice of notices) {
      if (notice.kind === 'ended') this.mail.post('over', this.#over(notice, code));
      this.handles.apply(notice);
      if (notice.kind === 'confirmed') this.updates.confirm(notice.update);
      if (notice.kind === 'unconfirmed') this.updates.fail(notice.update, notice.failure);
    }
  }

  #over(notice: Extract<Notice, { kind: 'ended' }>, code: string | null): Over {
    const { response: responseId, lane, outcome } = notice;
    return { responseId, handle: this.handles.whose(notice), lane, outcome, code };
  }

  #post(notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (notice.kind === 'created') this.mail.post('response', this.handles.of(notice.response));
      if (notice.kind === 'record') this.mail.post('verdict', notice.record);
      if (notice.kind === 'fault') this.mail.post('fault', faultOf(notice));
      if (notice.kind === 'broken') this.#breakOff(notice.message);
    }
  }

  #breakOff(message: string): void {
    this.mail.post('fault', new PeerError(message));
    void this.end({ kind: 'lost', code: null, reason: message });
  }
}

/** The events of `on()` that are not the server's. */
const ours: ReadonlySet<string> = new Set([
  ...['event', 'audio', 'cut', 'response', 'verdict', 'tools', 'fault'],
  ...within,
]);

const faultOf = ({ message, cause }: Extract<Notice, { kind: 'fault' }>): Error =>
  cause === undefined ? new PeerError(message) : asError(cause);
