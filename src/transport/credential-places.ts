import { withoutKeys, withoutSecrets } from '../secrets.js';

/** Another party's text, without secrets and shortened. */
export function brief(text: string, secrets: readonly string[]): string {
  const clean = withoutSecrets(text, secrets);
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

const LONGEST = 300;

/** Finds keys in `openai-insecure-api-key.<key>` and similar protocols. The key may contain dots, or follow several. */
export function inProtocol(protocol: string): string[] {
  const name = protocol.replace(/\..*$/, '').toLowerCase();
  if (namesCredential(name) || protocol.includes('.bearer.')) {
    return [protocol, protocol.replace(/^[^.]*\./, ''), protocol.replace(/^.*\./, '')];
  }
  return withoutKeys(protocol) === protocol ? [] : [protocol];
}

/** Finds query parameters whose names suggest a credential. */
export function inAddress(path: string): string[] {
  const { searchParams } = new URL(`wss://host${path}`);
  return [...searchParams].flatMap(([name, value]) => (namesCredential(name.toLowerCase()) ? [value] : []));
}

/**
 * Whether a header's name suggests a credential: `x-api-key` and `apikey` do, `x-author`, `sec-websocket-key` and
 * `idempotency-key` do not.
 */
export const namesCredential = (name: string): boolean =>
  !HARMLESS.has(name) && (CREDENTIAL.has(name) || name.split(/[^a-z0-9]+/).some(isCredentialWord));

const isCredentialWord = (word: string): boolean =>
  word !== 'code' && (CREDENTIAL.has(word) || /(?:key|token|secret|password|cookie)$/.test(word));

const HARMLESS: ReadonlySet<string> = new Set(['sec-websocket-key', 'idempotency-key']);

const CREDENTIAL: ReadonlySet<string> = new Set([
  'auth',
  'authentication',
  'authorization',
  'bearer',
  'code',
  'credential',
  'credentials',
  'jwt',
  'passphrase',
  'passwd',
  'pwd',
  'sig',
  'signature',
]);
