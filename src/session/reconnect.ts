import type { ReconnectPlan, RotatePlan, SessionPlan } from '../../types/index.js';
import type { ReconnectRules } from '../machine/index.js';
import { check, checkKeys, checkMs, checkObject } from './check.js';

const defaults: Omit<ReconnectRules, 'seed' | 'rotate' | 'history' | 'meanwhile'> = {
  attempts: 5,
  withinMs: 30_000,
  inAll: 50,
  firstMs: 250,
  maxMs: 8_000,
  audioMs: 10_000,
  budgetTokens: 16_000,
};
const rotation = { beforeMs: 600_000, latestMs: 60_000 };
const COUNTS = ['attempts', 'inAll', 'budgetTokens'] as const;
const TIMES = ['withinMs', 'firstMs', 'maxMs', 'audioMs'] as const;

/** The defaults, and what the plan says otherwise; null: a session ends with its connection. Throws `MisuseError`. */
export function reconnectOf(plan: ReconnectPlan | false): ReconnectRules | null {
  if (plan === false) return null;
  checkObject(plan, 'reconnect');
  checkKeys(plan, 'reconnect', [...Object.keys(defaults), 'history', 'meanwhile', 'rotate']);
  const { history, meanwhile: audio = null, rotate = {}, ...numbers } = plan;
  check(
    audio === null || (audio instanceof Uint8Array && audio.length > 0),
    'reconnect: meanwhile is a Uint8Array with audio, or null.',
  );
  check(history === undefined || typeof history === 'function', 'reconnect: history is a function.');
  const rules: ReconnectRules = {
    ...defaults,
    ...given(numbers),
    meanwhile: audio ? 'given' : 'none',
    history: history ? 'asked' : 'not given',
    rotate: rotateOf(rotate),
    seed: Math.floor(Math.random() * 2 ** 31),
  };
  for (const name of COUNTS) {
    check(Number.isInteger(rules[name]) && rules[name] > 0, () => `reconnect: ${name} is a whole number, at least 1.`);
  }
  for (const name of TIMES) checkMs(rules[name], `reconnect: ${name}`);
  return rules;
}

/** A copy of what the caller hears while the session is away. */
export const meanwhileIn = ({ reconnect }: SessionPlan): Uint8Array | null =>
  reconnect && reconnect.meanwhile ? new Uint8Array(reconnect.meanwhile) : null;
function rotateOf(plan: RotatePlan | false): ReconnectRules['rotate'] {
  if (plan === false) return null;
  checkObject(plan, 'reconnect.rotate');
  checkKeys(plan, 'reconnect.rotate', Object.keys(rotation));
  const rules = { ...rotation, ...given(plan) };
  checkMs(rules.beforeMs, 'reconnect.rotate: beforeMs');
  checkMs(rules.latestMs, 'reconnect.rotate: latestMs');
  check(rules.latestMs < rules.beforeMs, () => 'reconnect.rotate: latestMs is less than beforeMs.');
  return rules;
}

const given = <Plan extends object>(plan: Plan): Given<Plan> =>
  Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as Given<Plan>;
type Given<Plan> = { readonly [Each in keyof Plan]?: NonNullable<Plan[Each]> };
