import type { Json } from './wire.js';

/** A hosted MCP server, as the simulated server finds it when it asks for its tools. Plain data. */
export interface HostedServer {
  /** Default: what the client allows by name, each with parameters that may be anything. */
  readonly tools?: readonly HostedTool[];
  /** `unreachable`: its tools cannot be listed. */
  readonly state?: 'reachable' | 'unreachable';
  /** Milliseconds from `session.updated` until they are listed. Default 200. */
  readonly tookMs?: number;
}

export interface HostedTool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of its arguments. Default: an object with anything in it. */
  readonly parameters?: Json;
}
