/** A hang-up for the sake of its farewell */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  await session.hangup({ farewell: { instructions: 'Tell them about our offers.' } });
};
