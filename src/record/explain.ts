import { match, P } from 'ts-pattern';
import { at, type Command, type Effects, type Input, type Notice, textOf } from '../machine/index.js';
import { differenceIn } from './compare.js';
import type { StepDifference } from './format.js';

/** Describes a step's effects, one per line: verdicts, notices, frames and commands. */
export function tell({ frames, notices, commands }: Effects): readonly string[] {
  return [
    ...notices.map(sayNotice).filter((said) => said !== null),
    ...frames.map(({ type }) => `sends ${type}`),
    ...commands.map(sayCommand),
  ];
}

const sayNotice = (notice: Notice): string | null =>
  match(notice)
    .with({ kind: 'held' }, ({ request, by }) => `holds request ${request}: ${by.join(', ')}`)
    .with({ kind: 'admitted' }, ({ request }) => `admits request ${request}`)
    .with({ kind: 'refused' }, ({ request, by, message }) => `refuses request ${request}: ${by}. ${message}`)
    .with({ kind: P.union('merged', 'answered') }, ({ request }) => `answers request ${request} by another response`)
    .with({ kind: 'created', purpose: P.string }, ({ response, purpose }) => `takes ${response} for '${purpose}'`)
    .with({ kind: 'created' }, ({ response }) => `takes ${response} for the server's own`)
    .with({ kind: 'ended', response: P.string }, ({ response, outcome }) => `ends ${response}: ${outcome.status}`)
    .with({ kind: 'ended' }, ({ requests, outcome }) => `ends request ${requests.join(', ')}: ${outcome.status}`)
    .with({ kind: 'confirmed' }, ({ update }) => `confirms update ${update}`)
    .with({ kind: 'unconfirmed' }, ({ update, failure }) => `rejects update ${update}: ${failure.kind}`)
    .with({ kind: 'heard' }, ({ response, how }) => `takes ${response} as ${how}`)
    .with({ kind: 'cut' }, () => 'cuts what is being heard')
    .with({ kind: 'tools' }, ({ round }) => `ends the tools of ${round.responseId}: ${round.followUp}`)
    .with({ kind: 'resumed' }, () => 'goes on instead of hanging up')
    .with({ kind: 'closed' }, ({ ending }) => `ends the session: ${ending.kind}`)
    .with({ kind: 'fault' }, ({ message }) => `tells the operator: ${message}`)
    .with({ kind: 'record' }, () => null)
    .otherwise(({ kind }) => `tells ${kind}`);

const sayCommand = (command: Command): string => (command.do === 'run-tool' ? `runs ${command.tool}` : command.do);

/**
 * Says a difference in a few lines: when it is, what came in, what was decided then and what today.
 *
 * @example
 * ```ts
 * for (const difference of replay(record).differences) console.log(explain(difference));
 * ```
 */
export function explain(difference: StepDifference): string {
  const { step, at, then, today, unanswered, unasked, threw } = difference;
  const head = `step ${step}, at ${seconds(at)}: ${sayInput(difference)}`;
  if (threw) return [head, `  today  fails: ${threw.message}`].join('\n');
  const [before, now] = [tell(then as Effects), tell(today as Effects)];
  const lines = [
    ...without(before, now).map((said) => `  then   ${said}`),
    ...without(now, before).map((said) => `  today  ${said}`),
    ...unanswered.map((question) => `  today  asks what was not asked then: ${JSON.stringify(question)}`),
    ...(unasked.length > 0 ? [`  then   asked ${unasked.length} questions more`] : []),
  ];
  if (lines.length === 0) {
    const found = differenceIn(then, today);
    lines.push(`  ${found?.path ?? ''}`, `  then   ${short(found?.then)}`, `  today  ${short(found?.today)}`);
  }
  return [head, ...lines].join('\n');
}

/** The entries that one list has more often than the other. */
function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return some.filter((each) => {
    const place = left.indexOf(each);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

const LONG = 200;
const short = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONG);

/** Formats milliseconds as `12.345 s`. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`;

function sayInput(difference: StepDifference): string {
  const input = difference.input as Input;
  switch (input.type) {
    case 'frame':
      return `the server sends ${typeOf(input.event)}`;
    case 'respond':
      return `'${textOf(at(input.ask, 'purpose')) ?? ''}' is asked for, request ${String(at(input.ask, 'id'))}`;
    case 'send':
      return `the program sends ${typeOf(input.event)}`;
    case 'tick':
      return 'time passes';
    default:
      return input.type;
  }
}

/** The type of an event; an input that the machine could not take may have none. */
const typeOf = (event: unknown): string => textOf(at(event, 'type')) ?? 'what is no event';
