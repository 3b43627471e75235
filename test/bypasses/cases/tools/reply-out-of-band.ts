/** A tool whose reply is beside the conversation */
import type { Context } from '../../context.js';

export default async ({ whileToolRuns }: Context) => {
  const reply = () => ({ conversation: 'none', output_modalities: ['audio'] }) as const;
  await whileToolRuns(() => 'found', { reply });
};
