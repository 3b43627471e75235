/** `super.send` in an object whose prototype is the session */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const loud = {
    __proto__: session,
    speak() {
      super.send({ type: 'response.create' });
    },
  };
  loud.speak();
};
