import { MisuseError } from '../errors.js';
import type { Clock } from '../clock.js';
import type { Happening } from './drive.js';
import { scriptRule, stepActions } from './script-rules.js';
import type { Faults, Json, Reply, ServerFrame, Utterance } from './server/index.js';
import { check } from './server/schema.js';
import { isObject } from './server/wire.js';

/** What a simulated server is to do, for every session anew. In JSON. */
export interface Script {
  /** How it misbehaves from the start. */
  readonly faults?: Partial<Faults>;
  readonly steps?: readonly ScriptStep[];
}

/** When, and what: exactly one action. */
export type ScriptStep = ScriptMoment & ScriptAction;

export interface ScriptMoment {
  /** `connect` (default), or any event of the server's, as its client is sent it. */
  readonly on?: string;
  /** The how many-th of them. Default 1. */
  readonly nth?: number;
  /** Milliseconds after that. Default 0. */
  readonly afterMs?: number;
}

export type ScriptAction =
  /** The caller says it; `ms` is how long that takes. */
  | { readonly caller: string; readonly ms?: number }
  /** The caller begins or stops speaking. */
  | { readonly speech: 'begins' | 'ends'; readonly text?: string }
  /** The caller presses a key. */
  | { readonly presses: string }
  /** Queues an answer. */
  | { readonly says: string; readonly ms?: number; readonly modality?: 'text' }
  | { readonly calls: string; readonly args?: object | string }
  | { readonly replies: Reply }
  | { readonly fails: string }
  | { readonly faults: Partial<Faults> }
  | { readonly injects: ServerFrame }
  | { readonly session: 'expire' | 'hang-up' | 'die' };

/**
 * Reads a script from JSON.
 *
 * @throws `MisuseError` that says where it is wrong.
 * @example
 * ```ts
 * const script = parseScript('{ "steps": [{ "on": "connect", "says": "Good morning." }] }');
 * const server = await listen({ script });
 * ```
 */
export function parseScript(text: string): Script {
  const given = readJson(text);
  const complaint = check(scriptRule, given, '');
  if (complaint) throw new MisuseError(`The script is wrong: ${complaint.message}${at(complaint)}`);
  const script: Script = given as object;
  for (const [index, step] of (script.steps ?? []).entries()) checkStep(step, index);
  return script;
}

const at = ({ message, param }: { readonly message: string; readonly param: string | null }): string =>
  param === null || message.includes(`'${param}'`) ? '' : ` (at ${param})`;

function readJson(text: string): Json {
  try {
    const given: unknown = JSON.parse(text);
    if (isObject(given)) return given;
  } catch (cause) {
    throw new MisuseError(`The script is not JSON: ${(cause as Error).message}`, { cause });
  }
  throw new MisuseError('The script is wrong: it must be an object with "steps".');
}

function checkStep(step: ScriptStep, index: number): void {
  const actions = stepActions.filter((action) => Object.hasOwn(step, action));
  if (actions.length === 1) return;
  const found = actions.length === 0 ? 'none' : actions.join(' and ');
  throw new MisuseError(
    `The script is wrong: 'steps[${index}]' must have exactly one of ${stepActions.join(', ')}, but has ${found}.`,
  );
}

/** Plays a script to one session. */
export interface ScriptPlayer {
  /** The session is there. */
  readonly connected: () => void;
  /** Its first client has been sent an event of this type. */
  readonly sent: (type: string) => void;
}

export function playScript(script: Script, clock: Clock, tell: (happening: Happening) => void): ScriptPlayer {
  const counts = new Map<string, number>();
  const reach = (moment: string) => {
    const nth = (counts.get(moment) ?? 0) + 1;
    counts.set(moment, nth);
    for (const step of script.steps ?? []) {
      if ((step.on ?? 'connect') !== moment || (step.nth ?? 1) !== nth) continue;
      if (step.afterMs === undefined && moment === 'connect') tell(happeningOf(step));
      else clock.after(step.afterMs ?? 0, () => tell(happeningOf(step)));
    }
  };
  return { connected: () => reach('connect'), sent: reach };
}

const msPerCharacter = 65;

function happeningOf(step: ScriptAction): Happening {
  if ('caller' in step) {
    const utterance: Utterance = {
      says: step.caller,
      ms: step.ms ?? Math.max(300, step.caller.length * msPerCharacter),
    };
    return { type: 'caller', does: 'speaks', ...utterance };
  }
  if ('speech' in step) {
    if (step.speech === 'begins') return { type: 'caller', does: 'begins' };
    return { type: 'caller', does: 'ends', says: step.text ?? '' };
  }
  if ('presses' in step) return { type: 'caller', does: 'presses', key: step.presses };
  if ('faults' in step) return { type: 'faults', faults: step.faults };
  if ('injects' in step) return { type: 'inject', event: step.injects };
  if ('session' in step) return { type: step.session };
  return { type: 'reply', reply: replyOf(step) };
}

function replyOf(
  step: Extract<ScriptAction, { says: string } | { calls: string } | { replies: Reply } | { fails: string }>,
): Reply {
  if ('replies' in step) return step.replies;
  if ('fails' in step) return { items: [], status: 'failed', code: step.fails };
  if ('says' in step) {
    const { says, ms, modality } = step;
    return { items: [{ says, ...(ms !== undefined && { ms }), ...(modality && { modality }) }] };
  }
  const { args = {} } = step;
  return { items: [{ calls: step.calls, args: typeof args === 'string' ? args : JSON.stringify(args) }] };
}
