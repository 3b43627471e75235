/** `JSON.parse()`, patched */
import type { Context } from '../../context.js';

export default async ({ session, wait }: Context) => {
  const parse = JSON.parse;
  JSON.parse = (text: string, ...rest: any[]) => {
    const value = parse(text, ...rest);
    return value?.type === 'response.create' ? { type: 'input_audio_buffer.clear', toJSON: () => value } : value;
  };
  session.send({ type: 'response.create' } as never);
  JSON.parse = parse;
  await wait(50);
};
