/** What a project sees through that package: neither `any`, nor less than there is. */
import type { AnySession, Respond, SessionOf, Verdict } from '../library/library.js';
import {
  anyEvent,
  audio,
  items,
  nextDone,
  open,
  openSales,
  outcome,
  rehearse,
  sales,
  usage,
} from '../library/library.js';

type IsAny<Value> = 0 extends 1 & Value ? true : false;
type Seen = Awaited<
  | ReturnType<typeof nextDone | typeof anyEvent | typeof usage | typeof items | typeof outcome>
  | ReturnType<typeof audio>
>;
export const hidden: IsAny<Seen> = false;
export const type = async (session: AnySession): Promise<'response.done'> => (await nextDone(session)).type;

const greet = (respond: Respond<'greeting'>): Verdict => respond('greeting');
export const greetIn = (session: SessionOf<typeof sales>): Verdict => greet(session.respond);
export const tell = async (): Promise<Verdict> => (await open({ purposes: ['nudge'] })).respond('nudge');

/** Refused through the declarations of the package in between. */
export async function refused(): Promise<void> {
  const session = await openSales();
  greetIn(session);
  session.respond('tool:opening_hours');
  // @ts-expect-error: Argument of type '"greting"' is not assignable to parameter
  session.respond('greting');
  // @ts-expect-error: Advice<"use session.respond(): response.create is gated">
  session.send({ type: 'response.create' });
}

export async function rehearsal(): Promise<void> {
  const { session, server } = await rehearse();
  server.says('Good morning.');
  const outcome = await session.respond('greeting').done;
  await session.close();
  if (outcome.status !== 'completed' || outcome.text !== 'Good morning.') throw new Error(outcome.status);
}
