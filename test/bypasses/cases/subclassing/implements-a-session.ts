/** A class that implements `AnySession` and adds a raw `send` */
import type { AnySession } from 'gated-realtime';
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

abstract class Loud implements Pick<AnySession, 'send'> {
  constructor(protected readonly inner: AnySession) {}

  send(event: RealtimeClientEvent): void {
    this.inner.send(event);
  }
}
class Line extends Loud {}

export default ({ session }: Context) => {
  new Line(session).send({ type: 'response.create' });
};
