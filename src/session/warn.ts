/** Tells of a fault that nobody listens for: by a warning of the process, or on the console where there is none. */
export function warn(error: Error): void {
  // A server's words may hold what a terminal would obey.
  const text = `${error.name}: ${error.message}`.replace(/\p{Cc}+/gu, ' ');
  const { process } = globalThis as { readonly process?: { emitWarning?(text: string, name: string): void } };
  if (process?.emitWarning) process.emitWarning(text, 'GatedRealtimeFault');
  // eslint-disable-next-line no-console -- a fault must not be lost, and this runtime has no other place for it
  else console.warn(`GatedRealtimeFault: ${text}`);
}
