/** A mapped type that makes every method take anything */
import type { Context } from '../../context.js';

type Loose<Type> = {
  [Key in keyof Type]: Type[Key] extends (...args: any) => infer Result ? (...args: any[]) => Result : Type[Key];
};

export default ({ session }: Context) => {
  const loose: Loose<Pick<typeof session, 'send'>> = session;
  loose.send({ type: 'response.create' });
};
