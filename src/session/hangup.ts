import type { AnySession, Ending, HangUpOptions, SessionPlan } from '../../types/index.js';
import { at } from '../gate/index.js';
import type { Core } from './core.js';
import { asError } from './mail.js';
import { request } from './respond.js';

const DEFAULT_DEADLINE_MS = 30_000;

/** How the farewell went. `interrupted`: the user spoke, and the call may go on. */
type Farewell = Extract<Ending, { kind: 'hung-up' }>['farewell'] | 'interrupted';

/** `hangup()`: one hang-up, however often it is called. */
export function hangUpper(core: Core, plan: SessionPlan): AnySession['hangup'] {
  let underWay: ReturnType<AnySession['hangup']> | null = null;
  return (options = {}) => {
    core.driver.mustNotBeAsking();
    underWay ??= hangUp(core, plan, options).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

async function hangUp(core: Core, plan: SessionPlan, options: HangUpOptions): ReturnType<AnySession['hangup']> {
  core.call({ type: 'know', fact: 'hangup' });
  const farewell = options.farewell ? await speak(core, options) : 'none';
  if (farewell === 'interrupted' && (options.onBargeIn ?? 'resume') === 'resume') {
    core.call({ type: 'know', fact: 'resumed' });
    return { kind: 'resumed' };
  }
  try {
    await plan.hangUp?.();
  } catch (error) {
    core.fault(asError(error));
  }
  void core.end({ kind: 'hung-up', farewell: farewell === 'interrupted' ? 'cut' : farewell });
  return core.closed.promise;
}

/** Says the farewell and waits until it has been played, by the clock and the bytes, or until the deadline. */
async function speak(core: Core, { farewell, deadlineMs = DEFAULT_DEADLINE_MS }: HangUpOptions): Promise<Farewell> {
  let bytes = 0;
  let firstAt = 0;
  const verdict = request(core, 'farewell', { response: farewell, holdForMs: deadlineMs }, 'farewell');
  const stop = core.mail.on('audio', (audio, response) => {
    if (response?.purpose !== 'farewell') return;
    firstAt ||= core.clock.now();
    bytes += audio.bytes.length;
  });
  const deadline = new Promise<null>((resolve) => core.clock.after(deadlineMs, () => resolve(null)));
  const outcome = await Promise.race([verdict.done, deadline]);
  stop();
  if (outcome?.status === 'cancelled' && outcome.by === 'user') return 'interrupted';
  if (outcome === null) return 'cut';
  if (outcome.status !== 'completed') return 'failed';
  const playedAt = firstAt + bytes / bytesPerMs(core);
  const played = new Promise<'heard'>((resolve) =>
    core.clock.after(Math.max(0, playedAt - core.clock.now()), () => resolve('heard')),
  );
  return Promise.race([played, deadline.then(() => 'cut' as const)]);
}

/** 16-bit PCM at 24 kHz, or G.711 at 8 kHz. */
const bytesPerMs = ({ gate }: Core): number => {
  const type = at(gate.confirmed, 'audio', 'output', 'format', 'type');
  return type === 'audio/pcmu' || type === 'audio/pcma' ? 8 : 48;
};
