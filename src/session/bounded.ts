type Remembered = Set<string> | Map<string, unknown>;

/** Keeps the latest only: what the server names must not fill the memory. */
export function forgetOldest(remembered: Remembered, beyond: number): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= beyond) return;
    remembered.delete(oldest);
  }
}
