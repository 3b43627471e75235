/** A request after an update that the server refused */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  const refused = { session: { output_modalities: ['smell'] as unknown as ['audio'] } };
  await session.update(refused).catch(() => undefined);
  session.respond('greeting', { whenBlocked: 'refuse' });
};
