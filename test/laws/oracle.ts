/**
 * Judges a log of the wire by the laws visible there: L1 to L5, L8 and L12. Independently of the machine, it derives
 * what the client knew from the frames that it had read before each of its own.
 */
import { knowsNothing, learn, slotIsTaken, userSpeaks, type Knowledge } from './knowledge.js';
import { isEmpty } from './purse.js';
import { field, text, type Constants, type Entry, type Frame, type Law, type Violation } from './wire-log.js';

export type { Constants, Entry, Frame, Law, Told, Violation } from './wire-log.js';

/** Plain data: a copy is an independent oracle with the same knowledge. */
export type Oracle = Knowledge;

export const createOracle = (constants: Constants): Oracle => knowsNothing(constants);

/** Takes one more entry of the log; returns its violations. */
export function observe(oracle: Oracle, entry: Entry): readonly Violation[] {
  const isCreate = entry.kind === 'wrote' && entry.frame.type === 'response.create';
  const violations = isCreate ? judge(oracle, entry.frame).map(([law, says]) => ({ law, says, at: entry.at })) : [];
  learn(oracle, entry);
  return violations;
}

/** Judges a whole log. */
export function judgeLog(constants: Constants, log: readonly Entry[]): readonly Violation[] {
  const oracle = createOracle(constants);
  return log.flatMap((entry) => observe(oracle, entry));
}

type Finding = readonly [law: Law, says: string];

/** Judges one `response.create` by the laws, one by one. */
function judge(oracle: Oracle, create: Frame): readonly Finding[] {
  const purpose = text(create, 'response.metadata.gated_purpose') ?? '(none)';
  const overrides = (text(create, 'response.metadata.gated_override') ?? '').split(',');
  const outOfBand = field(create, 'response.conversation') === 'none';
  const modalities = field(create, 'response.output_modalities');
  const audible = !outOfBand || (Array.isArray(modalities) && modalities.includes('audio'));
  const speaksOver = userSpeaks(oracle) && !overrides.includes('user-speaking');
  const laws: readonly (readonly [broken: boolean, ...Finding])[] = [
    [oracle.connection !== 'open', 'L1', 'there is no connection'],
    [oracle.session.is !== 'confirmed', 'L1', `the session is ${oracle.session.is}`],
    [text(create, 'response.metadata.gated_token') === null, 'L1', 'it carries no token: it did not come by the gate'],
    [audible && speaksOver, 'L2', 'the user is speaking'],
    [audible && oracle.untold !== null, 'L2', 'a response may be open at the call'],
    [audible && oracle.imminent !== null, 'L2', 'the server is about to answer by itself'],
    [oracle.hangup === 'pending' && !oracle.constants.farewells.includes(purpose), 'L3', 'a hang-up is pending'],
    [oracle.closing, 'L4', 'closing has begun'],
    [!outOfBand && oracle.creates.some(({ lane }) => lane === 'default'), 'L5', 'another create is outstanding'],
    [!outOfBand && slotIsTaken(oracle), 'L5', 'the slot of the conversation is taken'],
    [oracle.purse !== null && isEmpty(oracle.purse, inFlight(oracle), purpose), 'L8', 'there is no money left for it'],
  ];
  return laws.filter(([broken]) => broken).map(([, law, says]) => [law, `'${purpose}' was asked for while ${says}`]);
}

/** How many creates are unanswered and responses open. */
const inFlight = ({ creates, responses }: Oracle): number =>
  creates.length + Object.values(responses).filter(({ is, created }) => is === 'open' && created).length;

/**
 * The guards that are shut according to the wire. Whoever is held by one must find it here; for example, an out-of-band
 * response neither holds the slot nor frees it.
 */
export function shutOnTheWire(oracle: Oracle): readonly string[] {
  return [
    ...(oracle.connection === 'open' && oracle.session.is === 'confirmed' ? [] : ['unconfirmed']),
    ...(userSpeaks(oracle) ? ['user-speaking'] : []),
    ...((oracle.imminent ?? oracle.untold) === null ? [] : ['response-imminent']),
    ...(slotIsTaken(oracle) || oracle.creates.some(({ lane }) => lane === 'default') ? ['response-active'] : []),
  ];
}
