/** `any` as a type argument */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send<any>({ type: 'response.create' });
};
