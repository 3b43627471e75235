export interface Log<Entry> {
  readonly entries: readonly Entry[];
  add(entry: Entry): void;
  /** Resolves with the `nth` entry that is so, however long ago it was. */
  until<Wanted extends Entry>(isWanted: (entry: Entry) => entry is Wanted, nth?: number): Promise<Wanted>;
}

/** Remembers everything, and lets one wait for more. */
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
