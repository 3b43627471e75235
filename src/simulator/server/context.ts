import { itemById, saidIn } from './items.js';
import { defaultInstructions } from './session-config.js';
import type { ActiveResponse, Item, Session, Stretch } from './state.js';
import {
  countsOf,
  heardTokens,
  imageTokens,
  ownInstructionsTokens,
  spokenAgain,
  spokenTextTokens,
  spokenTokens,
  textTokens,
  toolTokens,
} from './tokens.js';
import type { Json, JsonObject } from './wire.js';
import { isArray, isObject, textOr } from './wire.js';

/** What a model reads before it answers, as a list of stretches: instructions and tools, then every item. */
export function contextOf(session: Session, { settings, sees }: ActiveResponse): readonly Stretch[] {
  const { instructions, tools, input } = settings;
  const counts = countsOf(session.config.model);
  const words = instructions === defaultInstructions ? ownInstructionsTokens : textTokens(instructions);
  const first: Stretch = {
    key: JSON.stringify([instructions, tools]),
    text: words + counts.instructions + toolTokens(tools, counts),
    audio: 0,
    image: 0,
  };
  return [first, ...(input === null ? itemsOf(session, sees) : input.map((given) => givenStretch(session, given)))];
}

/** The stretches that a response's output adds for the next response. */
export const outputContext = (session: Session, { output, outOfBand }: ActiveResponse): readonly Stretch[] =>
  outOfBand
    ? []
    : itemsOf(
        session,
        output.map(({ id }) => id),
      );

/**
 * The stretches of the items. Of the model's own speech, only the latest is read as audio; earlier speech is read as
 * its transcript. Recorded in three turns: 96 audio tokens, then 124, instead of 166 for all the audio, and a cache
 * miss.
 */
function itemsOf(session: Session, ids: readonly string[]): readonly Stretch[] {
  const items = ids.map((id) => itemById(session, id)).filter((item) => item !== undefined);
  const latest = items.findLast((item) => isAnswer(item.wire) && item.audioMs > 0);
  return items.map((item) => stretchOf(session, item, item === latest || item.textTokens === 0 ? 'spoken' : 'written'));
}

const isAnswer = ({ role }: JsonObject): boolean => role === 'assistant';

function givenStretch(session: Session, given: Json): Stretch {
  const wire = isObject(given) ? given : {};
  const referred = wire['type'] === 'item_reference' ? itemById(session, wire['id']) : undefined;
  if (referred) return stretchOf(session, referred, 'spoken');
  return stretchOf(
    session,
    { id: JSON.stringify(wire), wire, textTokens: textTokens(saidIn(wire)), audioMs: 0 },
    'written',
  );
}

type Counted = Pick<Item, 'id' | 'wire' | 'textTokens' | 'audioMs'>;

function stretchOf(session: Session, item: Counted, form: 'spoken' | 'written'): Stretch {
  const { id, wire, textTokens: words, audioMs } = item;
  const counts = countsOf(session.config.model);
  const stretch = (text: number, audio: number): Stretch => ({
    key: `${form} ${id}`,
    text,
    audio,
    image: imagesIn(wire),
  });
  if (wire['type'] === 'function_call_output') return stretch(words + counts.result, 0);
  if (textOr(wire['type'], 'message') !== 'message') return stretch(words + counts.call, 0);
  if (!isAnswer(wire))
    return stretch(words + counts.message + (audioMs > 0 ? counts.userAudio : 0), heardTokens(audioMs));
  if (form === 'written' || audioMs === 0) return stretch(words + counts.written.input, 0);
  return stretch(spokenTextTokens(words) + spokenAgain, spokenTokens(audioMs));
}

const imagesIn = ({ content }: JsonObject): number =>
  (isArray(content) ? content : []).reduce<number>(
    (sum, part) => sum + (isObject(part) && part['type'] === 'input_image' ? imageTokens(part['detail'] ?? null) : 0),
    0,
  );
