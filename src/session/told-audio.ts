import { at, isRecord, listOf, textOf } from '../machine/index.js';
import { type ClientEvent, joinAppended } from '../wire/index.js';

/** Puts the audio of turns in the place of their ids, in an item that is told again. `framesOf`: the frames of a turn. */
export function withAudio(frame: ClientEvent, framesOf: (itemId: string) => readonly string[]): ClientEvent {
  const { item } = frame;
  if (!isRecord(item) || !listOf(item['content']).some((part) => turnIn(part) !== null)) return frame;
  const content = listOf(item['content']).map((part) => {
    const turn = turnIn(part);
    return turn === null ? part : { type: 'input_audio', audio: joinAppended(framesOf(turn)) };
  });
  return { ...frame, item: { ...item, content } };
}

const turnIn = (part: unknown): string | null =>
  at(part, 'type') === 'input_audio' ? textOf(at(part, 'item_id')) : null;
