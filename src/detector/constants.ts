/** Whether a constant of another file, such as `EventType.RESPONSE_CREATE`, names the event by its own name. */
export const namesCreateByItself = (name: string | null): boolean =>
  name !== null && /^(RESPONSE_CREATE|ResponseCreate|responseCreate)$/.test(name);
