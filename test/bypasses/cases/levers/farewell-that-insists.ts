/** A farewell that does not let itself be interrupted */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  await session.hangup({ farewell: { instructions: 'Tell them about our offers.' }, onBargeIn: 'hang-up' });
};
