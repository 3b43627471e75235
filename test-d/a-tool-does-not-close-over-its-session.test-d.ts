/** The session being configured cannot be used to configure it: that would make it a silent `any`. */
import { expectType } from 'tsd';
import { jsonSchema, tool } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';

const model = 'gpt-realtime-2.1';
const parameters = jsonSchema({ type: 'object' });

const end = tool({ name: 'end', description: '', parameters, run: (_, { session }) => session.hangup() });
const open = await openSession({ model, tools: [end] });
expectType<string>(open.id);

// @ts-expect-error: 'closed' implicitly has type 'any'
const closed = await openSession({
  model,
  // @ts-expect-error: 'run' implicitly has return type 'any'
  tools: [tool({ name: 'end', description: '', parameters, run: () => closed.hangup() })],
});
