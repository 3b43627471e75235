/** The part of a recording that is wanted when the process ends. */
interface Unfinished {
  flushNow(): void;
}

const unfinished = new Set<Unfinished>();
const flushAll = (): void => {
  for (const each of unfinished) each.flushNow();
};

/** Has what was not written yet be written when the process ends: one listener for all, while there are any. */
export function flushAtExit(each: Unfinished): void {
  if (unfinished.size === 0) process.on('exit', flushAll);
  unfinished.add(each);
}

export function forgetAtExit(each: Unfinished): void {
  if (unfinished.delete(each) && unfinished.size === 0) process.off('exit', flushAll);
}
