import { type File, rawRealtimeClients } from '../detector/index.js';
import { className, isRawModule, moduleOfName, rawClients } from '../detector/modules.js';
import { bare, calleeName, child, children, isA, isFunction, keyOf, type Node, spanOf } from '../detector/node.js';
import { nameIn, type Origin, originsOf } from './origins.js';
import { planIn, valueIn } from './plans.js';
import { ourFunction } from './resolve.js';
import { type Session, sessionIn } from './sessions.js';

/**
 * The source of what a create is sent on, if that is not provably this session's connection. Null: it is the session,
 * what the session was opened over, or the only raw Realtime client. For a session of null, it is the session of the
 * enclosing tool.
 */
export function strangerIn(file: File, call: Node, session: Session | null, depth = 3): string | null {
  const callee = bare(child(call, 'callee'));
  const receiver = receiverOf(file, callee);
  if (receiver && isOfSession(file, receiver, session)) return null;
  const called = file.values.calledIn(call);
  if (!called || depth === 0) return textOf(file, receiver ?? callee ?? call);
  const sends = file.tree.inside(called).filter((each) => each.type === 'CallExpression' && isSend(each));
  if (sends.length === 0) return textOf(file, callee ?? call);
  return sends.map((each) => strangerIn(file, each, session, depth - 1)).find((each) => each !== null) ?? null;
}
const isSend = (call: Node): boolean => /^_?(safe_?)?send/i.test(calleeName(call) ?? '');

/** What a create is sent on: `ws` of `ws.send`, and of a `send` destructured from it. */
function receiverOf(file: File, callee: Node | null): Node | null {
  if (callee?.type === 'MemberExpression') return child(callee, 'object');
  if (callee?.type !== 'Identifier') return null;
  const binding = file.tree.bindingOf(callee['name'] as string, callee);
  const [taken] = binding?.taken ?? [];
  if (taken) return taken.object;
  const [bound, ...more] = binding?.values ?? [];
  const isBound = bound?.type === 'CallExpression' && calleeName(bound) === 'bind' && more.length === 0;
  return isBound ? child(bare(child(bare(child(bound, 'callee')), 'object')), 'object') : null;
}

/** The source on one line, short enough for a mark. */
function textOf(file: File, node: Node): string {
  const written = file.text.slice(...spanOf(node)).replace(/\s+/g, ' ');
  return written.length > LONGEST ? `${written.slice(0, LONGEST)}…` : written;
}
const LONGEST = 40;

function isOfSession(file: File, receiver: Node, session: Session | null): boolean {
  const itself = sessionIn(file, receiver);
  if (itself) return session === null || itself.name === session.name;
  const origins = originsOf(file, receiver);
  if (origins.length > 0 && origins.every((each) => isSibling(file, each, session))) return true;
  const inner = bare(receiver);
  const isPart = inner?.type === 'MemberExpression' && partsOfClients.has(keyOf(inner) ?? '');
  return isPart && isOfSession(file, child(inner, 'object') ?? inner, session);
}
/** `rt.response.create()`, `rt.socket.send()` */
const partsOfClients: ReadonlySet<string> = new Set(['response', 'socket', 'realtime']);

function isSibling(file: File, origin: Origin, session: Session | null): boolean {
  const lines = linesOf(file, session?.opening ?? null);
  if (lines.some(({ key }) => key === origin.key)) return true;
  // A session opened over one raw client has nothing to do with another client.
  if (lines.some((each) => isRaw(file, each))) return false;
  return isOnlyRaw(file, origin) && !isMadeAnew(file, origin.key as Node, session?.opening ?? null);
}

/** Whether a function other than the session's opener creates it for itself, each time anew. */
function isMadeAnew(file: File, made: Node, opening: Node | null): boolean {
  const isLocal = file.tree.parentOf(made)?.type === 'VariableDeclarator';
  const maker = isLocal && opening ? [...file.tree.around(made)].find(isFunction) : undefined;
  return maker !== undefined && opening !== null && !file.tree.inside(maker).includes(opening);
}

// What sessions are opened over ----------------------------------------------------------------------------------------

/** What this session was opened over; if that is unknown, what the file's only session was opened over. */
function linesOf(file: File, opening: Node | null): readonly Origin[] {
  const all = openingsIn(file);
  const [only, ...more] = all;
  const found = opening ? all.find(({ call }) => call === opening) : more.length === 0 ? only : undefined;
  return found?.lines ?? [];
}

interface Opening {
  readonly call: Node;
  readonly lines: readonly Origin[];
}

function openingsIn(file: File): readonly Opening[] {
  const known = openings.get(file) ?? file.tree.nodes.flatMap((each) => openingAt(file, each));
  openings.set(file, known);
  return known;
}
const openings = new WeakMap<File, readonly Opening[]>();

function openingAt(file: File, call: Node): readonly Opening[] {
  if (!['openSession', 'connect'].includes(ourFunction(file, call) ?? '')) return [];
  const [options = null] = children(call, 'arguments');
  const transport = valueIn(planIn(file, options), 'transport');
  return [{ call, lines: transport ? linesIn(file, transport) : [] }];
}

/** The transport itself, and its only ingredient, if it has one: `over(ws)`, `new Line({ socket: ws })`. */
function linesIn(file: File, transport: Node): readonly Origin[] {
  const whole = originsOf(file, transport);
  const made = whole.map(({ key }) => key as Node).filter((each) => isA(each, 'CallExpression', 'NewExpression'));
  return [...whole, ...made.flatMap((each) => originsOf(file, onlyPartOf(each)))];
}

function onlyPartOf(made: Node): Node | null {
  const [given = null, ...more] = children(made, 'arguments');
  const [property = null, ...others] = children(given, 'properties');
  if (more.length + others.length > 0) return null;
  return given?.type === 'ObjectExpression' ? child(property, 'value') : given;
}

// Raw clients ----------------------------------------------------------------------------------------------------------

const isRaw = (file: File, { key, typed }: Origin): boolean =>
  rawIn(file).includes(key as Node) || typed.some((each) => isRawType(file, annotation(each)));

/**
 * Whether it cannot be confused with another client: it is the only one in the file, or the only one of its type in its
 * function or class.
 */
function isOnlyRaw(file: File, { key, typed }: Origin): boolean {
  const made = rawIn(file);
  if (made.includes(key as Node)) return made.length === 1;
  return typed.some((each) => isRawType(file, annotation(each)) && rawBeside(file, each) === 1);
}

/** The raw clients and connections created in the file. */
function rawIn(file: File): readonly Node[] {
  const known =
    raw.get(file) ?? rawRealtimeClients(file).flatMap(({ kind, node }) => (kind === 'import' ? [] : [node]));
  raw.set(file, known);
  return known;
}
const raw = new WeakMap<File, readonly Node[]>();

const annotation = (place: Node): Node | null => child(child(place, 'typeAnnotation'), 'typeAnnotation');

function isRawType(file: File, type: Node | null): boolean {
  if (type?.type === 'TSUnionType') return children(type, 'types').some((each) => isRawType(file, each));
  const name = type?.type === 'TSTypeReference' ? child(type, 'typeName') : null;
  return rawClients.has(className(file, name) ?? '') && isRawModule(moduleOfName(file, name));
}

/** How many of that type the same function or class has. */
function rawBeside(file: File, place: Node): number {
  const owner = [...file.tree.around(place)].find((each) => isFunction(each) || each.type === 'ClassBody') ?? null;
  const places = [...children(owner, 'params').map(nameIn), ...children(owner, 'body')];
  const own = owner ? places : file.tree.nodes;
  return own.filter((each) => each !== null && isRawType(file, annotation(each))).length;
}
