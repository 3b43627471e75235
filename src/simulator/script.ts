import { MisuseError } from '../errors.js';
import type { Clock } from '../clock.js';
import type { Happening } from './drive.js';
import type { ReplyOptions } from './controls.js';
import { where } from './option-check.js';
import { besideAction, scriptRule, stepActions, whenKeys } from './script-rules.js';
import type { Faults, HostedServer, Json, Reply, ServerFrame, ServerOptionsGiven, Utterance } from './server/index.js';
import type { Complaint } from './server/schema.js';
import { check } from './server/schema.js';
import { isObject } from './server/wire.js';

/** What a simulated server does, repeated in every session. Written as JSON. */
export interface Script {
  /** Server options, where those of the command line and the defaults do not fit. */
  readonly server?: Omit<ServerOptionsGiven, 'faults'>;
  /** The faults from the start. */
  readonly faults?: Partial<Faults>;
  readonly steps?: readonly ScriptStep[];
}

/** When something happens, and what: exactly one action. */
export type ScriptStep = ScriptMoment & ScriptAction;

export interface ScriptMoment {
  /** `connect` (default), any server event as its client is sent it, or any client event once it is read. */
  readonly on?: string;
  /** Which occurrence of the event counts. Default 1, the first. */
  readonly nth?: number;
  /** Milliseconds after that event. Default 0. */
  readonly afterMs?: number;
}

export type ScriptAction =
  /** The caller says this; `ms` is how long that takes. */
  | ({ readonly caller: string } & Partial<Omit<Utterance, 'says' | 'afterMs'>>)
  /** The caller begins or stops speaking. */
  | { readonly speech: 'begins' | 'ends'; readonly text?: string }
  /** The caller presses a key. */
  | { readonly presses: string }
  /** Queues an answer. */
  | { readonly says: string; readonly ms?: number; readonly modality?: 'text'; readonly options?: ReplyOptions }
  | { readonly calls: string; readonly args?: object | string; readonly options?: ReplyOptions }
  | { readonly replies: Reply }
  | { readonly fails: string; readonly message?: string }
  /** A hosted MCP server is reachable with these tools, or unreachable. */
  | { readonly hosts: string; readonly hosted?: HostedServer }
  | { readonly faults: Partial<Faults> }
  | { readonly injects: ServerFrame }
  | { readonly session: 'expire' | 'hang-up' | 'die' | 'stall' };

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
  return checkedScript(readJson(text) as object);
}

/** Throws `MisuseError` for a script that cannot be played. */
export function checkedScript(script: Script): Script {
  const complaint = check(scriptRule, script as Json, '');
  if (complaint)
    throw new MisuseError(`The script is wrong: ${complaint.message}${where(complaint)}${listOf(complaint)}`);
  for (const [index, step] of (script.steps ?? []).entries()) checkStep(step, index);
  return script;
}

/** Lists what would be right in place of something unknown. The message for a wrong value already has its list. */
const listOf = ({ code, right = [] }: Complaint): string =>
  code === 'unknown_parameter' ? ` Known here: ${right.join(', ')}.` : '';

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
  const given = stepActions.filter((action) => Object.hasOwn(step, action));
  const [action] = given;
  if (action === undefined || given.length > 1) {
    const found = given.length === 0 ? 'none' : given.join(' and ');
    throw new MisuseError(
      `The script is wrong: 'steps[${index}]' must have exactly one of ${stepActions.join(', ')}, but has ${found}.`,
    );
  }
  const known = [...whenKeys, ...besideAction[action]];
  const other = Object.keys(step).find((key) => key !== action && !known.includes(key));
  if (other !== undefined) {
    throw new MisuseError(
      `The script is wrong: '${other}' does not go with '${action}' in 'steps[${index}]'. Beside it may stand ${known.join(', ')}.`,
    );
  }
  if ('injects' in step && typeof step.injects.type !== 'string') {
    throw new MisuseError(`The script is wrong: 'steps[${index}].injects' must be an event: an object with a "type".`);
  }
}

/** Plays a script in one session. */
export interface ScriptPlayer {
  /** To be called when the session exists. */
  readonly connected: () => void;
  /** To be called when an event of this type was sent to, or read from, the session's first client. */
  readonly passed: (type: string) => void;
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
  return { connected: () => reach('connect'), passed: reach };
}

const msPerCharacter = 65;

function happeningOf(step: ScriptAction): Happening {
  if ('caller' in step) return spoken(step);
  if ('speech' in step) {
    if (step.speech === 'begins') return { type: 'caller', does: 'begins' };
    return { type: 'caller', does: 'ends', says: step.text ?? '' };
  }
  if ('presses' in step) return { type: 'caller', does: 'presses', key: step.presses };
  if ('hosts' in step) return { type: 'hosts', label: step.hosts, hosted: step.hosted ?? {} };
  if ('faults' in step) return { type: 'faults', faults: step.faults };
  if ('injects' in step) return { type: 'inject', event: step.injects };
  if ('session' in step) return { type: step.session };
  return { type: 'reply', reply: replyOf(step) };
}

function spoken(step: Extract<ScriptAction, { caller: string }>): Happening {
  const {
    caller: says,
    ms = Math.max(300, says.length * msPerCharacter),
    audioMs,
    transcript,
    transcriptionFails,
  } = step;
  return {
    type: 'caller',
    does: 'speaks',
    says,
    ms,
    ...(audioMs !== undefined && { audioMs }),
    ...(transcript && { transcript }),
    ...(transcriptionFails !== undefined && { transcriptionFails }),
  };
}

function replyOf(
  step: Extract<ScriptAction, { says: string } | { calls: string } | { replies: Reply } | { fails: string }>,
): Reply {
  if ('replies' in step) return step.replies;
  if ('fails' in step) {
    const { fails: code, message } = step;
    return { items: [], status: 'failed', code, ...(message !== undefined && { message }) };
  }
  if ('says' in step) {
    const { says, ms, modality, options } = step;
    return { items: [{ says, ...(ms !== undefined && { ms }), ...(modality && { modality }) }], ...options };
  }
  const { args = {}, options } = step;
  return { items: [{ calls: step.calls, args: typeof args === 'string' ? args : JSON.stringify(args) }], ...options };
}
