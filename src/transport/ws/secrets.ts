import type { ClientRequest } from 'node:http';
import { HIDDEN, withoutKeys } from '../../secrets.js';

/** Another party's words, shortened, with every secret in them blacked out. */
export function withoutSecrets(text: string, secrets: readonly unknown[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (typeof secret === 'string' && secret.length > 0) clean = clean.replaceAll(secret, HIDDEN);
  }
  clean = withoutKeys(clean);
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

const LONGEST = 300;

/** Whatever a request says about who asks. */
export function secretsOf(request: ClientRequest): string[] {
  return Object.entries(request.getHeaders())
    .filter(([name]) => !HARMLESS.has(name))
    .flatMap(([, value]) => [value].flat())
    .flatMap((value) => [String(value), String(value).replace(/^\w+\s+/, '')]);
}

const HARMLESS: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'origin',
  'sec-websocket-extensions',
  'sec-websocket-version',
  'upgrade',
  'user-agent',
]);
