import { bare, calleeName, child, children, type Node, ownerOf } from './node.js';
import { spaced } from './words.js';

/** Calls that compare an event, describe it, or wait for it: they do not send their arguments. */
const looking: ReadonlySet<string> = new Set([
  ...['expect', 'toEqual', 'toStrictEqual', 'toMatchObject', 'toContainEqual', 'toContain', 'toBe', 'toHaveProperty'],
  ...['objectContaining', 'arrayContaining', 'toHaveBeenCalledWith', 'toHaveBeenLastCalledWith'],
  ...['toHaveBeenNthCalledWith', 'toHaveBeenCalledExactlyOnceWith', 'toSatisfy', 'calledWith', 'calledOnceWith'],
  ...['calledWithMatch', 'calledWithExactly', 'equal', 'equals', 'strictEqual', 'deepEqual', 'deepStrictEqual'],
  ...['partialDeepStrictEqual', 'notDeepEqual', 'notDeepStrictEqual', 'assert', 'assertEquals', 'ok', 'is', 'not'],
  ...['eql', 'eq', 'include', 'deepInclude', 'isEqual', 'isMatch', 'isDeepStrictEqual', 'matches', 'matchesObject'],
  ...['with', 'match', 'isMatching', 'when', 'literal', 'object', 'strictObject', 'looseObject', 'union', 'variant'],
  ...['discriminatedUnion', 'enum', 'picklist', 'safeParse', 'safeParseAsync', 'expectType', 'expectAssignable'],
  ...['expectNotAssignable', 'expectError', 'includes', 'indexOf', 'startsWith', 'has', 'each'],
  ...['receive', 'handleMessage', 'onMessage', 'onmessage', 'handleClientEvent', 'handleClientMessage', 'fromClient'],
  ...['MessageEvent', 'dispatchEvent'],
]);
/** Calls that record an event, or run a function later. */
const noting: ReadonlySet<string> = new Set([
  ...['log', 'debug', 'info', 'warn', 'error', 'trace', 'table', 'dir', 'Error', 'TypeError', 'RangeError'],
  ...['on', 'once', 'off', 'addEventListener', 'removeEventListener', 'addListener', 'describe', 'it', 'test'],
  ...['captureMessage', 'captureException', 'captureEvent', 'addBreadcrumb', 'trackEvent', 'logEvent', 'track'],
  ...['increment', 'gauge', 'histogram', 'timing', 'setTag', 'setExtra', 'setContext'],
]);
/** Matches objects that only count or log, whatever their method is called: `metrics.send(…)`. */
const observer =
  /\b(sentry|log(ger|ging)?|console|metrics?|statsd?|analytics|telemetry|tracer|span|datadog|posthog|mixpanel|amplitude|bugsnag|rollbar|counter)$/;
/** Matches queues, whose entries are sent later. */
const queue =
  /\b(queue|out(going|box|bound)?|pending|buffer|backlog|batch|send(er|s)?|jobs?|tasks?|messages|events|frames)\b/;
/** Events under which an emitter hands out what arrives. */
const arrivals: ReadonlySet<string> = new Set(['message', 'data', 'frame', 'receive']);

/** Whether a call sends nothing. */
export const isHarmless = (call: Node): boolean => isLook(call) || isNoting(call);

function isNoting(call: Node): boolean {
  const name = calleeName(call) ?? '';
  const owner = ownerOf(bare(child(call, 'callee')));
  if (noting.has(name) || (owner !== null && observer.test(spaced(owner)))) return true;
  // `allowed.add(event)` adds to a set, `outgoing.add(event)` to a queue.
  return name === 'add' && owner !== null && !queue.test(spaced(owner));
}

/** Whether a call only reads its arguments, so that an event named there is one to compare with. */
export function isLook(call: Node): boolean {
  const name = calleeName(call) ?? '';
  if (looking.has(name)) return true;
  if (name !== 'emit') return false;
  const event = children(call, 'arguments')[0]?.['value'];
  return typeof event === 'string' && arrivals.has(event);
}
