import type {
  AnySession,
  AnyTool,
  HostedTool,
  Limits,
  SessionParameters,
  SessionPlan,
  SessionSettings,
  Tool,
  UserGuard,
} from '../../types/index.js';
import { entriesOf } from '../collections.js';
import { MisuseError } from '../errors.js';
import { at, guards as builtIn, isRecord, type Json, type Rules, type ToolSet } from '../machine/index.js';
import { publishedPrices } from '../money/prices.js';
import { runnableTool, schemaOf } from '../tool.js';
import type { Functions } from './answers.js';
import { budgetOf } from './budget.js';
import { check, checkKeys, checkObject, isList, plainCopy } from './check.js';
import { policyOf } from './policy.js';
import { pricesOf } from './price-table.js';
import { reconnectOf } from './reconnect.js';
import type { Tools } from './tool-runner.js';

const defaultLimits: { readonly [Each in keyof Limits]-?: number } = {
  held: 16,
  holdForMs: 15_000,
  responsesInARow: 5,
  imminentMs: 400,
  turnMs: 60_000,
  transcriptMs: 1_800,
  createdMs: 10_000,
  responseMs: 60_000,
  confirmMs: 10_000,
  conflicts: 5,
  toolRoundsInARow: 8,
  creates: 200,
  mcpMs: 60_000,
  silentMs: 45_000,
  aliveMs: 10_000,
  expiringMs: 120_000,
};

/** The limits that are counts; all others are milliseconds. */
const COUNTS: ReadonlySet<keyof Limits> = new Set([
  ...(['held', 'responsesInARow', 'conflicts', 'toolRoundsInARow', 'creates'] as const),
]);

/** The names of all options of a plan. */
export const PLAN: readonly string[] = [
  ...['session', 'purposes', 'tools', 'guards', 'accept', 'hangUp', 'unknownTools'],
  ...['turnEnds', 'limits', 'playback', 'recovery', 'reconnect', 'prices', 'budget'],
];

/** The rules before a plan is known: only deadlines. */
export const defaultRules = (line: Rules['line'], model: string | null): Rules => ({
  limits: defaultLimits,
  turnEnds: 'speech-stopped',
  line,
  prefix: `gr${Math.random().toString(36).slice(2, 10)}`,
  guards: [],
  accept: 'not given',
  unknownTools: line === 'sideband' ? 'leave' : 'answer',
  playback: 'goes on',
  endsCall: 'no',
  pings: 'cannot ask',
  keys: 'fixed',
  recovery: null,
  reconnect: null,
  unixMsAtZero: 0,
  model,
  prices: publishedPrices,
  budget: null,
});

/** Names that the user's own guards may not have. */
const taken: ReadonlySet<string> = new Set([
  ...builtIn.map(({ name }) => name),
  ...['queue-full', 'expired', 'withdrawn', 'rejected', 'unanswered'],
]);

/** Throws `MisuseError` for an unknown option of a plan, or an invalid one. */
export function checkPlan(plan: SessionPlan): void {
  checkKeys(plan, 'The plan', PLAN);
  const { turnEnds = 'speech-stopped', playback = {}, unknownTools = 'answer', hangUp, accept } = plan;
  check(turnEnds === 'speech-stopped' || turnEnds === 'transcribed', "turnEnds is 'speech-stopped' or 'transcribed'.");
  check(unknownTools === 'answer' || unknownTools === 'leave', "unknownTools is 'answer' or 'leave'.");
  checkObject(playback, 'playback');
  checkKeys(playback, 'playback', ['waits']);
  check([undefined, true, false].includes(playback.waits), 'waits of playback is true, or left out.');
  checkObject(plan.guards ?? {}, 'guards');
  for (const [name, given] of Object.entries({ hangUp, accept })) {
    check(given === undefined || typeof given === 'function', () => `${name} is a function.`);
  }
}

/** The machine's rules for this plan. */
export function rulesOf(plan: SessionPlan, before: Rules, endCall: SessionPlan['hangUp']): Rules {
  return {
    ...before,
    limits: limitsOf(plan.limits ?? {}),
    turnEnds: plan.turnEnds ?? 'speech-stopped',
    guards: Object.entries(plan.guards ?? {}).map(([name, guard]) => ({ name, kind: guardOf(name, guard).kind })),
    accept: plan.accept ? 'asked' : 'not given',
    unknownTools: plan.unknownTools ?? (before.line === 'sideband' ? 'leave' : 'answer'),
    playback: plan.playback?.waits ? 'waits' : 'goes on',
    endsCall: endCall ? 'yes' : 'no',
    recovery: plan.recovery ? policyOf(plan.recovery) : null,
    reconnect: reconnectOf(plan.reconnect ?? false),
    budget: plan.budget ? budgetOf(plan.budget) : null,
    prices: plan.prices ? pricesOf(plan.prices) : publishedPrices,
  };
}

/** The user's functions that the machine asks by name. */
export const functionsOf = (plan: SessionPlan, session: AnySession): Functions => ({
  guards: entriesOf(
    Object.entries(plan.guards ?? {}).map(([name, guard]) => {
      const { shut } = guardOf(name, guard);
      return [name, () => shut(session)] as const;
    }),
  ),
  accept: plan.accept,
});

type GuardObject = Exclude<UserGuard, (session: AnySession) => boolean>;

function guardOf(name: string, guard: UserGuard): GuardObject {
  if (taken.has(name)) throw new MisuseError(`A guard cannot be named '${name}': that name is built in.`);
  const made = typeof guard === 'function' ? { shut: guard, kind: 'transient' as const } : guard;
  if (typeof made?.shut === 'function' && (made.kind === 'transient' || made.kind === 'terminal')) return made;
  throw new MisuseError(`The guard '${name}' is neither a function nor { shut, kind: 'transient' | 'terminal' }.`);
}

function limitsOf(asked: Limits): Rules['limits'] {
  checkObject(asked, 'limits');
  checkKeys(asked, 'limits', Object.keys(defaultLimits));
  if (Object.keys(asked).length === 0) return defaultLimits;
  const limits: Record<keyof Limits, number> = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const value = asked[name];
    if (value === undefined) continue;
    if (!(Number.isFinite(value) && value > 0)) {
      throw new MisuseError(`limits.${name} must be a positive number; it is ${String(value)}.`);
    }
    check(!COUNTS.has(name) || Number.isInteger(value), () => `limits.${name} must be a whole number; it is ${value}.`);
    limits[name] = value;
  }
  return limits;
}

// The wire's form --------------------------------------------------------------------------------------------------------

/**
 * The settings for `session.update`. Throws `MisuseError` for settings that the server is known not to confirm as sent.
 */
export function settingsOf(session: SessionSettings | undefined, tools: readonly AnyTool[] | undefined): Json {
  checkObject(session ?? {}, 'session');
  check(
    session?.instructions !== '',
    "instructions: '' does not clear them: the server answers with instructions of its own. Say what you want, or leave them out.",
  );
  check(
    [undefined, 'realtime'].includes(at(session, 'type') as undefined),
    'session.type is realtime, or left out: a session of another kind, such as transcription, has no responses.',
  );
  const settings = () => ({ ...session, type: undefined, ...(tools && { tools: tools.map(wireTool) }) });
  return plainCopy(settings, 'The session settings') as Json;
}

/** Fields of turn detection that the server refuses when a call is accepted, and takes in a later update. */
const NOT_AT_ACCEPT: readonly string[] = ['threshold', 'prefix_padding_ms', 'silence_duration_ms'];

/**
 * A plan's settings and tools in the wire's form, for whatever takes a session before there is a connection: accepting a
 * SIP call, making a client secret. The fields of turn detection that are refused there are left out: `configure()` sets
 * them.
 *
 * @throws `MisuseError` for a plan that cannot be told to the server.
 * @example
 * ```ts
 * await openai.realtime.calls.accept(callId, { model: 'gpt-realtime-2.1', ...sessionParameters(salesPlan) });
 * ```
 */
export function sessionParameters(plan: Pick<SessionPlan, 'session' | 'tools'>): SessionParameters {
  checkObject(plan, 'sessionParameters()');
  if (plan.tools) runnable(plan.tools);
  const settings = settingsOf(plan.session, plan.tools);
  const detection = at(settings, 'audio', 'input', 'turn_detection');
  if (isRecord(detection)) for (const name of NOT_AT_ACCEPT) Reflect.deleteProperty(detection, name);
  return { ...settings, type: 'realtime' };
}

/** The tools that this session runs or answers, by name. */
export function runnable(tools: readonly AnyTool[]): Tools {
  check(isList(tools) && tools.every((each) => isRecord(each)), 'tools is a list of tools.');
  const mine = tools.flatMap((each) => (isHosted(each) ? [] : [runnableTool(each as Tool)]));
  const byName = entriesOf(mine.map((each) => [each.name, each] as const));
  if (byName.size < mine.length) throw new MisuseError('Two tools have the same name: the server would refuse them.');
  return byName;
}

const isHosted = (each: AnyTool): each is HostedTool => 'server_label' in each;

/** The tools in the machine's form. */
export const toolSetOf = (generation: number, tools: Tools, list: readonly AnyTool[]): ToolSet => ({
  generation,
  functions: [...tools.values()].map(({ name, timeoutMs }) => ({ name, timeoutMs })),
  hosted: list.filter(isHosted).map(({ server_label: label }) => label),
});

function wireTool(each: AnyTool): unknown {
  if (isHosted(each)) return each;
  const { name, description, parameters } = each;
  return { type: 'function', name, description, parameters: schemaOf(name, parameters) };
}
