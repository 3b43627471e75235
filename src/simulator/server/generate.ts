import { emit, schedule } from './schedule.js';
import { endAsPlanned, limitsTold, rateLimits } from './end.js';
import { newEvent } from './events.js';
import { newCallId, newId } from './ids.js';
import { makeItem } from './items.js';
import { hostedCall } from './hosted.js';
import { closingEvents, deltaEvent, isAnnounced, openPart } from './output.js';
import { append } from './place.js';
import { modalityOf } from './plan.js';
import type { ReplyItem } from './reply.js';
import { isMcpCall, isMessage } from './reply.js';
import { outputItem } from './response-object.js';
import type { ActiveResponse, Beat, OutputItem, Server, Session } from './state.js';
import type { ServerFrame } from './wire.js';
import { copy } from './wire.js';

/** Continues a response: does all that belongs to this moment, then schedules the next. */
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

/**
 * Whether two beats belong together. Beats of different stages do not, even at the same time: other actions may come
 * between.
 */
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
  if (first && limitsTold(server) === 'before') emit(server, rateLimits(server, session));
  const item = newItem(server, response, planned);
  response.output.push(item);
  const wire = outputItem(item);
  emit(
    server,
    newEvent(server, 'response.output_item.added', { response_id: response.id, output_index: index, item: wire }),
  );
  if (!response.outOfBand) item.previousId = append(session, makeItem(item.id, wire));
  if (isAnnounced(server, response)) {
    emit(server, newEvent(server, 'conversation.item.added', { previous_item_id: item.previousId, item: copy(wire) }));
  }
}

const newItem = (server: Server, { settings }: ActiveResponse, planned: ReplyItem): OutputItem => ({
  id: newId(server, 'item'),
  kind: kindOf(planned),
  modality: modalityOf(planned, settings),
  phase: isMessage(planned) ? (planned.phase ?? null) : null,
  name: isMessage(planned) ? '' : isMcpCall(planned) ? planned.name : planned.calls,
  callId: kindOf(planned) === 'function_call' ? newCallId(server) : '',
  hosted: isMcpCall(planned) ? hostedCall(planned) : null,
  previousId: null,
  open: true,
  hasPart: false,
  text: '',
  audioMs: 0,
  tokens: 0,
  status: 'in_progress',
});

function kindOf(planned: ReplyItem): OutputItem['kind'] {
  if (isMessage(planned)) return 'message';
  if (!isMcpCall(planned)) return 'function_call';
  return planned.approval === 'required' ? 'mcp_approval_request' : 'mcp_call';
}
