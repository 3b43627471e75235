import type { Caller } from './caller.js';
import { callerOn } from './caller.js';
import type { Happening } from './drive.js';
import type { Faults, HostedServer, Reply, ReplyItem, ReplyMessage, ServerFrame } from './server/index.js';
import { checked } from './option-check.js';
import { faults, hosted, reply } from './server/option-rules.js';

/** How one answer ends, if it does not simply complete. */
export type ReplyOptions = Omit<Reply, 'items'>;

/** Controls over a simulated server. */
export interface Controls {
  readonly caller: Caller;
  /**
   * Queues one answer, spoken unless text was asked for. `ms`: how long it takes to be spoken; with an empty text it is
   * audio without a transcript. `modality`: `text` is written even where audio was asked for. Answers are given in the
   * order in which they were queued, one for each response, whoever asks for it; where none is queued, one is made up.
   *
   * @example
   * ```ts
   * const { session, server } = await simulate({ purposes: ['greeting'] });
   * server.says('Good morning!', { ms: 900 });
   * const outcome = await session.respond('greeting').done;
   * ```
   */
  says(text: string, options?: ReplyOptions & Pick<ReplyMessage, 'ms' | 'modality'>): void;
  /**
   * Queues one answer that calls a function, which the session then runs. `args` is turned into JSON unless it is text
   * already. What the model says of the result is the next answer: queue it too.
   *
   * @default args: `{}`
   * @example
   * ```ts
   * const { session, server } = await simulate({ purposes: ['greeting'], tools: [transferCall] });
   * server.calls('transfer_call', { to: 'sales' });
   * server.says('I am putting you through.');
   * server.caller.speaks('Sales, please.');
   * ```
   */
  calls(name: string, args?: unknown, options?: ReplyOptions): void;
  /** Queues one answer of any shape: several items, a failure, exact pieces. */
  replies(reply: Reply): void;
  /**
   * Queues an answer that fails with this code, such as `server_error` or `rate_limit_exceeded`: `done` then has the status
   * `failed`, once the plan's `recovery` has done what it does about it.
   *
   * @example
   * ```ts
   * const { session, server } = await simulate({ purposes: ['greeting'] });
   * server.fails('server_error');
   * const outcome = await session.respond('greeting').done;
   * ```
   */
  fails(code: string, message?: string): void;
  /** Changes how the server misbehaves, from now on. */
  misbehaves(faults: Partial<Faults>): void;
  /**
   * Adds a hosted MCP server, reachable with these tools or unreachable. Call it before a session includes the server
   * in its tools.
   */
  hosts(label: string, hosted: HostedServer): void;
  /** Sends any event, whether or not the real server would. */
  injects(event: ServerFrame): void;
  /** Ends the session as at its maximum age, an hour. */
  expire(): void;
  /** The caller hangs up. */
  hangUp(): void;
  /** Kills the sockets without a close frame, after everything in flight has arrived. A call goes on. */
  die(): void;
  /**
   * Makes the peer fall silent: on every open connection nothing arrives any more at either end, pings are not
   * answered, and no close follows. Later connections are not affected.
   */
  stall(): void;
}

export function controlsOn(tell: (happening: Happening) => void): Controls {
  const queue = (items: readonly ReplyItem[], rest: ReplyOptions = {}) => {
    tell({ type: 'reply', reply: checked('An answer', reply, { items, ...rest }) });
  };
  return {
    caller: callerOn(tell),
    says: (text, { ms, modality, ...rest } = {}) =>
      queue([{ says: text, ...(ms !== undefined && { ms }), ...(modality && { modality }) }], rest),
    calls: (name, args = {}, rest) => queue([{ calls: name, args: asJson(args) }], rest),
    replies: (given) => tell({ type: 'reply', reply: checked('An answer', reply, given) }),
    fails: (code, message) => queue([], { status: 'failed', code, ...(message !== undefined && { message }) }),
    misbehaves: (given) => tell({ type: 'faults', faults: checked('misbehaves()', faults, given) }),
    hosts: (label, given) => tell({ type: 'hosts', label, hosted: checked('hosts()', hosted, given) }),
    injects: (event) => tell({ type: 'inject', event }),
    expire: () => tell({ type: 'expire' }),
    hangUp: () => tell({ type: 'hang-up' }),
    die: () => tell({ type: 'die' }),
    stall: () => tell({ type: 'stall' }),
  };
}

const asJson = (args: unknown): string => (typeof args === 'string' ? args : JSON.stringify(args));
