import type { Node } from './node.js';
import type { Danger } from './dangers.js';

/** The rule that a finding breaks, by the name that the lint plugin uses. */
export type RuleName = 'no-raw-response-create' | 'no-raw-realtime-client' | 'handle-verdict' | 'no-patched-transport';

/**
 * How it is written.
 *
 * - `event`: an event handed to whatever sends it. `text`: its JSON. `method`: a method that sends one itself
 *   (`createResponse()`, `response.create()`). `built`: an event that is built here, and sent by somebody else.
 * - `import`, `construction`, `socket`, `channel`: a raw client, or a raw connection to the Realtime API.
 * - `dropped`: a verdict that nobody reads.
 * - `patch`: a `send` or a `respond` that is replaced. `line`: a transport of one's own.
 */
export type Kind =
  | 'event'
  | 'text'
  | 'method'
  | 'built'
  | 'import'
  | 'construction'
  | 'socket'
  | 'channel'
  | 'dropped'
  | 'patch'
  | 'line';

export interface Finding {
  readonly rule: RuleName;
  readonly kind: Kind;
  /** The node to report. */
  readonly node: Node;
  /** The callee, class or method, as the file names it. */
  readonly what: string;
  /** The name of the enclosing function; null: the module itself. */
  readonly inside: string | null;
  /** The dangers, the most dangerous first. */
  readonly dangers: readonly Danger[];
}
