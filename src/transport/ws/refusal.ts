import type { IncomingMessage } from 'node:http';
import { ConnectError } from '../../errors.js';
import { brief } from '../credential-places.js';

/**
 * Turns an HTTP answer other than the upgrade into an error that says what to do. Reads only the beginning of its body.
 */
export async function refusal(response: IncomingMessage, secrets: readonly string[]): Promise<ConnectError> {
  const status = response.statusCode ?? 0;
  const { code, message } = errorIn(await beginningOf(response));
  const said = message === null ? '' : ` It says: ${brief(message, secrets)}`;
  return new ConnectError({
    kind: 'refused',
    status,
    code: code === null ? null : brief(code, secrets),
    message: `${advice(status)}${said}`,
  });
}

function advice(status: number): string {
  if (status >= 300 && status < 400)
    return 'It redirects, and credentials are not carried along. Give the final address.';
  if (status >= 500) return 'It is failing or overloaded. Connect again later.';
  return ADVICE.get(status) ?? 'It does not speak WebSocket at this address. Check the address.';
}

const ADVICE: ReadonlyMap<number, string> = new Map([
  [400, 'It does not take the request. Check the model and the address.'],
  [401, 'It does not take the key. Check the API key, and that it belongs to this address.'],
  [403, 'The key may not do this. Check its permissions, the project, and access to the model.'],
  [404, 'There is nothing at this address. Check the address, the model or deployment, and that the call is still on.'],
  [408, 'It took too long. Connect again.'],
  [429, 'There are too many connections, or the quota is used up. Wait, or check the limits and billing.'],
]);

const MOST_BYTES = 16 * 1024;
const MOST_MS = 2_000;

function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString());
      response.destroy();
    };
    const timer = setTimeout(finish, MOST_MS);
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES) finish();
    });
    for (const ending of ['end', 'close', 'error']) response.on(ending, finish);
  });
}

interface ErrorBody {
  readonly code: string | null;
  readonly message: string | null;
}

/** The server's error in the body of an HTTP answer: `{ error: { code, message } }`. */
function errorIn(body: string): ErrorBody {
  try {
    const { error } = JSON.parse(body) as { error: Partial<Record<'code' | 'message', unknown>> };
    return { code: textOrNull(error.code), message: textOrNull(error.message) };
  } catch {
    return { code: null, message: null };
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
