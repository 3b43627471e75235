import { recordedSpeech, spokenByOpenAI } from '../../examples/quickstart/caller.js';
import { systemClock } from '../../src/clock.js';
import { energyEars } from '../../src/simulator/ears.js';
import type { ServerOptionsGiven } from '../../src/simulator/index.js';
import { createServer, memoryNetwork, virtualClock } from '../../src/simulator/index.js';
import { controlsOn } from '../../src/simulator/controls.js';
import { wsTransport } from '../../src/transport/ws.js';
import { dial, type Line, type LineOptions } from './line.js';
import type { Scenario } from './scenarios.js';

/** Where a scenario can be played. */
export interface Place {
  readonly name: string;
  /** Connects and plays a scenario. Rejects if the server does not answer. */
  play(scenario: Scenario): Promise<Played>;
}

export interface Played {
  /** `found`: `text` is the answer. `failed`: it failed or took too long, and `text` says why. */
  readonly kind: 'found' | 'failed';
  readonly text: string;
  readonly events: Line['events'];
}

const instructions = 'You are a voice that does exactly as it is told. Speak English.';
/** At most a minute of speech in each response. */
const maxOutputTokens = 1_200;
const patienceMs = 45_000;

/** The simulated server in memory, where time passes as fast as possible. */
export function simulator(model: string, options: ServerOptionsGiven = {}): Place {
  return {
    name: 'the simulator',
    async play(scenario) {
      const clock = virtualClock({ runs: 'when-idle' });
      const server = createServer({ model, ...options });
      const { transport, tell } = memoryNetwork({ server, clock });
      const ears = energyEars(server, tell, () => 'Do you have any tulips?');
      for (const reply of scenario.simulated ?? []) controlsOn(tell).replies(reply);
      const sent = (text: string): void => void clock.after(0, () => ears.heard(text));
      try {
        return await playOver(scenario, { transport, clock, speech: await recordedSpeech(), sent });
      } finally {
        clock.stop();
      }
    },
  };
}

/** OpenAI's server. Speech is produced once, by its text to speech. */
export async function realServer(model: string, apiKey: string): Promise<Place> {
  const speech = await spokenByOpenAI(apiKey)('Excuse me, could you tell me whether you have any tulips today?');
  return overSocket('the real server', { model, apiKey }, speech);
}

export function overSocket(name: string, target: Parameters<typeof wsTransport>[0], speech: Uint8Array): Place {
  const transport = wsTransport(target);
  return { name, play: (scenario) => playOver(scenario, { transport, clock: systemClock, speech }) };
}

async function playOver(scenario: Scenario, options: LineOptions): Promise<Played> {
  const line = await dial(options);
  const failure = async (): Promise<never> => {
    throw new Error((await line.soon(line.ended, patienceMs)) ?? `it came to nothing; ${lastOf(line)}`);
  };
  try {
    return {
      kind: 'found',
      text: await Promise.race([configureAndFind(scenario, line), failure()]),
      events: line.events,
    };
  } catch (error) {
    return { kind: 'failed', text: (error as Error).message, events: line.events };
  } finally {
    line.close();
  }
}

function lastOf({ events }: Line): string {
  const last = events.slice(-3).map((event) => (event.type === 'error' ? event.error.message : event.type));
  return `the last that was read: ${last.join(', ') || 'nothing'}`;
}

async function configureAndFind({ detection, find }: Scenario, line: Line): Promise<string> {
  await line.next('session.created');
  const input = { turn_detection: detection ?? null };
  const session = { type: 'realtime' as const, instructions, max_output_tokens: maxOutputTokens, audio: { input } };
  line.send({ type: 'session.update', session });
  const answer = await line.nextOf(['session.updated', 'error']);
  if (answer.type === 'error') throw new Error(`the session was refused: ${answer.error.message}`);
  return find(line);
}
