import { emit, schedule } from './agenda.js';
import { endAsPlanned, rateLimits } from './end.js';
import { newEvent } from './events.js';
import { newCallId, newId, newPadding } from './ids.js';
import { itemById, lastItemId, makeItem } from './items.js';
import { beginPlayback } from './playback.js';
import { isCall } from './reply.js';
import { outputItem } from './response-object.js';
import type { ActiveResponse, Beat, OutputItem, Server, Session } from './state.js';
import { audioOf } from './tone.js';
import type { ServerFrame } from './wire.js';
import { copy } from './wire.js';

/** Goes on with a response: all that belongs to this moment, then an appointment for the next. */
export function generate(server: Server, session: Session, response: ActiveResponse): void {
  for (;;) {
    const beat = response.beats[response.cursor];
    if (!beat) return;
    response.cursor += 1;
    play(server, session, response, beat);
    const next = response.beats[response.cursor];
    if (!next) return;
    const waitMs = response.createdAt + next.at - server.now;
    if (waitMs > 0 || !sameStage(beat, next)) {
      schedule(server, waitMs, { do: 'generate', response: response.id });
      return;
    }
  }
}

/** Even at no distance in time, these are things apart: something else may come between them. */
const sameStage = (beat: Beat, next: Beat): boolean => stageOf(beat) === stageOf(next);
const stageOf = ({ does }: Beat): string =>
  does === 'text' || does === 'audio' ? 'delta' : does === 'part' ? 'open' : does;

function play(server: Server, session: Session, response: ActiveResponse, beat: Beat): void {
  if (beat.does === 'open') openItem(server, session, response, beat.item);
  else if (beat.does === 'finish') endAsPlanned(server, session, response);
  else {
    const item = response.output[beat.item];
    if (item) for (const event of eventsOf(server, session, response, item, beat)) emit(server, event);
  }
}

type ItemBeat = Exclude<Beat, { does: 'open' | 'finish' }>;

function eventsOf(
  server: Server,
  session: Session,
  response: ActiveResponse,
  item: OutputItem,
  beat: ItemBeat,
): readonly ServerFrame[] {
  if (beat.does === 'part') return [openPart(server, response, item)];
  if (beat.does === 'close') return closeAsPlanned(server, session, response, item, beat.status);
  const event = deltaEvent(server, session, response, item, beat);
  return event ? [event] : [];
}

function closeAsPlanned(
  server: Server,
  session: Session,
  response: ActiveResponse,
  item: OutputItem,
  status: 'completed' | 'incomplete',
): readonly ServerFrame[] {
  const events = closingEvents(server, session, response, item, status);
  const isLast = response.output.length === response.reply?.items.length;
  if (isLast && response.output.every(({ open }) => !open)) response.phase = 'finishing';
  return events;
}

function openItem(server: Server, session: Session, response: ActiveResponse, index: number): void {
  const planned = response.reply?.items[index];
  if (!planned) return;
  const first = response.phase === 'created';
  response.phase = 'generating';
  if (first && server.faults.rateLimits === 'before') emit(server, rateLimits(server, session));
  const item: OutputItem = {
    id: newId(server, 'item'),
    kind: isCall(planned) ? 'function_call' : 'message',
    phase: isCall(planned) ? null : (planned.phase ?? null),
    name: isCall(planned) ? planned.calls : '',
    callId: isCall(planned) ? newCallId(server) : '',
    previousId: response.outOfBand ? null : lastItemId(session),
    open: true,
    hasPart: false,
    text: '',
    audioMs: 0,
    tokens: 0,
    status: 'in_progress',
  };
  response.output.push(item);
  const wire = outputItem(item, response.settings.modality);
  emit(
    server,
    newEvent(server, 'response.output_item.added', { response_id: response.id, output_index: index, item: wire }),
  );
  if (!response.outOfBand) session.items.push(makeItem(item.id, wire));
  if (isAnnounced(server, response)) {
    emit(server, newEvent(server, 'conversation.item.added', { previous_item_id: item.previousId, item: copy(wire) }));
  }
}

function openPart(server: Server, response: ActiveResponse, item: OutputItem): ServerFrame {
  item.hasPart = true;
  const audio = response.settings.modality === 'audio';
  const part = audio ? { type: 'audio', transcript: '' } : { type: 'text', text: '' };
  return newEvent(server, 'response.content_part.added', { ...placeOf(response, item), part });
}

const isAnnounced = (server: Server, response: ActiveResponse): boolean =>
  !response.outOfBand || server.faults.outOfBandItems === 'announced';

/** Produces one delta. Null where its audio goes another way. */
function deltaEvent(
  server: Server,
  session: Session,
  response: ActiveResponse,
  item: OutputItem,
  beat: Extract<Beat, { does: 'text' | 'audio' }>,
): ServerFrame | null {
  const place = placeOf(response, item);
  if (beat.does === 'audio') {
    item.audioMs += beat.ms;
    session.assistantAudio = true;
    const kept = itemById(session, item.id);
    if (kept) kept.audioMs += beat.ms;
    beginPlayback(server, session, response, item);
    if (server.options.media === 'webrtc') return null;
    const delta = audioOf(response.settings.format['type'], beat.ms, server.options.audio);
    return newEvent(server, 'response.output_audio.delta', { ...place, delta });
  }
  item.text += beat.delta;
  item.tokens += 1;
  const fields = { ...place, delta: beat.delta, obfuscation: newPadding(server, beat.delta) };
  if (item.kind === 'function_call') return newEvent(server, 'response.function_call_arguments.delta', fields);
  const spoken = response.settings.modality === 'audio';
  return newEvent(server, spoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta', fields);
}

/** Closes an item, and returns what is to be sent about it. */
export function closingEvents(
  server: Server,
  session: Session,
  response: ActiveResponse,
  item: OutputItem,
  status: 'completed' | 'incomplete',
): ServerFrame[] {
  item.open = false;
  item.status = status;
  const wire = outputItem(item, response.settings.modality);
  const kept = itemById(session, item.id);
  if (kept) Object.assign(kept, { wire: copy(wire), textTokens: item.tokens, said: item.text });
  const announced =
    isAnnounced(server, response) && (status === 'completed' || server.faults.itemDoneWhenCut === 'sent');
  const done = { previous_item_id: previousInDone(session, item), item: copy(wire) };
  const output_index = response.output.indexOf(item);
  return [
    ...contentDone(server, response, item),
    ...(announced ? [newEvent(server, 'conversation.item.done', done)] : []),
    newEvent(server, 'response.output_item.done', { response_id: response.id, output_index, item: wire }),
  ];
}

function contentDone(server: Server, response: ActiveResponse, item: OutputItem): ServerFrame[] {
  const place = placeOf(response, item);
  const { text } = item;
  if (item.kind === 'function_call') {
    const call = { ...place, name: item.name, arguments: text };
    return [newEvent(server, 'response.function_call_arguments.done', call)];
  }
  if (!item.hasPart) return [];
  if (response.settings.modality === 'text') {
    return [
      newEvent(server, 'response.output_text.done', { ...place, text }),
      newEvent(server, 'response.content_part.done', { ...place, part: { type: 'text', text } }),
    ];
  }
  return [
    newEvent(server, 'response.output_audio.done', place),
    newEvent(server, 'response.output_audio_transcript.done', { ...place, transcript: text }),
    newEvent(server, 'response.content_part.done', { ...place, part: { type: 'audio', transcript: text } }),
  ];
}

/** A quirk of the real server: behind the conversation's very first item, `done` says null where `added` did not. */
const previousInDone = (session: Session, item: OutputItem): string | null =>
  item.previousId === session.items[0]?.id ? null : item.previousId;

function placeOf(response: ActiveResponse, item: OutputItem) {
  const output_index = response.output.indexOf(item);
  const place = { response_id: response.id, item_id: item.id, output_index };
  return item.kind === 'function_call' ? { ...place, call_id: item.callId } : { ...place, content_index: 0 };
}

/** The next few deltas of a response that is being cut. */
export function stragglers(server: Server, session: Session, response: ActiveResponse): ServerFrame[] {
  const events: ServerFrame[] = [];
  while (events.length < server.faults.stragglersAfterCancel) {
    const beat = response.beats[response.cursor];
    if (beat?.does !== 'text' && beat?.does !== 'audio') break;
    response.cursor += 1;
    const item = response.output[beat.item];
    const event = item?.open ? deltaEvent(server, session, response, item, beat) : null;
    if (event) events.push(event);
  }
  return events;
}
