import { randomUUID } from 'node:crypto';
import { listen, type SimulatedSocket } from 'gated-realtime/simulator';
import { createApp } from '../app.js';
import { readConfig, type CallLimits } from '../config.js';
import { openDatabase, type Database } from '../database.js';
import { officeOn } from '../office.js';
import { SimulatedCaller, type Agent } from './caller.js';
import { CallLog } from './log.js';
import { Stage, type Operator } from './stage.js';

export interface WorldOptions {
  /** How many times faster than real time everything but the agent runs. */
  readonly pace?: number;
  /** Left out: a database in memory. */
  readonly databaseUrl?: string | undefined;
  /** The limit for all calls together. US dollars. */
  readonly dayBudgetUsd?: number;
  /** A folder for the recording of each call. */
  readonly recordings?: string | undefined;
}

/** The agent, listening on this machine, and everything that it communicates with. */
export interface World {
  readonly agent: Agent;
  readonly pace: number;
  readonly database: Database;
  dial(options?: DialOptions): Promise<Stage>;
  /** Keeps the database from answering this call until `until` settles. */
  stall(callSid: string, until: Promise<unknown>): void;
  close(): Promise<void>;
}

export interface DialOptions {
  /** Scripts the model's answers in this call. */
  readonly prepare?: (model: SimulatedSocket) => void;
  /** Limits that differ in this call; in milliseconds of the call. */
  readonly limits?: Partial<CallLimits>;
}

/** Limits so high that a slow machine does not change the course of a scripted call. */
const patient: CallLimits = { silenceMs: 600_000, patienceMs: 600_000, nudges: 2, turns: 40, budgetUsd: 5 };

const settings = {
  OPENAI_API_KEY: 'sk-simulated',
  TWILIO_AUTH_TOKEN: 'simulated-auth-token',
  OPERATOR_TOKEN: 'simulated-operator',
  PUBLIC_URL: 'https://agent.example.com',
  PORT: '0',
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { pace = 10, databaseUrl, dayBudgetUsd = 500, recordings } = options;
  const config = readConfig({ ...settings, DAY_BUDGET_USD: String(dayBudgetUsd), RECORDINGS: recordings });
  const database = await openDatabase({ url: databaseUrl });
  const models = new Map<string, SimulatedSocket>();
  const logs = new Map<string, CallLog>();
  const limits = new Map<string, CallLimits>();
  const stalled = new Map<string, Promise<unknown>>();
  const office = officeOn(database);
  const app = await createApp({
    config,
    logLevel: 'silent',
    office: {
      ...office,
      async book(callSid, booking, signal) {
        await stalled.get(callSid);
        return office.book(callSid, booking, signal);
      },
    },
    serve: (callSid) => ({
      openai: { ...config.openai, url: models.get(callSid)?.url },
      limits: limits.get(callSid) ?? patient,
    }),
    onSession: (callSid, session, gone) => logs.get(callSid)?.follow(session, gone),
  });
  const address = new URL(await app.listen(config.listen)).host;
  const agent: Agent = { address, publicUrl: config.publicUrl, authToken: config.twilio.authToken };
  let count = 0;

  return {
    agent,
    pace,
    database,
    async dial({ prepare, limits: own } = {}) {
      count += 1;
      const callSid = `CA${randomUUID().replaceAll('-', '')}`;
      const log = new CallLog(pace);
      const words = { said: '' };
      const model = await listen({ pace, seed: count, hears: () => words.said, onFrame: (frame) => log.frame(frame) });
      models.set(callSid, model);
      logs.set(callSid, log);
      limits.set(callSid, atPace({ ...patient, ...own }, pace));
      prepare?.(model);
      const from = `+1555${String(count).padStart(7, '0')}`;
      const caller = await SimulatedCaller.dial({ agent, callSid, from, pace, onEvent: (what) => log.line(what) });
      return new Stage({ callSid, model, caller, log, words, operator: operatorOf(address, callSid) });
    },
    stall: (callSid, until) => void stalled.set(callSid, until),
    async close() {
      await app.close();
      await Promise.all([...models.values()].map((model) => model.close()));
      await database.close();
    },
  };
}

const atPace = (limits: CallLimits, pace: number): CallLimits => ({
  ...limits,
  silenceMs: limits.silenceMs / pace,
  patienceMs: limits.patienceMs / pace,
});

function operatorOf(address: string, callSid: string): Operator {
  const request = async (method: 'PUT' | 'DELETE'): Promise<void> => {
    const headers = { authorization: `Bearer ${settings.OPERATOR_TOKEN}` };
    const { ok, status } = await fetch(`http://${address}/calls/${callSid}/operator`, { method, headers });
    if (!ok) throw new Error(`The agent answers the operator with ${status}.`);
  };
  return { takesOver: () => request('PUT'), leaves: () => request('DELETE') };
}
