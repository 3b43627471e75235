/** A wrapper that hands on whatever it gets */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const write = (...args: any[]) => session.send(...(args as [never]));
  write({ type: 'response.create' });
};
