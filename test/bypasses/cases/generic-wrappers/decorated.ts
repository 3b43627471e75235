/** A decorator that hands the function's type through */
import type { Context } from '../../context.js';

const timed = <Run extends (...args: any[]) => any>(run: Run): Run => ((...args: any[]) => run(...args)) as Run;

export default ({ session }: Context) => {
  timed(session.send)({ type: 'response.create' });
};
