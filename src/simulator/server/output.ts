import { dialects } from './dialects.js';
import { newEvent } from './events.js';
import { awaitApproval, hostedEvent } from './hosted.js';
import { newPadding } from './ids.js';
import { itemById } from './items.js';
import { beginPlayback } from './playback.js';
import { outputItem } from './response-object.js';
import type { ActiveResponse, Beat, OutputItem, Server, Session } from './state.js';
import { audioOf } from './tone.js';
import type { ServerFrame } from './wire.js';
import { copy } from './wire.js';

/** Whether a response's items are announced: those of out-of-band responses are not, unless the fault says so. */
export const isAnnounced = (server: Server, response: ActiveResponse): boolean =>
  !response.outOfBand || server.faults.outOfBandItems === 'announced';

/** Begins a content part. */
export function openPart(server: Server, response: ActiveResponse, item: OutputItem): ServerFrame {
  item.hasPart = true;
  const audio = item.modality === 'audio';
  const part = audio ? { type: 'audio', transcript: '' } : { type: 'text', text: '' };
  const rules = dialects[server.options.dialect];
  return newEvent(server, 'response.content_part.added', { ...placeOf(response, item), ...rules.part(part) });
}

/** Makes the event of one delta. Null where its audio travels separately. */
export function deltaEvent(
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
  if (item.kind === 'mcp_call') return newEvent(server, 'response.mcp_call_arguments.delta', fields);
  const spoken = item.modality === 'audio';
  return newEvent(server, spoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta', fields);
}

/** Closes an item, and returns the events about it. */
export function closingEvents(
  server: Server,
  session: Session,
  response: ActiveResponse,
  item: OutputItem,
  status: 'completed' | 'incomplete',
): ServerFrame[] {
  item.open = false;
  item.status = status;
  const wire = outputItem(item);
  const kept = itemById(session, item.id);
  if (kept) Object.assign(kept, { wire: copy(wire), textTokens: item.tokens, said: item.text });
  const announced =
    isAnnounced(server, response) && (status === 'completed' || server.faults.itemDoneWhenCut === 'sent');
  const done = { previous_item_id: previousInDone(session, item), item: copy(wire) };
  const output_index = response.output.indexOf(item);
  if (item.kind === 'mcp_call' && status === 'completed') {
    return [...contentDone(server, response, item), hostedEvent(server, 'in_progress', item.id, output_index)];
  }
  if (item.kind === 'mcp_approval_request') awaitApproval(session, response, item);
  return [
    ...contentDone(server, response, item),
    ...(announced ? [newEvent(server, 'conversation.item.done', done)] : []),
    newEvent(server, 'response.output_item.done', { response_id: response.id, output_index, item: wire }),
  ];
}

function contentDone(server: Server, response: ActiveResponse, item: OutputItem): ServerFrame[] {
  const place = placeOf(response, item);
  const rules = dialects[server.options.dialect];
  const { text } = item;
  if (item.kind === 'function_call') {
    const call = { ...place, name: item.name, arguments: text };
    return [newEvent(server, 'response.function_call_arguments.done', call)];
  }
  if (item.kind === 'mcp_call') {
    return [newEvent(server, 'response.mcp_call_arguments.done', { ...place, arguments: text })];
  }
  if (!item.hasPart) return [];
  if (item.modality === 'text') {
    return [
      newEvent(server, 'response.output_text.done', { ...place, text }),
      newEvent(server, 'response.content_part.done', { ...place, ...rules.part({ type: 'text', text }) }),
    ];
  }
  return [
    newEvent(server, 'response.output_audio.done', place),
    newEvent(server, 'response.output_audio_transcript.done', { ...place, transcript: text }),
    newEvent(server, 'response.content_part.done', { ...place, ...rules.part({ type: 'audio', transcript: text }) }),
  ];
}

/**
 * The `previous_item_id` in `done`. A quirk of the real server: after the very first item it is null, but not in
 * `added`.
 */
const previousInDone = (session: Session, item: OutputItem): string | null =>
  item.previousId === session.items[0]?.id ? null : item.previousId;

function placeOf(response: ActiveResponse, item: OutputItem) {
  const output_index = response.output.indexOf(item);
  const [response_id, item_id] = [response.id, item.id];
  if (item.kind === 'function_call') return { response_id, item_id, output_index, call_id: item.callId };
  return item.hosted
    ? { response_id, item_id, output_index }
    : { response_id, item_id, output_index, content_index: 0 };
}

/** The next few deltas of a response that is being cancelled. */
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
