/** `handleToolCall` and `handle_tool_call` as `handle tool call`: names are compared by their words. */
export const spaced = (name: string): string =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).join(' ').toLowerCase();
