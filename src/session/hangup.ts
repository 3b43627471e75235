import type { AnySession, Ending, HangUpOptions, Verdict } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { at, isRecord } from '../gate/index.js';
import type { Core } from './core.js';
import { asError } from './mail.js';
import { Once } from './once.js';
import type { Playback } from './playback.js';
import { paramsOf, request } from './respond.js';

const DEFAULT_DEADLINE_MS = 30_000;

/** What a hang-up needs of the session around it. */
export interface HangUpParts {
  readonly playback: Playback;
  /** Ends the carrier's leg. */
  readonly endCall: (() => Promise<void>) | undefined;
  /** The tools that run are told that the call is ending. */
  readonly abortTools: () => void;
}

type HangUp = AnySession['hangup'];
type Farewell = Extract<Ending, { kind: 'hung-up' }>['farewell'];
/** How a farewell went; or that the user spoke, and the call goes on. */
type Spoken = Farewell | 'resumed';

/** `hangup()`: one hang-up, however often it is called. Only one that was resumed may be followed by another. */
export function hangUpper(
  core: Core,
  parts: HangUpParts,
): (options: HangUpOptions, purpose: string) => ReturnType<HangUp> {
  let underWay: ReturnType<HangUp> | null = null;
  return (options, purpose) => {
    core.driver.mustNotBeAsking();
    if (underWay) return underWay;
    const valid = checked(options);
    const outcome = new Once<Awaited<ReturnType<HangUp>>>();
    // Before it begins: whom it concerns (a listener, a tool, the carrier) may ask for it at that very moment.
    underWay = outcome.promise;
    void hangUp(core, parts, valid, purpose).then((how) => {
      if (how.kind === 'resumed') underWay = null;
      outcome.settle(how);
    });
    return outcome.promise;
  };
}

/** A copy: what was checked is what is said, whatever becomes of the options meanwhile. */
function checked({ farewell, onBargeIn = 'resume', deadlineMs = DEFAULT_DEADLINE_MS }: HangUpOptions): HangUpOptions {
  const said: HangUpOptions['farewell'] = farewell && (paramsOf(farewell) ?? {});
  if (onBargeIn !== 'resume' && onBargeIn !== 'hang-up') {
    throw new MisuseError("onBargeIn is 'resume' or 'hang-up'. The call goes on.");
  }
  if (!(Number.isFinite(deadlineMs) && deadlineMs > 0)) {
    throw new MisuseError('deadlineMs is a positive number of milliseconds. The call goes on.');
  }
  return { farewell: said, onBargeIn, deadlineMs };
}

async function hangUp(core: Core, parts: HangUpParts, options: HangUpOptions, purpose: string): ReturnType<HangUp> {
  if (options.farewell && mayResume(options) && userHasTheFloor(core)) return { kind: 'resumed' };
  core.call({ type: 'know', fact: 'hangup' });
  parts.abortTools();
  const deadline = new Deadline(core, options.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const farewell = options.farewell ? await speak(core, parts, options, purpose, deadline) : 'none';
  if (farewell === 'resumed') {
    deadline.callOff();
    core.call({ type: 'know', fact: 'resumed' });
    return { kind: 'resumed' };
  }
  // Ending the call closes the socket of whoever only listens in: that is no accident then.
  core.endsAs({ kind: 'hung-up', farewell });
  await Promise.race([endCall(core, parts.endCall), deadline.passed]);
  deadline.callOff();
  void core.end({ kind: 'hung-up', farewell });
  return core.closed.promise;
}

const mayResume = ({ onBargeIn = 'resume' }: HangUpOptions): boolean => onBargeIn === 'resume';
const userHasTheFloor = ({ gate }: Core): boolean => gate.turn !== 'silent' || gate.automatic === 'imminent';

/** Says the farewell, and waits until it has been heard, has failed, was cut off, or has taken too long. */
async function speak(
  core: Core,
  { playback }: HangUpParts,
  options: HangUpOptions,
  purpose: string,
  deadline: Deadline,
): Promise<Spoken> {
  if (!mayResume(options)) {
    const first = await Promise.race([keepTheFloor(core), deadline.passed]);
    if (first === 'passed') return 'failed';
  }
  let begun: 'begun' | 'not begun' = 'not begun';
  const offs = [
    core.mail.on('response', (response) => {
      if (response.purpose === purpose) begun = 'begun';
    }),
  ];
  const bargeIn = new Promise<'resumed'>((resolve) => {
    if (mayResume(options)) offs.push(core.mail.on('turn', () => resolve('resumed')));
  });
  const asked = { response: options.farewell, holdForMs: deadline.ms };
  const verdict = request(core, purpose, asked, 'farewell');
  const tooLate = deadline.passed.then(() => (begun === 'begun' ? 'cut' : 'failed'));
  const spoken = await Promise.race([heard(verdict, playback), bargeIn, tooLate]);
  for (const off of offs) off();
  if (spoken === 'resumed') {
    takeBack(verdict);
    // Where the server does not interrupt, what it has said already would still be heard.
    if (!core.gate.detection.interrupts) playback.cut();
  }
  return spoken;
}

async function heard(verdict: Verdict, playback: Playback): Promise<Farewell> {
  const outcome = await verdict.done;
  const { status } = outcome;
  if (status === 'cancelled') return 'cut';
  if (status !== 'completed' && status !== 'incomplete') return 'failed';
  const how = await playback.drained();
  // Without a word, as when the model calls a function instead: there was nothing to be heard.
  if (outcome.text === '') return 'failed';
  return status === 'completed' ? how : 'cut';
}

/** The user took the floor before the farewell was over. */
function takeBack(verdict: Verdict): void {
  if (verdict.kind === 'refuse') return;
  if (verdict.kind === 'admit') return verdict.response.cancel();
  verdict.withdraw();
  void verdict.settled.then((settled) => {
    if (settled.kind === 'admit') settled.response.cancel();
  });
}

/** Whoever speaks now neither cuts the farewell short nor gets an answer after it. */
async function keepTheFloor(core: Core): Promise<void> {
  const detection = at(core.effective, 'audio', 'input', 'turn_detection');
  if (!isRecord(detection)) return;
  const quiet = { ...detection, create_response: false, interrupt_response: false };
  const settings = { audio: { input: { turn_detection: quiet } } };
  try {
    await core.configure(settings, core.gate.rules.limits.confirmMs, () => undefined).done;
  } catch (error) {
    core.fault(asError(error));
  }
}

async function endCall(core: Core, end: HangUpParts['endCall']): Promise<void> {
  try {
    await end?.();
  } catch (error) {
    core.fault(asError(error));
  }
}

/** The bound of it all. */
class Deadline {
  readonly ms: number;
  readonly passed: Promise<'passed'>;
  /** It bounds nothing any more. */
  callOff: () => void = () => undefined;

  constructor({ clock }: Core, ms: number) {
    this.ms = ms;
    this.passed = new Promise((resolve) => {
      this.callOff = clock.after(ms, () => resolve('passed'));
    });
  }
}
