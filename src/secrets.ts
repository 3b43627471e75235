/** Another party's words, with everything in them that looks like a key blacked out. */
export const withoutKeys = (text: string): string => text.replace(/\b(Bearer\s+|sk-|ek_)[^\s"'<>]+/g, HIDDEN);

export const HIDDEN = '[hidden]';
