import type { PriceTable } from '../../types/index.js';
import { isRecord } from '../machine/index.js';
import { check, checkKeys, checkObject, plainCopy } from './check.js';

/** Checks and copies a price table. Throws `MisuseError` for an invalid price, which would count as free. */
export function pricesOf(given: PriceTable): PriceTable {
  checkObject(given, 'prices');
  checkKeys(given, 'prices', ['models', 'transcription', 'asOf', 'source']);
  const table = plainCopy(() => given, 'prices') as PriceTable;
  const { models, transcription } = table;
  check(
    isRecord(models) && isRecord(transcription),
    'prices are { models, transcription }, each by the id of a model.',
  );
  for (const [model, price] of Object.entries(models)) {
    for (const kind of ['text', 'audio', 'image']) {
      const wanted = kind === 'image' ? ['input', 'cached'] : ['input', 'cached', 'output'];
      mustBeRates(price, kind, wanted, model);
    }
  }
  for (const [model, price] of Object.entries(transcription)) {
    if ('perMinute' in price) check(isAmount(price.perMinute), () => `perMinute of '${model}' is ${DOLLARS}.`);
    else {
      mustBeRates(price, 'text', ['input', 'output'], model);
      mustBeRates(price, 'audio', ['input'], model);
    }
  }
  return table;
}

const DOLLARS = 'a number of US dollars that is not negative';

function mustBeRates(price: unknown, kind: string, names: readonly string[], model: string): void {
  const rates = isRecord(price) ? price[kind] : undefined;
  for (const name of names) {
    check(isRecord(rates) && isAmount(rates[name]), () => `The price of '${model}': ${kind}.${name} is ${DOLLARS}.`);
  }
}

const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
