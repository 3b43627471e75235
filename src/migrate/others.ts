import { type Language, languages, placesIn } from '../audit/index.js';
import { type Danger, detect, type Finding, spanOf } from '../detector/index.js';
import type { Source } from './load.js';

/** A finding in a language that is not rewritten, with the audit's description and what to do. */
export interface Left {
  readonly path: string;
  readonly line: number;
  readonly what: string;
  readonly danger: Danger;
  readonly advice: string;
}

export function leftIn({ path, language, text, program }: Source): readonly Left[] {
  const placeOf = placesIn(text);
  return detect(program, text).map(({ rule, node, what, dangers: [danger = 'elsewhere'] }) => {
    const { line } = placeOf(spanOf(node)[0]);
    return { path, line, what, danger, advice: adviceIn(language, rule) };
  });
}

const adviceIn = (language: Language, rule: Finding['rule']): string =>
  `${languages[language].label} is not rewritten: ${language === 'python' ? inPython : inComponents[rule]}`;

const inPython = 'sessions are JavaScript, so let the program that has the session do this.';

const inComponents: Readonly<Record<Finding['rule'], string>> = {
  'no-raw-response-create': "write <session>.respond('<purpose>') by hand.",
  'no-raw-realtime-client': 'open the session with openSession(), and delete this client.',
  'handle-verdict': 'read the kind of this verdict, or write `void` where it does not matter.',
  'no-patched-transport': 'give the session its transport as it is, and call session.send().',
};
