/** A search through the session for whatever can send */
import type { Context } from '../../context.js';

function sendersIn(value: any, seen = new Set<unknown>()): any[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const found = typeof value.send === 'function' && seen.size > 1 ? [value] : [];
  return [...found, ...Reflect.ownKeys(value).flatMap((key) => sendersIn(value[key], seen))];
}

export default ({ session }: Context) => {
  for (const sender of sendersIn(session)) sender.send(JSON.stringify({ type: 'response.create' }));
};
