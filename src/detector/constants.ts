/** A constant of another file, `EventType.RESPONSE_CREATE`, is known by its name alone. */
export const namesCreateByItself = (name: string | null): boolean =>
  name !== null && /^(RESPONSE_CREATE|ResponseCreate|responseCreate)$/.test(name);
