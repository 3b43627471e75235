/** The purpose of a tool that was removed */
import { jsonSchema, tool } from 'gated-realtime';
import type { Context } from '../../context.js';

const parameters = jsonSchema({ type: 'object' });
const lookUp = tool({ name: 'look_up', description: 'Looks up.', parameters, run: () => 'found' });

export default async ({ open, begins }: Context) => {
  const { session } = await open({ tools: [lookUp] });
  await session.update({ tools: [] });
  begins();
  session.respond('tool:look_up');
};
