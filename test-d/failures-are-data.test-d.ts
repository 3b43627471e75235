/** A failure is read by its kind, never by its prose. */
import { expectType } from 'tsd';
import {
  ConfigureError,
  type ConfigureFailure,
  ConnectError,
  type ConnectFailure,
  type Difference,
} from 'gated-realtime';
import { match } from 'ts-pattern';

declare const unconfigured: ConfigureError;
declare const unconnected: ConnectError;

expectType<ConfigureFailure>(unconfigured.failure);
expectType<ConnectFailure>(unconnected.failure);
expectType<'rejected' | 'mismatch' | 'timeout' | 'lost' | 'aborted'>(unconfigured.failure.kind);
expectType<'refused' | 'unreachable' | 'timeout' | 'aborted'>(unconnected.failure.kind);

const { failure } = unconfigured;
if (failure.kind === 'mismatch') expectType<readonly Difference[]>(failure.differences);
// @ts-expect-error: Property 'differences' does not exist on type
failure.differences;
if (failure.kind === 'timeout') expectType<number>(failure.afterMs);

const told = match(failure)
  .with({ kind: 'rejected' }, ({ code, param }) => `${code} ${param}`)
  .with({ kind: 'mismatch' }, ({ differences }) => differences.map(({ path }) => path).join())
  .with({ kind: 'timeout' }, { kind: 'lost' }, ({ kind }) => kind);
expectType<string>(told.with({ kind: 'aborted' }, ({ kind }) => kind).exhaustive());
// @ts-expect-error: NonExhaustiveError
told.exhaustive();

// One class is not taken for the other.
const one: ConnectError = unconnected;
// @ts-expect-error: Type 'ConfigureError' is not assignable to type 'ConnectError'
const other: ConnectError = unconfigured;
export { one, other };
