/** A recording as the exit handler needs it. */
interface Unfinished {
  flushNow(): void;
}

const unfinished = new Set<Unfinished>();
const flushAll = (): void => {
  for (const each of unfinished) each.flushNow();
};

/** Writes what is left of all open recordings when the process exits, with a single listener while there are any. */
export function flushAtExit(each: Unfinished): void {
  if (unfinished.size === 0) process.on('exit', flushAll);
  unfinished.add(each);
}

export function forgetAtExit(each: Unfinished): void {
  if (unfinished.delete(each) && unfinished.size === 0) process.off('exit', flushAll);
}
