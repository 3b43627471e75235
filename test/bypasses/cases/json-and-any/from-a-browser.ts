/** A body that a browser has posted */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  const body = await new Response('{"type":"response.create"}').json();
  session.send(body);
};
