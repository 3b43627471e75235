/** A field with an underscore */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session['_line'].send(JSON.stringify({ type: 'response.create' }));
};
