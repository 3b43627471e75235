/** Converts between bytes and events. Pure: no clock, promise or socket. */
export { APPEND_LIMIT, decodeAudio, encodeAppend } from './audio.js';
export { decode, Decoder } from './decode.js';
export { encode, snapshot } from './encode.js';
export type { AudioDelta, ClientEvent, Decoded, ServerEvent, Unreadable } from './event.js';
