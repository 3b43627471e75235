/** Scripted calls with a phone agent and the simulated server, and what the wire shows of each. */
import { createSimulator, type Simulator } from '../../src/simulator/index.js';
import type { AgentParts } from './bad-agent/agent.js';
import type { Office } from './bad-agent/office.js';

/** The part of the agent that a call uses. */
export interface Agent {
  readonly ledger: ReadonlyMap<string, number>;
  greet(): void;
  pressed(key: string): void;
  operatorJoins(): void;
  closeOffice(): void;
  hangUp(): void;
}
export type OpenAgent = (parts: AgentParts) => Promise<Agent>;

type Json = { readonly [key: string]: unknown };

export interface Heard {
  /** Creates sent while the caller was speaking. */
  readonly overTheCaller: number;
  /** Creates sent after the carrier's leg had ended. */
  readonly afterHangUp: number;
  /** All creates, and those that the agent's ledger has counted. */
  readonly created: number;
  readonly counted: number;
  /** Creates that the server refused because the model was speaking already. */
  readonly conflicts: number;
  /** The purposes of the creates, where they have one. */
  readonly purposes: readonly unknown[];
  /** The instructions of the creates, where they have any. */
  readonly instructions: readonly unknown[];
  readonly outputs: readonly unknown[];
  readonly legsEnded: number;
}

interface Stage {
  readonly agent: Agent;
  readonly server: Simulator;
  readonly pass: (ms: number) => Promise<void>;
}
export type Script = (stage: Stage) => Promise<void>;

/** An office that takes two seconds for everything, and succeeds in everything but reading its book. */
const officeOn = ({ clock }: Simulator): Office => {
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  return {
    saveLead: () => after(2_000),
    freeTimes: async () => {
      await after(2_000);
      throw new Error('The book is lost.');
    },
    book: async () => {
      await after(2_000);
      return 'A-17';
    },
    cancel: () => after(2_000),
  };
};

export const scripts = {
  'a lead is saved while the caller goes on speaking': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.calls('save_lead_info', { name: 'Ann', phone: '555 0100' });
    server.caller.speaks('I am Ann, 555 0100.');
    await pass(3_000);
    server.caller.speaks('And I would like to have an appointment on one of the next days, please.', { ms: 4_000 });
    await pass(12_000);
  },
  'a key is pressed while the caller speaks': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.caller.speaks('I would like to have an appointment, please.', { ms: 3_000 });
    await pass(1_000);
    agent.pressed('3');
    await pass(10_000);
  },
  'an appointment is booked': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.calls('schedule_appointment', { name: 'Ann', time: '09:30' });
    server.caller.speaks('Half past nine, please.');
    await pass(12_000);
  },
  'the book cannot be read, and an appointment is cancelled': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.calls('check_availability', { date: '2026-12-01' });
    server.caller.speaks('What is free?');
    await pass(10_000);
    server.calls('cancel_appointment', { name: 'Ann' });
    server.caller.speaks('Then cancel it.');
    await pass(10_000);
  },
  'an answer fails': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.fails('server_error');
    server.caller.speaks('Hello?');
    await pass(12_000);
  },
  'an operator cuts in': async ({ agent, server, pass }) => {
    server.says('Welcome to Oak Street Dental, where we are glad to hear you.', { ms: 6_000 });
    agent.greet();
    await pass(1_000);
    agent.operatorJoins();
    await pass(8_000);
  },
  'the agent hangs up': async ({ agent, pass }) => {
    agent.greet();
    await pass(4_000);
    agent.hangUp();
    await pass(15_000);
  },
  'the caller asks it to hang up': async ({ agent, server, pass }) => {
    agent.greet();
    await pass(4_000);
    server.calls('end_call');
    server.caller.speaks('That is all.');
    await pass(20_000);
  },
} as const satisfies Readonly<Record<string, Script>>;

export async function play(open: OpenAgent, script: Script): Promise<Heard> {
  const server = createSimulator({ audio: 'silence' });
  const legs: number[] = [];
  const { transport, clock } = server;
  const hangUpLeg = (): void => void legs.push(server.passages.length);
  const agent = await open({ transport, clock, office: officeOn(server), hangUpLeg });
  await script({ agent, server, pass: (ms) => new Promise((resolve) => void clock.after(ms, resolve)) });
  const heard = heardIn(server, agent, legs);
  server.stop();
  return heard;
}

function heardIn({ passages }: Simulator, agent: Agent, legs: readonly number[]): Heard {
  const frames = passages.map(({ direction, text }) => ({ direction, frame: JSON.parse(text) as Json }));
  let isSpeaking = false;
  const creates: { readonly at: number; readonly over: boolean; readonly response: Json }[] = [];
  for (const [at, { direction, frame }] of frames.entries()) {
    if (frame['type'] === 'input_audio_buffer.speech_started') isSpeaking = true;
    if (frame['type'] === 'input_audio_buffer.speech_stopped') isSpeaking = false;
    if (direction !== 'sent' || frame['type'] !== 'response.create') continue;
    creates.push({ at, over: isSpeaking, response: (frame['response'] ?? {}) as Json });
  }
  const items = frames.map(({ frame }) =>
    frame['type'] === 'conversation.item.create' ? (frame['item'] as Json) : {},
  );
  const errors = frames.filter(({ frame }) => frame['type'] === 'error').map(({ frame }) => frame['error'] as Json);
  return {
    overTheCaller: creates.filter(({ over }) => over).length,
    afterHangUp: creates.filter(({ at }) => at >= (legs[0] ?? Infinity)).length,
    created: creates.length,
    counted: [...agent.ledger.values()].reduce((sum, each) => sum + each, 0),
    conflicts: errors.filter(({ code }) => code === 'conversation_already_has_active_response').length,
    purposes: creates.map(({ response }) => ((response['metadata'] ?? {}) as Json)['gated_purpose'] ?? null),
    instructions: creates.map(({ response }) => response['instructions'] ?? null),
    outputs: items.flatMap((item) => (item['type'] === 'function_call_output' ? [item['output']] : [])),
    legsEnded: legs.length,
  };
}
