/** A private field of the session */
import type { Context } from '../../context.js';

class Thief {
  readonly #line: { send(text: string): void } | undefined;

  static lineOf(session: any): Thief['#line'] {
    return session.#line;
  }
}

export default ({ session }: Context) => {
  Thief.lineOf(session)!.send(JSON.stringify({ type: 'response.create' }));
};
