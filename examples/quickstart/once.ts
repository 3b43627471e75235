import type { AnySession, SessionEvents } from 'gated-realtime';

/** Resolves with the next event of this name; rejects if the session ends before. */
export async function once(session: AnySession, name: keyof SessionEvents): Promise<void> {
  const event = new Promise<void>((resolve) => {
    const off = session.on(name, () => {
      off();
      resolve();
    });
  });
  const ended = session.closed.then(({ kind }) =>
    Promise.reject(new Error(`The call ended before '${name}': ${kind}.`)),
  );
  await Promise.race([event, ended]);
}
