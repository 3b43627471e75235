import type { ServerOptions } from './options.js';
import type { Piece, Reply, ReplyItem, ReplyMessage } from './reply.js';
import { isMcpCall, isMessage, textOfItem, withText } from './reply.js';
import type { Beat, ResponseSettings } from './state.js';
import { countsOf, piecesOfText, reasoningOf, spokenTextTokens, spokenTokens } from './tokens.js';

/** The steps of one response, and how it ends. */
export interface Plan {
  readonly beats: Beat[];
  readonly reply: Reply;
}

/** The time for one token of text or arguments at speed 1, in milliseconds. */
const msPerToken = 80;

/**
 * Schedules every piece of an answer. As on the real server, each item opens when the previous one is complete, and all
 * close together at the end, in order.
 */
export function planBeats(reply: Reply, settings: ResponseSettings, options: ServerOptions, burst: number): Plan {
  const within = cutToLength(reply, settings, options);
  const speed = options.speed * burst;
  const start = within.afterMs ?? options.latency.firstItem / burst;
  const beats: Beat[] = [];
  let at = start;
  for (const [item, each] of within.items.entries()) {
    beats.push({ at, does: 'open', item });
    if (isMessage(each)) beats.push({ at: (at += each.partAfterMs ?? 0), does: 'part', item });
    for (const piece of piecesOf(each, settings, options, speed, at - start)) {
      at = Math.max(at, start + piece.at);
      if ('text' in piece) beats.push({ at, does: 'text', item, delta: piece.text });
      else if (modalityOf(each, settings) === 'audio') beats.push({ at, does: 'audio', item, ms: piece.audioMs });
    }
  }
  const last = within.items.length - 1;
  for (const item of within.items.keys()) {
    const status = item === last && (within.status ?? 'completed') !== 'completed' ? 'incomplete' : 'completed';
    beats.push({ at, does: 'close', item, status });
  }
  beats.push({ at: at + (last < 0 ? 0 : options.latency.done), does: 'finish' });
  return { beats, reply: within };
}

/** The modality of a message: as requested, unless its script says otherwise. */
export const modalityOf = (item: ReplyItem, { modality }: ResponseSettings): 'audio' | 'text' =>
  isMessage(item) ? (item.modality ?? modality) : 'text';

type TimedPiece = Piece & { readonly at: number };

function piecesOf(
  item: ReplyItem,
  settings: ResponseSettings,
  options: ServerOptions,
  speed: number,
  from: number,
): readonly TimedPiece[] {
  let at = from;
  if (isMcpCall(item) && item.approval === 'required') return [];
  if (item.pieces) return item.pieces.map((piece) => ({ ...piece, at: (at = piece.at ?? at) }));
  if (isMessage(item) && modalityOf(item, settings) === 'audio') return spokenPieces(item, options, speed, from);
  return piecesOfText(textOfItem(item)).map((text, index) => ({ text, at: from + (msPerToken * index) / speed }));
}

/**
 * The pieces of a spoken message. The transcript runs ahead of the audio, and both are spread over the generation time.
 */
function spokenPieces(item: ReplyMessage, options: ServerOptions, speed: number, from: number): readonly TimedPiece[] {
  const total = spokenMs(item, options);
  const tokens = piecesOfText(item.says);
  const lead = 0.6;
  const texts = tokens.map((text, index) => ({ text, at: from + (lead * total * index) / tokens.length / speed }));
  const audios: TimedPiece[] = [];
  for (let done = 0; done < total; done += options.audioDeltaMs) {
    const ms = Math.min(options.audioDeltaMs, total - done);
    audios.push({ audioMs: ms, at: from + (done + ms) / speed });
  }
  return [...texts, ...audios].sort((left, right) => left.at - right.at);
}

const spokenMs = (item: ReplyMessage, options: ServerOptions): number =>
  Math.round(item.ms ?? Math.max(250, item.says.length * options.msPerCharacter));

/** Applies `max_output_tokens`: the rest is left out, and the response ends incomplete. */
function cutToLength(reply: Reply, settings: ResponseSettings, options: ServerOptions): Reply {
  if (settings.maxOutputTokens === 'inf') return reply;
  let left = settings.maxOutputTokens - reasoningOf(reply, countsOf(settings.model));
  const items: ReplyItem[] = [];
  for (const item of reply.items) {
    const { marks, whole } = lengthOf(item, settings, options);
    if (whole <= left) {
      items.push(item);
      left -= whole;
      continue;
    }
    if (left > marks) items.push(shorten(item, (left - marks) / (whole - marks), options));
    return { ...reply, items, status: 'incomplete', reason: 'max_output_tokens' };
  }
  return reply;
}

/** The tokens of an item, and how many of them do not depend on its length. */
function lengthOf(item: ReplyItem, settings: ResponseSettings, options: ServerOptions) {
  const { written, call } = countsOf(settings.model);
  const pieces = piecesOfText(textOfItem(item)).length;
  if (!isMessage(item)) return { marks: call, whole: pieces + call };
  if (modalityOf(item, settings) === 'text') return { marks: written.output, whole: pieces + written.output };
  // One more, because text and audio are both rounded.
  const marks = spokenTextTokens(1);
  return { marks, whole: spokenTextTokens(pieces) + spokenTokens(spokenMs(item, options)) };
}

function shorten(item: ReplyItem, share: number, options: ServerOptions): ReplyItem {
  const pieces = piecesOfText(textOfItem(item));
  const kept = pieces.slice(0, Math.floor(pieces.length * share)).join('');
  const { pieces: _, ...rest } = item;
  const shorter = withText(rest, kept);
  return isMessage(item) ? { ...shorter, ms: Math.floor(spokenMs(item, options) * share) } : shorter;
}
