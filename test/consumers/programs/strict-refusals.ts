/** What is refused only where the compiler is strict: without it, a tool that closes over its own session is a silent `any`. */
import { jsonSchema, tool } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';

export async function refusedToTheStrict(): Promise<void> {
  const parameters = jsonSchema({ type: 'object' });
  // @ts-expect-error: 'closed' implicitly has type 'any'
  const closed = await openSession({
    model: 'gpt-realtime-2.1',
    // @ts-expect-error: 'run' implicitly has return type 'any'
    tools: [tool({ name: 'end', description: '', parameters, run: () => closed.hangup() })],
  });
  const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });
  // @ts-expect-error: Argument of type 'null' is not assignable to parameter
  session.respond(null);
}
