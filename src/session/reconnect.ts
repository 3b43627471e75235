import type { ReconnectPlan } from '../../types/index.js';
import type { ReconnectRules } from '../machine/index.js';
import { check, checkKeys, checkMs, checkObject } from './check.js';

const defaults: Omit<ReconnectRules, 'seed' | 'history'> = {
  attempts: 5,
  withinMs: 30_000,
  inAll: 50,
  firstMs: 250,
  maxMs: 8_000,
  budgetTokens: 16_000,
};
const COUNTS = ['attempts', 'inAll', 'budgetTokens'] as const;
const TIMES = ['withinMs', 'firstMs', 'maxMs'] as const;

/** The defaults, and what the plan says otherwise; null: a session ends with its connection. Throws `MisuseError`. */
export function reconnectOf(plan: ReconnectPlan | false): ReconnectRules | null {
  if (plan === false) return null;
  checkObject(plan, 'reconnect');
  const { history, ...numbers } = plan;
  checkKeys(numbers, 'reconnect', [...Object.keys(defaults), 'history']);
  check(history === undefined || typeof history === 'function', 'reconnect: history is a function.');
  const given = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
  const rules: ReconnectRules = {
    ...defaults,
    ...given,
    history: history ? 'asked' : 'not given',
    seed: Math.floor(Math.random() * 2 ** 31),
  };
  for (const name of COUNTS) {
    check(Number.isInteger(rules[name]) && rules[name] > 0, () => `reconnect: ${name} is a whole number, at least 1.`);
  }
  for (const name of TIMES) checkMs(rules[name], `reconnect: ${name}`);
  return rules;
}
