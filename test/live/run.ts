/**
 * `npm run live`: plays every scenario to the simulated server and, with OPENAI_API_KEY, to the real one, and prints what
 * each of them says. Fails where a scenario comes to nothing, or the two differ.
 *
 * The real server costs about ten US cents with gpt-realtime-2.1-mini, thirty with gpt-realtime-2.1, and three minutes;
 * a scenario is given up after 45 seconds, and none is begun once the budget is spent.
 *
 *     npm run live -- [--model gpt-realtime-2.1-mini] [--budget 0.5] [--only barge-in] [--orders]
 */
import { parseArgs } from 'node:util';
import { costOf, publishedPrices } from '../../src/index.js';
import type { Played, Place } from './places.js';
import { realServer, simulator } from './places.js';
import { scenarios, type Scenario } from './scenarios.js';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'gpt-realtime-2.1-mini' },
    /** US dollars. */
    budget: { type: 'string', default: '0.5' },
    /** Only scenarios whose question contains this. */
    only: { type: 'string', default: '' },
    /** Print every event's type, in order. */
    orders: { type: 'boolean', default: false },
  },
});

const price = publishedPrices.models[options.model];
const apiKey = process.env['OPENAI_API_KEY'];
if (!price)
  throw new Error(
    `There is no price for ${options.model}: choose one of ${Object.keys(publishedPrices.models).join(', ')}.`,
  );
const simulated = simulator(options.model);
const real = apiKey ? await realServer(options.model, apiKey) : null;
if (!real) console.log('OPENAI_API_KEY is not set: only the simulated server is asked.\n');

let nanodollars = 0;
let failed = 0;
let different = 0;
const chosen = scenarios.filter(({ asks }) => asks.toLowerCase().includes(options.only.toLowerCase()));
for (const scenario of chosen) {
  console.log(scenario.asks);
  const assumed = await tell(simulated, scenario);
  if (!real) continue;
  if (nanodollars / 1e9 >= Number(options.budget)) {
    console.log('  the budget is spent: the real server is not asked');
    failed += 1;
    continue;
  }
  const found = await tell(real, scenario);
  nanodollars += cost(found);
  if (assumed.kind === 'failed' || found.kind === 'failed' || assumed.text === found.text) continue;
  different += 1;
  console.log('  ≠ they differ');
}
const spent = real ? ` The real server has cost $${(nanodollars / 1e9).toFixed(4)}.` : '';
console.log(`\n${chosen.length} questions, ${failed} failures, ${different} answered differently.${spent}`);
process.exitCode = failed + different > 0 || chosen.length === 0 ? 1 : 0;

async function tell(place: Place, scenario: Scenario): Promise<Played> {
  const played = await place.play(scenario);
  if (played.kind === 'failed') failed += 1;
  print(place.name, played.kind === 'failed' ? `✗ ${played.text}` : played.text);
  if (options.orders) print('', orderOf(played));
  return played;
}

/** Prints text wrapped, beside the name of the place. */
function print(name: string, text: string): void {
  const lines = text.match(/.{1,100}(?: |$)|\S+/g) ?? [];
  for (const [index, line] of lines.entries()) {
    console.log(`  ${(index === 0 ? name : '').padEnd(17)}${line.trimEnd()}`);
  }
}

/** Every type, in order; repetitions are counted. */
function orderOf({ events }: Played): string {
  const runs: { readonly type: string; count: number }[] = [];
  for (const { type } of events) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  return runs.map(({ type, count }) => (count > 1 ? `${type} ×${count}` : type)).join(', ');
}

/** In nanodollars. */
function cost({ events }: Played): number {
  const usages = events.flatMap((event) =>
    event.type === 'response.done' && event.response.usage ? [event.response.usage] : [],
  );
  return usages.reduce((sum, usage) => sum + (price ? costOf(usage, price) : 0), 0);
}
