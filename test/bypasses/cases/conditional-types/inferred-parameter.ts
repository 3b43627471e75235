/** The parameter of `send`, inferred by a conditional type */
import type { Context } from '../../context.js';

type Taken<Send> = Send extends (event: infer Event) => void ? Event : never;

export default ({ session }: Context) => {
  const event: Taken<typeof session.send> = { type: 'response.create' };
  session.send(event);
};
