import { spaced } from './words.js';

/** The situations of a raw call, with the guards that each bypasses, the most dangerous first. */
export const dangers = {
  'after hang-up': 'hangup-pending: it speaks, and costs, while the call is being ended',
  'tool handler': 'response-active and user-speaking: it interrupts whoever speaks once the tool is done',
  'error handler': 'response-active and loop: it asks again, in the middle of what went wrong',
  'before confirmation': 'unconfirmed: the session is not yet the one that was asked for',
  timer: 'user-speaking and response-active: a timer knows neither',
  'user turn': 'response-imminent: the server is about to answer that turn by itself',
  elsewhere: 'every guard',
} as const;
export type Danger = keyof typeof dangers;

export const inOrder = (found: ReadonlySet<Danger>): readonly Danger[] => {
  const order = Object.keys(dangers) as Danger[];
  return found.size === 0 ? ['elsewhere'] : order.filter((danger) => found.has(danger));
};

type Table = readonly (readonly [RegExp, Danger])[];
const foundIn = (table: Table, text: string): readonly Danger[] =>
  table.flatMap(([pattern, danger]) => (pattern.test(text) ? [danger] : []));

/** Matches "tool" as a word of a name, but not "toolbar". */
const tool = /\btools?\b(?! (?:bar|tip|box|kit|chain)s?\b)|\b(?:tool|function|mcp) ?calls?\b/;

const byWords: Table = [
  [
    /\b(hang ?up|end ?call|call ?end(ed)?|good ?bye|farewell|disconnect(ed)?|terminate[ds]?|tear ?down|shut ?down)\b|\b(on|handle) ?closed?$/,
    'after hang-up',
  ],
  [tool, 'tool handler'],
  [/\b(errors?|fail(ed|s|ures?)?|retry(ing)?|retries|recover(y|ed)?|fallback|timed? ?out)\b/, 'error handler'],
  [/\ba?(re)?connect(ed)?$|\b(on|handle) ?open(ed)?\b|\bsession created\b|\binitiali[sz]e\b/, 'before confirmation'],
];
/** The dangers that a function's name suggests, by when it runs. */
export const nameDangers = (name: string | null): readonly Danger[] =>
  name === null ? [] : foundIn(byWords, spaced(name));

const byEvent: Table = [
  [/^(close|closed|end|disconnect(ed)?|hang_?up|call[._]ended)$/i, 'after hang-up'],
  [/^(error|response\.failed)$/, 'error handler'],
  [/^(open|session\.created|conversation\.created)$/, 'before confirmation'],
  [/^input_audio_buffer\.(speech_started|speech_stopped|committed)$|input_audio_transcription/, 'user turn'],
];
/** The dangers while an event is handled. */
export const eventDangers = (event: string): readonly Danger[] => [
  ...foundIn(byEvent, event),
  ...(tool.test(spaced(event)) ? (['tool handler'] as const) : []),
];

/** Whether the name of a list or a table suggests that it holds tools: `tools`, `toolHandlers`, `FUNCTION_MAP`. */
export const holdsTools = (name: string): boolean => holder.test(spaced(name));
const holder =
  /\btools?$|\b(tool|function)s?( calls?)? (handlers?|map|mapping|table|registry|functions?|executors?|implementations?)$|\bfunctions$/;

/**
 * Whether the name of a callee suggests that it takes a tool: `addTool(…)`, `register_function(…)`, `@function_tool`.
 */
export const takesTool = (name: string): boolean =>
  /^((define|register|add|create|make|use|on|function|set) )?tools?( calls?)?$|^(register|add|on) functions?( calls?)?$/.test(
    spaced(name),
  );
