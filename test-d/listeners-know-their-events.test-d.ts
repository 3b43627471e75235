/** A listener's argument is the event that it asked for, and no name goes unheard for a slip of the pen. */
import { expectType } from 'tsd';
import type { RealtimeServerEvent, ResponseDoneEvent } from 'openai/resources/realtime/realtime';
import type { AnySession, ResponseHandle, VerdictRecord } from 'gated-realtime';

declare const session: AnySession;

const off = session.on('response.done', (event, response) => {
  expectType<ResponseDoneEvent>(event);
  expectType<ResponseHandle | undefined>(response);
});
expectType<() => void>(off);
session.on('event', (event) => expectType<RealtimeServerEvent>(event));
session.on('audio', ({ bytes, base64, itemId }) => {
  expectType<string>(itemId);
  expectType<string>(base64);
  expectType<number>(bytes.byteLength);
});
session.on('verdict', (record) => expectType<VerdictRecord>(record));
session.on('rotated', ({ epoch }) => expectType<number>(epoch));
session.on('expiring', ({ inMs }) => expectType<number>(inMs));
session.on('fault', (fault) => expectType<Error>(fault));
session.on('response', ({ purpose }) => expectType<string | null>(purpose));
// @ts-expect-error: Argument of type '"response.finished"' is not assignable to parameter of type 'keyof SessionEvents'.
session.on('response.finished', () => undefined);
// A client's event is sent, never heard.
// @ts-expect-error: Argument of type '"response.create"' is not assignable to parameter of type 'keyof SessionEvents'.
session.on('response.create', () => undefined);

// What is waited for once is typed as what is listened to.
expectType<ResponseDoneEvent>(
  await session.once('response.done', { where: ({ response }) => response.id === 'resp_1' }),
);
expectType<VerdictRecord>(await session.once('verdict', { signal: AbortSignal.timeout(5_000) }));
// @ts-expect-error: Argument of type '"response.finished"' is not assignable to parameter of type 'keyof SessionEvents'.
await session.once('response.finished');
// @ts-expect-error: 'timeoutMs' does not exist in type 'OnceOptions<
await session.once('verdict', { timeoutMs: 5_000 });

for await (const event of session.events()) expectType<RealtimeServerEvent>(event);
