import type { Server } from './state.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const hex = '0123456789abcdef';
/** The first five characters of an id encode the second of its creation, counted from here. */
const idEpochSeconds = 1_576_800_000;

export type IdKind = 'event' | 'item' | 'resp' | 'sess' | 'conv' | 'seg' | 'rtc' | 'ek';

/** Makes an id: a prefix such as `item_`, then 21 characters: five for the second, sixteen unique. */
export function newId(server: Server, kind: IdKind): string {
  return `${kind}_${secondOf(server)}${scramble(server, base62, 16)}`;
}

export const newCallId = (server: Server): string => `call_${scramble(server, base62, 16)}`;

/** Makes an id for events of the output audio buffer, which come from another subsystem and have another form. */
export const newMediaEventId = (server: Server): string => `event_${scramble(server, hex, 16)}`;

/** The random padding of text deltas, which fills them up to sixteen characters. */
export const newPadding = (server: Server, delta: string): string =>
  scramble(server, base62, Math.max(1, 16 - (delta.length % 16)));

function secondOf(server: Server): string {
  let seconds = server.options.unixSecondsAtZero - idEpochSeconds + Math.floor(server.now / 1000);
  let text = '';
  for (let place = 0; place < 5; place += 1) {
    text = base62.charAt(seconds % 62) + text;
    seconds = Math.floor(seconds / 62);
  }
  return text;
}

/** Makes random-looking characters. The first six are the permuted serial number, so that no two ids are equal. */
function scramble(server: Server, alphabet: string, length: number): string {
  server.serial += 1;
  const size = alphabet.length;
  let unique = (Math.imul(server.serial, 0x9e3779b1) ^ Math.imul(server.options.seed, 0x85ebca6b)) >>> 0;
  let noise = mix(unique ^ server.options.seed);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    if (place < 8) {
      text += alphabet.charAt(unique % size);
      unique = Math.floor(unique / size);
    } else {
      text += alphabet.charAt(noise % size);
      noise = mix(noise);
    }
  }
  return text;
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
