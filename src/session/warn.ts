/** Reports a fault that has no listener, as a process warning, or on the console where there are none. */
export function warn(error: Error): void {
  // A server's message may contain control codes for a terminal.
  const text = `${error.name}: ${error.message}`.replace(/\p{Cc}+/gu, ' ');
  const { process } = globalThis as { readonly process?: { emitWarning?(text: string, name: string): void } };
  if (process?.emitWarning) process.emitWarning(text, 'GatedRealtimeFault');
  // eslint-disable-next-line no-console -- a fault must not be lost, and this runtime has no other place for it
  else console.warn(`GatedRealtimeFault: ${text}`);
}
