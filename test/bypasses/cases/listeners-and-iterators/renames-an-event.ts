/** A listener that rewrites what the server has said */
import type { Context } from '../../context.js';

export default async ({ session, server, wait }: Context) => {
  session.on('event', (event) => Object.assign(event, { type: 'input_audio_buffer.speech_stopped' }));
  server.caller.presses('1');
  await wait(50);
  session.respond('greeting');
};
