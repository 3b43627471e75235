/** The text in these bytes. Throws where they are not UTF-8: what cannot be read is not clean. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}

/** The ASCII in a text of another encoding: most keep it as it is, UTF-16 and UTF-32 put zeros between. */
export const asciiIn = (bytes: Uint8Array): string =>
  Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1');
