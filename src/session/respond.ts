import type { RespondOptions, Verdict } from '../../types/index.js';
import { include, type Members, membersOf, noMembers } from '../collections.js';
import type { Ask } from '../machine/index.js';
import { isRecord, OVERRIDE, PURPOSE, TOKEN } from '../machine/index.js';
import { check, checkKeys, checkMs, checkObject, checkSignal, isList, plainCopy } from './check.js';
import type { Runtime } from './runtime.js';

const WHEN_BLOCKED: ReadonlySet<unknown> = new Set(['hold', 'hold-this-turn', 'refuse']);
const OVERRIDABLE: ReadonlySet<unknown> = new Set(['user-speaking', 'playback', 'loop']);
const OPTIONS = ['response', 'whenBlocked', 'override', 'interrupt', 'holdForMs', 'signal'];
const RESERVED: ReadonlySet<string> = new Set([TOKEN, PURPOSE, OVERRIDE]);
/** The server takes 16 pairs of metadata, and the gate uses three of them. */
const METADATA_PAIRS = 13;
/** The server's limit for one metadata value; the purpose is one. */
const PURPOSE_LENGTH = 512;

/**
 * Passes one request to the machine. Throws `MisuseError` for invalid options before anything happens. `too late`: the
 * request is refused as withdrawn.
 */
export function request(
  runtime: Runtime,
  purpose: string,
  options: RespondOptions,
  origin: 'user' | 'remark' | 'too late',
): Verdict {
  runtime.answers.mustNotBeAsking();
  const own = ownOptions(options);
  const asked = askOf(own, runtime.rules.limits.holdForMs);
  const promised = runtime.handles.promise(purpose);
  const { id } = promised;
  const { signal } = own;
  const withdrawn = signal?.aborted === true || origin === 'too late';
  runtime.call({
    type: 'respond',
    ask: {
      purpose,
      params: asked.params,
      whenBlocked: asked.whenBlocked,
      override: asked.override,
      interrupt: asked.interrupt,
      holdForMs: asked.holdForMs,
      id,
      origin: origin === 'user' ? 'user' : 'remark',
      depth: 0,
      attempt: 0,
      root: null,
      unseenBefore: 0,
      withdrawn,
    },
  });
  if (!promised.verdict) throw new Error('Invariant: the gate gives its verdict in the step that asks for it.');
  if (signal && promised.verdict.kind !== 'refuse') cancelOnAbort(runtime, id, signal, promised.verdict);
  return promised.verdict;
}

/** Makes the signal withdraw a waiting request, or cancel its response. Removes the listener at the end. */
function cancelOnAbort(runtime: Runtime, request: number, signal: AbortSignal, { done }: Verdict): void {
  const abort = (): void => runtime.aborted({ type: 'cancel', of: { request } });
  // A guard may have aborted the signal while it was asked about this request.
  if (signal.aborted) return abort();
  signal.addEventListener('abort', abort, { once: true });
  void done.then(() => signal.removeEventListener('abort', abort));
}

/**
 * Copies the own properties of the options, reading each once. Properties that someone put on `Object.prototype` are
 * ignored.
 */
function ownOptions(options: RespondOptions): RespondOptions {
  checkObject(options, 'respond()');
  if (options === NO_OPTIONS) return options;
  checkKeys(options, 'respond()', OPTIONS);
  return { __proto__: null, ...options } as RespondOptions;
}

/** What `respond()` is given where it is given nothing. */
export const NO_OPTIONS: RespondOptions = Object.freeze({ __proto__: null } as RespondOptions);

type Asked = Pick<Ask, 'params' | 'whenBlocked' | 'override' | 'interrupt' | 'holdForMs'>;

function askOf(options: RespondOptions, holdForMs: number): Asked {
  checkSignal(options.signal);
  const { whenBlocked = 'hold', override = [], interrupt } = options;
  check(isList(override), 'override is a list of guards.');
  const asked = {
    params: paramsOf(options.response),
    whenBlocked,
    override: [...override],
    interrupt: interrupt ?? false,
    holdForMs: options.holdForMs ?? holdForMs,
  };
  check(WHEN_BLOCKED.has(whenBlocked), () => `whenBlocked is one of ${[...WHEN_BLOCKED].join(', ')}.`);
  check(
    asked.override.every((name) => OVERRIDABLE.has(name)),
    () => `Only ${[...OVERRIDABLE].join(', ')} can be overridden.`,
  );
  check(typeof asked.interrupt === 'boolean', 'interrupt is true, or left out.');
  checkMs(asked.holdForMs, 'holdForMs');
  return asked;
}

/**
 * A plain copy of the response parameters; null where there are none. Throws `MisuseError` for parameters that cannot
 * be sent.
 */
export function paramsOf(response: unknown): Ask['params'] {
  if (response === undefined) return null;
  const plain = plainCopy(() => response, 'The parameters of the response');
  check(isRecord(plain), 'The parameters of the response are an object.');
  const metadata = plain['metadata'] ?? {};
  check(isRecord(metadata), 'The metadata of a response is an object of strings.');
  check(
    !Object.keys(metadata).some((key) => RESERVED.has(key)),
    () =>
      `The metadata of a response has no ${[...RESERVED].join(', ')} of your own: the gate says there what it let through.`,
  );
  check(
    Object.keys(metadata).length <= METADATA_PAIRS,
    () =>
      `The metadata of a response has at most ${METADATA_PAIRS} pairs here: three more are needed to know it again.`,
  );
  return Object.keys(plain).length === 0 ? null : plain;
}

/** Decides which purposes are allowed now. Without a declaration, any is, except that of a removed tool. */
export class Purposes {
  readonly #declared: Members<string> | null;
  #tools: Members<string>;
  #removed: Members<string> = noMembers;

  constructor(declared: readonly string[] | undefined, tools: Iterable<string>) {
    check(isList(declared ?? []), 'purposes is a list.');
    const isPurpose = (each: unknown): boolean => typeof each === 'string' && each !== '';
    check((declared ?? []).every(isPurpose), 'purposes is a list of strings that are not empty.');
    this.#declared = declared ? membersOf(declared) : null;
    this.#tools = membersOf(tools);
  }

  retool(tools: Iterable<string>): void {
    for (const name of this.#tools) this.#removed = include(this.#removed, name);
    this.#tools = membersOf(tools);
  }

  mustAllow(purpose: unknown): asserts purpose is string {
    check(typeof purpose === 'string' && purpose !== '', 'A purpose is a string that is not empty.');
    check(
      purpose.length <= PURPOSE_LENGTH,
      () => `A purpose has at most ${PURPOSE_LENGTH} characters: it travels as metadata.`,
    );
    const tool = purpose.startsWith('tool:') ? purpose.slice('tool:'.length) : null;
    if (tool !== null && this.#tools.has(tool)) return;
    check(!this.#removed.has(tool ?? ''), () => `The tool of '${purpose}' is no longer part of the session.`);
    const known = this.#declared?.has(purpose) ?? true;
    check(
      known,
      () => `'${purpose}' is not a purpose of this session. Declare it in the plan: purposes: ['${purpose}', …].`,
    );
  }
}
