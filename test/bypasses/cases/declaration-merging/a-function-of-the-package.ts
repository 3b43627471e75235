/** A function declared on the package */
import { sendRaw } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  export function sendRaw(session: unknown, event: { type: string }): void;
}

export default ({ session }: Context) => {
  sendRaw(session, { type: 'response.create' });
};
