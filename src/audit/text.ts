/** Decodes UTF-8. Throws for other bytes, because a file that cannot be read must not count as clean. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}

/**
 * The ASCII characters of a text in another encoding: most keep them as they are; UTF-16 and UTF-32 put zeros between.
 */
export const asciiIn = (bytes: Uint8Array): string =>
  Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1');
