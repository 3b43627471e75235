/** An interface that sends nothing but `response.create` */
import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

class Prompter {
  constructor(private readonly out: { send(event: ResponseCreateEvent): void }) {}

  prompt(): void {
    this.out.send({ type: 'response.create' });
  }
}

export default ({ session }: Context) => {
  new Prompter(session).prompt();
};
