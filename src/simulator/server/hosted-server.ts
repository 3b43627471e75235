import type { Json } from './wire.js';

/** A hosted MCP server, as the simulated server sees it. Plain data. */
export interface HostedServer {
  /** The tools. Default: those that the client allows by name, each with any parameters. */
  readonly tools?: readonly HostedTool[];
  /** `unreachable`: listing the tools fails. */
  readonly state?: 'reachable' | 'unreachable';
  /** Milliseconds from `session.updated` until the tools are listed. Default 200. */
  readonly tookMs?: number;
}

export interface HostedTool {
  readonly name: string;
  readonly description?: string;
  /** The JSON Schema of the arguments. Default: an object with any properties. */
  readonly parameters?: Json;
}
