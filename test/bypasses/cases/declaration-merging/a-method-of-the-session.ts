/** A raw `send` declared on `AnySession` */
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  interface AnySession {
    sendRaw(event: { type: string }): void;
  }
}

export default ({ session }: Context) => {
  session.sendRaw({ type: 'response.create' });
};
