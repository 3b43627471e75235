/** The parts of typescript-eslint's parser services, and of the compiler's types, that the rules use. */
import type { IsGated } from '../detector/index.js';
import { child, type Node } from '../detector/node.js';

interface Type {
  readonly flags: number;
  getNonNullableType(): Type;
  getProperties(): readonly { readonly name: string }[];
}
interface Services {
  readonly program: { getTypeChecker(): { getTypeAtLocation(node: object): Type } };
  readonly esTreeNodeToTSNodeMap: { get(node: Node): object | undefined };
}

/** Whether the file was parsed with type information. */
export function hasTypes(services: unknown): services is Services {
  const { program, esTreeNodeToTSNodeMap } = (services ?? {}) as Partial<Record<keyof Services, unknown>>;
  return typeof program === 'object' && program !== null && typeof esTreeNodeToTSNodeMap === 'object';
}

/** Asks the compiler whether the callee is a capability of ours; without an answer, judges by the source alone. */
export function gatedByType(services: unknown, bySource: IsGated): IsGated {
  if (!hasTypes(services)) return bySource;
  const checker = services.program.getTypeChecker();
  return (call) => {
    const callee = child(call, 'callee');
    const node = callee && services.esTreeNodeToTSNodeMap.get(callee);
    const type = node && checker.getTypeAtLocation(node).getNonNullableType();
    return type && (type.flags & ANY) === 0 ? isCapability(type) : bySource(call);
  };
}

/** `TypeFlags.Any`, which also marks a type that could not be resolved. */
const ANY = 1;
/** The brand of `Respond` and `RespondAs`. The compiler names the property after its symbol, and adds a number. */
const BRAND = '__@issuedBySession@';
const isCapability = (type: Type): boolean => type.getProperties().some(({ name }) => name.startsWith(BRAND));
