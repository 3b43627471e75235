/** What compiles, runs, and has its response: by name within `cases/`, and why nothing here can stop it. */
export const unstoppable: Readonly<Record<string, string>> = {};
