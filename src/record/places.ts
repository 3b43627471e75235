/**
 * The kinds of places where a step holds text, and the keys whose text is kept there because the machine or a reader
 * needs it. The text under all other keys is replaced.
 */
export type Place = 'machine' | 'event' | 'item' | 'schema' | 'free';

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Keys of inputs and effects, as the machine names them. */
const machine = set(`
  type kind do is edge name purpose origin whenBlocked override overrides heldBy by verdict outcome status lane followUp
  request response responses responseId call callId itemId tool result reply odd why reason code param message whose path
  onBargeIn how failure then turnEnds line prefix guard accept unknownTools playback endsCall pings keys history hosted farewell leg
  model  atLimit shared shut
`);

/** Keys of events and settings, as the API names them. */
const event = set(`
  type object id event_id item_id previous_item_id response_id call_id conversation_id approval_request_id
  status reason code param role phase model voice language name server_label output_modalities modalities tool_choice mode
  eagerness truncation max_output_tokens conversation include require_approval allowed_tools tool_names connector_id
  gated_token gated_purpose gated_override obfuscation
`);

const item = event;
const schema = set('type format required $ref $schema');
/** Keys of ours in places whose other keys are the program's own. */
const free = set('gated_token gated_purpose gated_override');

const kept: { readonly [Each in Place]: ReadonlySet<string> } = { machine, event, item, schema, free };

export const isKept = (place: Place, key: string, parent: string): boolean =>
  kept[place].has(key) || isServersMessage(place, key, parent);

/** Whether a text is the message of a server error. The same key in an item may hold a tool's words. */
export const isServersMessage = (place: Place, key: string, parent: string): boolean =>
  place === 'event' && parent === 'error' && key === 'message';

const wire = set('event frame session params farewell apology response');
const ownData = set('metadata variables headers logprobs');

/** The kind of place under a key. */
export function placeUnder(place: Place, key: string): Place {
  if (place === 'machine') return wire.has(key) ? 'event' : key === 'items' ? 'item' : 'machine';
  if (place === 'free' || place === 'schema') return place;
  if (ownData.has(key)) return 'free';
  if (key === 'parameters') return 'schema';
  return key === 'item' || key === 'output' || key === 'content' ? 'item' : place;
}

/** Whether the text under a key is mostly JSON: a tool's arguments and output. */
export const isJsonText = (key: string): boolean => key === 'arguments' || key === 'args' || key === 'output';
/** Whether the text under a key is data, which has no words and may be long. */
export const isData = (key: string): boolean => key === 'audio' || key === 'image_url';
/** Whether the text under a key is never written: credentials of hosted servers. */
export const isCredential = (key: string): boolean => key === 'authorization' || key === 'headers';

/** The kind of place and the last key of a setting, from its path, such as `audio.output.voice`. */
export function placeOfPath(path: string): { readonly place: Place; readonly key: string } {
  const keys = path.split(/\.|\[\d+\]/).filter((key) => key !== '');
  const key = keys.at(-1) ?? '';
  const place = keys.slice(0, -1).reduce<Place>(placeUnder, 'event');
  return { place, key };
}
