/** A constant declared beforehand */
import type { Context } from '../../context.js';

const CREATE = { type: 'response.create' } as const;

export default ({ session }: Context) => {
  session.send(CREATE);
};
