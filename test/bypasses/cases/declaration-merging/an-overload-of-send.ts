/** An overload of `send` declared on `AnySession` */
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface AnySession {
    send(event: { type: 'response.create'; overload: true }): void;
  }
}

export default ({ session }: Context) => {
  session.send({ type: 'response.create', overload: true });
};
