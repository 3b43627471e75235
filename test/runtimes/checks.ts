/** What has to hold wherever there is a WebSocket. Runs in every runtime, so it knows none of them. */
import {
  connect,
  ConnectError,
  MisuseError,
  openSession,
  userMessage,
  type ConnectFailure,
} from 'gated-realtime/websocket';
import type { Finding, Places } from './places.js';

type Check = (places: Places) => Promise<void>;

const model = 'gpt-realtime-2.1';

const checks: Readonly<Record<string, Check>> = {
  async 'a session is confirmed, speaks and closes'({ url, keys }) {
    const session = await openSession({ model, url, apiKey: keyFrom(keys), purposes: ['greeting'] });
    let heard = 0;
    session.on('audio', ({ bytes }) => (heard += bytes.length));
    const outcome = await session.respond('greeting').done;
    same(outcome.status, 'completed');
    same(heard > 0, true);
    await session.close();
    same((await session.closed).kind, 'closed');
  },
  async 'a key is fetched anew for every connection'({ url, keys }) {
    const fetched: string[] = [];
    const apiKey = async (): Promise<string> => {
      const key = await keyFrom(keys)();
      fetched.push(key);
      return key;
    };
    for (let count = 1; count <= 2; count++) await (await connect({ model, url, apiKey })).close();
    same(new Set(fetched).size, 2);
  },
  async 'an API key that lasts is taken on a server, and refused in a browser before anything is sent'({
    url,
    lastingKey: apiKey,
    lasting,
  }) {
    if (lasting === 'taken') return (await connect({ model, url, apiKey })).close();
    const error = await rejection(connect({ model, url, apiKey }));
    same(error instanceof MisuseError && error.message.includes('does not belong into a browser'), true);
  },
  async 'a key that the server does not know is refused with its code'({ url }) {
    const failure = await connectFailure(connect({ model, url, apiKey: 'ek_unknown1' }));
    same(failure.kind === 'refused' && failure.code, 'invalid_api_key');
  },
  async 'a server that answers with HTTP 401 is unreachable'({ refusing: url, keys }) {
    same((await connectFailure(connect({ model, url, apiKey: keyFrom(keys) }))).kind, 'unreachable');
  },
  async 'a server that is not there is unreachable'({ nowhere: url, keys }) {
    same((await connectFailure(connect({ model, url, apiKey: keyFrom(keys) }))).kind, 'unreachable');
  },
  async 'a server that never answers is given up in time'({ silent: url, keys }) {
    same((await connectFailure(connect({ model, url, apiKey: keyFrom(keys), timeoutMs: 500 }))).kind, 'timeout');
  },
  async 'connecting is aborted while the server does not answer'({ silent: url, keys }) {
    const signal = AbortSignal.timeout(300);
    same((await connectFailure(connect({ model, url, apiKey: keyFrom(keys), signal }))).kind, 'aborted');
  },
  async 'a socket that dies ends the session as lost, without a close code'({ dying: url, keys }) {
    const session = await openSession({ model, url, apiKey: keyFrom(keys), purposes: ['greeting'] });
    const ending = await session.closed;
    same(ending.kind === 'lost' && ending.code, null);
  },
  async 'a frame of 3.4 MB goes both ways, any text there is, and audio after them'({ url, keys }) {
    const session = await openSession({ model, url, apiKey: keyFrom(keys), purposes: ['greeting'], session: byHand });
    for (const text of ['QUJD'.repeat(850_000), 'naïve – 日本語 😀 \u0001\u2028 "\\']) {
      const added = session.once('conversation.item.added');
      session.send(userMessage(text));
      const { item } = await added;
      same(JSON.stringify(item).includes(JSON.stringify(text)), true);
    }
    session.appendAudio(new Uint8Array(9_600));
    const committed = session.once('input_audio_buffer.committed');
    session.send({ type: 'input_audio_buffer.commit' });
    await committed;
    await session.close();
  },
};

/** Every check in turn: what went wrong, by its title. */
export async function runChecks(places: Places): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [check, run] of Object.entries(checks)) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('took 20 s')), 20_000);
    });
    const wrong = await Promise.race([run(places), late]).then(
      () => null,
      (error: unknown) => String(error),
    );
    clearTimeout(timer);
    findings.push({ check, wrong });
  }
  return findings;
}

const byHand = { audio: { input: { turn_detection: null } } };

const keyFrom = (keys: string) => async (): Promise<string> => (await fetch(keys, { method: 'POST' })).text();

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const error: unknown = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('it did not reject');
  return error;
}

async function connectFailure(promise: Promise<unknown>): Promise<ConnectFailure> {
  const error = await rejection(promise);
  if (error instanceof ConnectError) return error.failure;
  throw new Error(`no ConnectError: ${String(error)}`);
}

function same(got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`got ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}
