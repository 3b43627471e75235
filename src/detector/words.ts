/**
 * Splits a name into words, so that names are compared by them: `handleToolCall` and `handle_tool_call` give `handle
 * tool call`.
 */
export const spaced = (name: string): string =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).join(' ').toLowerCase();
