/** The limits of a plan: their defaults, as a session has them, and what the contract says of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRules } from '../../src/session/plan.js';
import { root } from './packed.js';
import { tableOf } from './tables.js';

export interface Limit {
  readonly name: string;
  readonly says: string;
  /** The default in its doc comment. */
  readonly documented: number;
  readonly default: number;
}

export function limits(): readonly Limit[] {
  const contract = readFileSync(join(root, 'types/plan.ts'), 'utf8');
  const { limits: defaults } = defaultRules('own', null);
  return Object.entries(defaults).map(([name, value]) => {
    const found = new RegExp(`/\\*\\*([^/]*?)@default ([\\d_]+)\\s*\\*/\\s*readonly ${name}\\?:`).exec(contract);
    if (!found) throw new Error(`types/plan.ts gives no default for limits.${name}.`);
    const says = found[1]!.replaceAll(/(?:\s*\n\s*\*)+\s*/g, ' ').trim();
    return { name, says, documented: Number(found[2]!.replaceAll('_', '')), default: value };
  });
}

export const limitTable = (): string =>
  tableOf(
    ['limit', 'default', 'what it bounds'],
    limits().map((each) => [`\`${each.name}\``, each.default.toLocaleString('en'), each.says]),
  );
