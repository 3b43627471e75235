import { calleeName, children, type Node } from './node.js';

/** Calls that compare an event, describe it, or stand for its arrival: what they are given is not sent there. */
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
/** Calls that write an event down, or run what they are given later. */
const noting: ReadonlySet<string> = new Set([
  ...['log', 'debug', 'info', 'warn', 'error', 'trace', 'table', 'dir', 'Error', 'TypeError', 'RangeError'],
  ...['on', 'once', 'off', 'addEventListener', 'removeEventListener', 'addListener', 'describe', 'it', 'test'],
]);
/** Events by which an emitter hands out what has arrived. */
const arrivals: ReadonlySet<string> = new Set(['message', 'data', 'frame', 'receive']);

/** Nothing is sent by this call. */
export const isHarmless = (call: Node): boolean => isLook(call) || noting.has(calleeName(call) ?? '');

/** It only looks at its arguments: an event that is named there is one to compare with. */
export function isLook(call: Node): boolean {
  const name = calleeName(call) ?? '';
  if (looking.has(name)) return true;
  if (name !== 'emit') return false;
  const event = children(call, 'arguments')[0]?.['value'];
  return typeof event === 'string' && arrivals.has(event);
}
