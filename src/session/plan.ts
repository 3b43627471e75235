import type { AnySession, AnyTool, Limits, SessionPlan, SessionSettings, Tool, UserGuard } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { guards as builtIn, isRecord, type Rules } from '../gate/index.js';
import { runnableTool, type RunnableTool } from '../tool.js';
import { check, checkObject, isList, plainCopy } from './check.js';
import { unheeded } from './updates.js';

export type Settings = Readonly<Record<string, unknown>>;

const defaultLimits: { readonly [Each in keyof Limits]-?: number } = {
  held: 16,
  holdForMs: 15_000,
  responsesInARow: 5,
  imminentMs: 400,
  turnMs: 60_000,
  transcriptMs: 1_800,
  createdMs: 10_000,
  responseMs: 60_000,
  confirmMs: 10_000,
  conflicts: 5,
};

/** Before a plan is known: nothing but deadlines. */
export const defaultRules = (kind: 'own' | 'sideband'): Rules => ({
  limits: defaultLimits,
  turnEnds: 'speech-stopped',
  sideband: kind === 'sideband',
  prefix: `gr${Math.random().toString(36).slice(2, 10)}`,
  guards: [],
  accept: () => false,
});

/** The names that guards of the user's own may not take. */
const taken: ReadonlySet<string> = new Set([
  ...builtIn.map(({ name }) => name),
  ...['queue-full', 'expired', 'withdrawn', 'rejected', 'unanswered'],
]);

/** What the gate goes by, for this plan. `ask` runs a function of the user's that may not touch the session. */
export function rulesOf(
  plan: SessionPlan,
  about: Pick<Rules, 'prefix' | 'sideband'>,
  session: AnySession,
  ask: <Answer>(run: () => Answer) => Answer,
): Rules {
  return {
    ...about,
    limits: limitsOf(plan.limits ?? {}),
    turnEnds: plan.turnEnds ?? 'speech-stopped',
    guards: Object.entries(plan.guards ?? {}).map(([name, guard]) => {
      if (taken.has(name)) throw new MisuseError(`A guard cannot be named '${name}': that name is built in.`);
      const { shut, kind } = guardOf(name, guard);
      return {
        name,
        kind,
        shut: () =>
          atOnce(
            `The guard '${name}'`,
            ask(() => shut(session)),
          ),
      };
    }),
    accept: (difference) =>
      atOnce(
        'accept()',
        ask(() => plan.accept?.(difference) ?? false),
      ),
  };
}

/** True or false and nothing like it: a promise must not open the gate, and what it rejects with goes nowhere. */
function atOnce(who: string, answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  void unheeded(Promise.resolve(answer));
  throw new MisuseError(`${who} answers at once: true or false.`);
}

function guardOf(name: string, guard: UserGuard): Exclude<UserGuard, (session: AnySession) => boolean> {
  const made = typeof guard === 'function' ? { shut: guard, kind: 'transient' as const } : guard;
  if (typeof made?.shut === 'function' && (made.kind === 'transient' || made.kind === 'terminal')) return made;
  throw new MisuseError(`The guard '${name}' is neither a function nor { shut, kind: 'transient' | 'terminal' }.`);
}

function limitsOf(asked: Limits): Rules['limits'] {
  const limits: Record<keyof Limits, number> = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const value = asked[name];
    if (value === undefined) continue;
    if (!(Number.isFinite(value) && value > 0)) {
      throw new MisuseError(`limits.${name} must be a positive number; it is ${String(value)}.`);
    }
    limits[name] = value;
  }
  return limits;
}

/** What goes into `session.update`. */
export function settingsOf(session: SessionSettings | undefined, tools: readonly AnyTool[] | undefined): Settings {
  checkObject(session ?? {}, 'session');
  const settings = () => ({ ...session, type: undefined, ...(tools && { tools: tools.map(wireTool) }) });
  return plainCopy(settings, 'The session settings') as Settings;
}

/** The tools that run here, by name. */
export function runnable(tools: readonly AnyTool[]): ReadonlyMap<string, RunnableTool> {
  check(isList(tools) && tools.every((each) => isRecord(each)), 'tools is a list of tools.');
  const mine = tools.flatMap((each) => ('server_label' in each ? [] : [runnableTool(each as Tool<string>)]));
  const byName = new Map(mine.map((each) => [each.name, each]));
  if (byName.size < mine.length) throw new MisuseError('Two tools have the same name: the server would refuse them.');
  return byName;
}

function wireTool(each: AnyTool): unknown {
  if ('server_label' in each) return each;
  const { name, description, parameters } = each as Tool<string>;
  const schema: Record<string, unknown> = {
    ...parameters['~standard'].jsonSchema.input({ target: 'draft-2020-12' }),
    // The dialect is the converter's remark, and not part of what the model is told.
    $schema: undefined,
  };
  return { type: 'function', name, description, parameters: schema };
}
