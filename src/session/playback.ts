import type { AnySession, SessionEvents, SessionPlan } from '../../types/index.js';
import { MisuseError, PeerError } from '../errors.js';
import { at } from '../gate/index.js';
import { forgetOldest } from '../bounded.js';
import { checkObject } from './check.js';
import type { Core } from './core.js';
import { askedOf } from './handle.js';
import { Once } from './once.js';
import { REMEMBERED, Track } from './track.js';

type Heard = 'heard' | 'cut';

/** What the session knows of what is being heard. */
export interface Playback {
  /** Listens from now on. */
  begin(): void;
  heard(position: Parameters<AnySession['heard']>[0]): void;
  /** Nothing more of it is played: the server is told how much was heard. */
  cut(): void;
  /** Once all that was produced has been heard, or was cut. */
  drained(): Promise<Heard>;
}

/** Follows the audio of a session: what was produced, what was heard, and where barge-in cuts it. */
export function followPlayback(core: Core, plan: SessionPlan): Playback {
  const track = new Track();
  /** Items that are heard and that the conversation does not have: there is nothing to truncate. */
  const beside = new Set<string>();
  let waiting: Once<Heard> | null = null;
  let playing: 'nothing' | 'us' | 'the server' = 'nothing';
  /** Wakes when all would have been played that had been produced when it was set: more may have come since. */
  let timer: (() => void) | null = null;

  const began = (by: 'us' | 'the server'): void => {
    if (playing === 'nothing' && plan.playback?.waits) core.call({ type: 'know', fact: 'playing' });
    playing = by;
  };
  const stopTimer = (): void => {
    timer?.();
    timer = null;
  };
  const ended = (how: Heard): void => {
    stopTimer();
    playing = 'nothing';
    waiting?.settle(how);
    waiting = null;
    if (plan.playback?.waits) core.call({ type: 'know', fact: 'drained' });
  };
  const watch = (): void => {
    if (playing !== 'us') return;
    stopTimer();
    const now = core.clock.now();
    const remaining = track.remaining(now);
    const wait = remaining < Infinity ? remaining : track.marksDueIn(now);
    if (wait > 0) timer = core.clock.after(wait, watch);
    else if (remaining === 0) ended('heard');
    else giveUpMarks(now);
  };
  const giveUpMarks = (now: number): void => {
    track.unmarked(now);
    core.mail.post('fault', new PeerError('The marks of what was heard have stopped: it is taken for heard.'));
    ended('heard');
    core.mail.deliver();
  };
  const cut = (): void => {
    // The server says itself when it has stopped, and cuts its item by what was heard.
    if (playing === 'the server') return core.call({ type: 'send', event: { type: 'output_audio_buffer.clear' } });
    const wasPlaying = playing;
    const cuts = track.cut(core.clock.now());
    for (const { itemId, audioEndMs } of cuts) {
      if (beside.has(itemId)) continue;
      const truncate = { item_id: itemId, content_index: 0, audio_end_ms: audioEndMs };
      core.call({ type: 'send', event: { type: 'conversation.item.truncate', ...truncate } });
    }
    if (wasPlaying === 'nothing') return;
    ended('cut');
    const heard = cuts.map(({ itemId, audioEndMs }) => ({ itemId, ms: audioEndMs }));
    core.mail.post('cut', { heard } satisfies SessionEvents['cut']);
    core.mail.deliver();
  };

  const setBeside = (itemId: string): void => {
    beside.add(itemId);
    forgetOldest(beside, REMEMBERED);
  };

  const begin = (): void => {
    core.isCut = (itemId) => track.isCut(itemId);
    core.mail.on('audio', ({ bytes, itemId }, response) => {
      if (askedOf(response)?.response?.conversation === 'none') setBeside(itemId);
      track.produced(itemId, bytes.length / bytesPerMs(core), core.clock.now());
      began('us');
      if (!timer) watch();
    });
    // WebRTC and SIP: the server plays, cuts and tells.
    core.mail.on('output_audio_buffer.started', () => began('the server'));
    core.mail.on('output_audio_buffer.stopped', () => ended('heard'));
    core.mail.on('output_audio_buffer.cleared', () => ended('cut'));
    core.mail.on('input_audio_buffer.speech_started', () => {
      if (core.gate.detection.interrupts && playing === 'us') cut();
    });
    void core.closed.promise.then(() => ended('cut'));
  };

  return {
    begin,
    heard(position) {
      checkObject(position, 'heard()');
      const { itemId, ms } = position;
      if (typeof itemId !== 'string' || !(ms >= 0)) {
        throw new MisuseError('heard() takes { itemId, ms }: a string, and milliseconds from the start of the item.');
      }
      track.marked(itemId, ms, core.clock.now());
      watch();
    },
    cut,
    drained() {
      if (playing === 'nothing') return Promise.resolve('heard');
      waiting ??= new Once();
      return waiting.promise;
    },
  };
}

/** The session's output: 16-bit PCM at 24 kHz, or G.711 at 8 kHz. */
const bytesPerMs = ({ effective }: Core): number => {
  const type = at(effective, 'audio', 'output', 'format', 'type');
  return type === 'audio/pcmu' || type === 'audio/pcma' ? 8 : 48;
};
