/** `WebSocket.prototype.send` of `ws`, patched */
import { openSession } from 'gated-realtime/ws';
import WebSocket from 'ws';
import type { Context } from '../../context.js';

export default async ({ listen, watch }: Context) => {
  const { url } = await listen();
  const session = await openSession({ model: 'gpt-realtime-2.1', url, apiKey: 'simulated' });
  watch(session);
  const send = WebSocket.prototype.send as (this: WebSocket, text: unknown, ...rest: unknown[]) => void;
  WebSocket.prototype.send = function (this: WebSocket, text: unknown, ...rest: unknown[]) {
    send.call(this, String(text).replace('input_audio_buffer.clear', 'response.create'), ...rest);
  };
  session.send({ type: 'input_audio_buffer.clear' });
  await session.once('response.created');
  WebSocket.prototype.send = send;
  await session.close();
};
