import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { ServerOptionsGiven } from '../../src/simulator/index.js';
import { listen } from '../../src/simulator/index.js';
import { recordedSpeech, spokenByOpenAI } from '../../examples/quickstart/caller.js';
import { lineOver, type Line } from './line.js';
import type { Scenario } from './scenarios.js';

/** Where a scenario can be played. */
export interface Place {
  readonly name: string;
  /** Dials, and plays it. Rejects if nobody answers. */
  play(scenario: Scenario): Promise<Played>;
}

export interface Played {
  /** `found`: `text` is the answer. `failed`: it came to nothing, or not within its time, and `text` says why. */
  readonly kind: 'found' | 'failed';
  readonly text: string;
  readonly events: Line['events'];
}

const instructions = 'You are a voice that does exactly as it is told. Speak English.';
/** At most a minute of speech in each response. */
const maxOutputTokens = 1_200;
const patienceMs = 45_000;
const pace = 8;
/** Slower than life, so that a busy machine does not decide who is first. */
const unhurried = { create: 800, firstItem: 1_600 };

export function simulator(model: string, options: ServerOptionsGiven = {}): Place {
  return {
    name: 'the simulator',
    async play(scenario) {
      const server = await listen({ pace, ...options, latency: { ...unhurried, ...options.latency } });
      for (const reply of scenario.simulated ?? []) server.replies(reply);
      try {
        const socket = new WebSocket(`${server.url}?model=${model}`);
        return await playOver(
          scenario,
          await lineOver(socket, { speech: await recordedSpeech(), pace }),
          patienceMs / pace,
        );
      } finally {
        await server.close();
      }
    },
  };
}

/** OpenAI's server. Speech is made once, by its text to speech. */
export async function realServer(model: string, apiKey: string): Promise<Place> {
  const speech = await spokenByOpenAI(apiKey)('Excuse me, could you tell me whether you have any tulips today?');
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    name: 'the real server',
    async play(scenario) {
      const socket = new WebSocket(`wss://api.openai.com/v1/realtime?model=${model}`, { headers });
      return playOver(scenario, await lineOver(socket, { speech, pace: 1 }), patienceMs);
    },
  };
}

async function playOver(scenario: Scenario, line: Line, withinMs: number): Promise<Played> {
  const tooLate = async (): Promise<never> => {
    await sleep(withinMs, null, { ref: false });
    const last = line.events.slice(-3).map((event) => (event.type === 'error' ? event.error.message : event.type));
    throw new Error(`it came to nothing; the last that was read: ${last.join(', ') || 'nothing'}`);
  };
  const tooShort = async (): Promise<never> => {
    throw new Error(await line.ended);
  };
  try {
    const text = await Promise.race([configureAndFind(scenario, line), tooLate(), tooShort()]);
    return { kind: 'found', text, events: line.events };
  } catch (error) {
    return { kind: 'failed', text: (error as Error).message, events: line.events };
  } finally {
    line.close();
  }
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
