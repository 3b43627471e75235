import { checkedUrl, SOCKET_PROTOCOLS } from '../checked-url.js';

/** The connection settings in the environment. */
export interface Environment {
  readonly apiKey?: string | undefined;
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * The address in the environment, built as the official SDK builds it. An unencrypted address stays unencrypted, which
 * is allowed for this machine only; the SDK would use TLS with a server that does not.
 */
export function environmentUrl(): URL {
  return checkedUrl(environmentAddress(), { name: 'OPENAI_BASE_URL', secure: 'https:', clear: 'http:', path: '/v1' });
}

/** The environment's credentials, if they belong to this address. */
export function environmentAt(url: URL): Environment {
  if (!isEnvironments(url)) return {};
  return {
    apiKey: read('OPENAI_API_KEY'),
    organization: read('OPENAI_ORG_ID'),
    project: read('OPENAI_PROJECT_ID'),
    headers: headersIn(read('OPENAI_CUSTOM_HEADERS') ?? ''),
  };
}

/** Reads a variable as the official SDK does: trimmed, and a blank one counts as absent. */
function read(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}

function environmentAddress(): string {
  const base = read('OPENAI_BASE_URL') ?? 'https://api.openai.com/v1';
  if (!URL.canParse(base)) return base;
  const url = new URL(base);
  url.protocol = SOCKET_PROTOCOLS.get(url.protocol) ?? url.protocol;
  url.pathname += url.pathname.endsWith('/') ? 'realtime' : '/realtime';
  for (const name of ['model', 'intent', 'call_id']) url.searchParams.delete(name);
  return url.href;
}

/**
 * Whether the environment's credentials belong to this address. OpenAI has a host for each region, e.g.
 * `eu.api.openai.com`.
 */
export function isEnvironments(url: URL): boolean {
  if (read('OPENAI_BASE_URL') === undefined) {
    return url.protocol === 'wss:' && /(^|\.)api\.openai\.com$/.test(url.hostname) && url.port === '';
  }
  const address = environmentAddress();
  if (!URL.canParse(address)) return false;
  const { protocol, host } = new URL(address);
  return url.protocol === protocol && url.host === host;
}

function headersIn(lines: string): Record<string, string> {
  const pairs = lines.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
