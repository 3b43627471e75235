export interface Log<Entry> {
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  /** Resolves with the `nth` matching entry, past or future. */
  until<Wanted extends Entry>(isWanted: (entry: Entry) => entry is Wanted, nth?: number): Promise<Wanted>;
}

/** Keeps all entries, and lets tests wait for more. */
export function log<Entry>(): Log<Entry> {
  const entries: Entry[] = [];
  const checks = new Set<() => void>();
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const check of [...checks]) check();
    },
    until: <Wanted extends Entry>(isWanted: (entry: Entry) => entry is Wanted, nth = 1) =>
      new Promise<Wanted>((resolve) => {
        const check = (): void => {
          const found = entries.filter(isWanted)[nth - 1];
          if (found === undefined) return;
          checks.delete(check);
          resolve(found);
        };
        checks.add(check);
        check();
      }),
  };
}
