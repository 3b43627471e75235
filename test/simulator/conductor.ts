import type { Piece, Reply, ReplyItem, Utterance } from '../../src/simulator/server/index.js';
import { noLatency } from '../../src/simulator/server/index.js';
import { machine } from './machine.js';

/** One frame of a real session, as its client saw it. */
export interface Entry {
  readonly direction: 'sent' | 'received';
  readonly event: any;
}

const stepMs = 10;
const at = (index: number) => index * stepMs;

/**
 * Plays a real session on the machine: the client's frames in their places, and a script of what was said. Returns what
 * a client with the same timing has seen.
 */
export function conduct(entries: readonly Entry[]): Entry[] {
  const onCall = entries[0]?.event.type !== 'session.created';
  const types = entries.map(({ event }) => event.type);
  const server = machine(
    {
      latency: noLatency,
      media: onCall ? 'webrtc' : 'websocket',
      faults: { rateLimits: types.includes('rate_limits.updated') ? 'after' : 'never' },
    },
    onCall ? { callId: 'rtc_1' } : { model: 'gpt-realtime' },
  );
  if (onCall) server.server.session!.config = { ...server.server.session!.config, model: 'gpt-realtime' };
  for (const reply of repliesIn(entries)) server.reply(reply);
  const utterances = utterancesIn(entries);

  const seen: Entry[] = [];
  const ids = new Map<string, string>();
  let read = 0;
  for (const [index, { direction, event }] of entries.entries()) {
    const now = at(index);
    if (server.now < now) server.advance(now - server.now);
    if (direction === 'sent') {
      const text = JSON.stringify(event).replace(/(item|call)_\w{16,}/g, (id) => ids.get(id) ?? id);
      server.happen({ type: 'text', connection: 'client', text });
      seen.push({ direction, event });
    } else {
      const utterance = utterances.get(index);
      if (utterance) server.caller({ does: 'speaks', ...utterance });
    }
    server.advance(0);
    if (direction === 'sent') continue;
    const frame = server.frames()[read];
    if (frame === undefined) break;
    read += 1;
    pair(event, frame, ids);
    seen.push({ direction, event: frame });
  }
  server.settle();
  for (const event of server.frames().slice(read)) seen.push({ direction: 'received', event });
  return seen;
}

/** Remembers which of our ids corresponds to which recorded one. */
function pair(theirs: any, ours: any, ids: Map<string, string>): void {
  if (typeof theirs === 'string' && typeof ours === 'string') {
    ids.set(theirs, ours);
    return;
  }
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) return;
  for (const key of Object.keys(theirs)) pair(theirs[key], ours[key], ids);
}

/** The model's recorded speech, by response, with the time of each piece. */
function repliesIn(entries: readonly Entry[]): Reply[] {
  const replies: Reply[] = [];
  let askedAt = 0;
  for (const [index, { event }] of entries.entries()) {
    if (event.type === 'response.create' || event.type === 'input_audio_buffer.speech_stopped') askedAt = index;
    if (event.type !== 'response.created') continue;
    const end = entries.findIndex(({ event: { type } }, place) => place > index && type === 'response.done');
    const first = entries.findIndex(
      ({ event: { type } }, place) => place > index && type === 'response.output_item.added',
    );
    replies.push({ afterMs: at(first - askedAt), items: itemsIn(entries, first, end) });
  }
  return replies;
}

/** The audio in a recording is cut short, so its length is taken from its tokens: 50 ms each. */
function itemsIn(entries: readonly Entry[], first: number, end: number): ReplyItem[] {
  const audios = entries
    .slice(first, end)
    .filter(
      ({ event: { type } }) => type === 'response.output_audio.delta' || type === 'output_audio_buffer.started',
    ).length;
  const spokenMs = 50 * (entries[end]?.event.response?.usage?.output_token_details?.audio_tokens ?? 0);
  const items: { item: any; openedAt: number; partAfterMs: number; pieces: Piece[] }[] = [];
  for (let index = first; index < end; index += 1) {
    const { event } = entries[index]!;
    const { type } = event;
    const place = at(index - first);
    const current = items.at(-1);
    if (type === 'response.output_item.added')
      items.push({ item: event.item ?? {}, openedAt: place, partAfterMs: 0, pieces: [] });
    else if (type === 'response.content_part.added' && current) current.partAfterMs = place - current.openedAt;
    else if (type === 'response.output_audio.delta' || type === 'output_audio_buffer.started')
      current?.pieces.push({ at: place, audioMs: spokenMs / audios });
    else if (/^response.*\.delta$/.test(type)) current?.pieces.push({ at: place, text: event.delta ?? 'x' });
    if (type === 'response.function_call_arguments.delta' && current)
      current.item = { type: 'function_call', ...current.item };
  }
  return items.map(({ item, pieces, partAfterMs }) => {
    const said = pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');
    return item.type === 'function_call'
      ? { calls: item.name ?? 'f', args: said, pieces }
      : { says: said, pieces, partAfterMs };
  });
}

/** The caller's recorded speech, with its transcripts. */
function utterancesIn(entries: readonly Entry[]): Map<number, Utterance> {
  const found = new Map<number, Utterance>();
  for (const [index, { event }] of entries.entries()) {
    if (event.type !== 'input_audio_buffer.speech_started') continue;
    const after = (type: string) => entries.findIndex((entry, place) => place > index && entry.event.type === type);
    const next = after('input_audio_buffer.speech_started');
    const stopped = after('input_audio_buffer.speech_stopped');
    const done = after('conversation.item.input_audio_transcription.completed');
    const deltas = entries.flatMap((entry, place) =>
      place > index && (next < 0 || place < next) && entry.event.type.endsWith('input_audio_transcription.delta')
        ? [{ at: at(place - index), text: entry.event.delta ?? 'x' }]
        : [],
    );
    found.set(index, {
      says: entries[done]?.event.transcript ?? 'x',
      ms: at(stopped - index),
      audioMs: entries[stopped]?.event.audio_end_ms - event.audio_start_ms,
      transcript: { deltas, doneAt: at(done - index) },
    });
  }
  return found;
}
