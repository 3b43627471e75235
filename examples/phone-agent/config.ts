import { sep } from 'node:path';
import { publishedPrices, type Observer } from 'gated-realtime';
import { recordTo } from 'gated-realtime/record';
import { z } from 'zod';
import { LEAST_USD } from './budget.js';

/** All settings that differ between deployments. */
export interface Config {
  readonly openai: {
    readonly model: string;
    readonly apiKey: string;
    /** The address of a server other than OpenAI's. */
    readonly url?: string | undefined;
    /** Recorders, if calls are recorded. */
    readonly observe: readonly Observer[];
  };
  readonly twilio: { readonly authToken: string };
  /** The address by which Twilio reaches this server, e.g. `https://agent.example.com`: its signatures include it. */
  readonly publicUrl: URL;
  /** The token by which an operator's program authenticates itself. */
  readonly operatorToken: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** A PostgreSQL server, a directory on this machine, or neither: then nothing outlives the process. */
  readonly database: { readonly url?: string | undefined; readonly directory?: string | undefined };
  readonly limits: CallLimits;
  /** The limit for all calls of one day (UTC). US dollars. */
  readonly dayBudgetUsd?: number;
}

export interface CallLimits {
  /** How long the line may be quiet before the agent asks whether anybody is there. Milliseconds. */
  readonly silenceMs: number;
  /** How many times it asks before it says goodbye. */
  readonly nudges: number;
  /** How many turns the caller has before the agent says goodbye. */
  readonly turns: number;
  /** How long a tool may take before the agent asks for a moment. Milliseconds. */
  readonly patienceMs: number;
  /** The limit for the call, after which the agent says goodbye. US dollars; left out: no limit. */
  readonly budgetUsd?: number;
}

/** Thrown for an incomplete configuration. Its message names every variable that is wrong, and shows no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const secret = (atLeast: number) => z.string('is missing').min(atLeast, `has fewer than ${atLeast} characters`);
const milliseconds = z.coerce.number('is not a number').int('is not a whole number').positive('is not above 0');
const count = milliseconds;
const dollars = z.coerce
  .number('is not a number of US dollars')
  .min(LEAST_USD, `is below ${LEAST_USD}, which a greeting and a goodbye may cost`)
  .max(1_000_000, 'is above 1000000');

/**
 * Whether a model has a price, without which no budget can be kept. A dated model costs the same as the undated one.
 */
const hasPrice = (model: string): boolean =>
  Object.hasOwn(publishedPrices.models, model.replace(/-\d{4}-\d{2}-\d{2}$/, ''));

/** Whether an address is safe for the key: encrypted, or on this machine. */
const isPrivate = (text: string): boolean => {
  const { protocol, hostname, username, password } = new URL(text);
  const staysHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return (protocol === 'wss:' || staysHere) && username === '' && password === '';
};

const environment = z.object({
  OPENAI_API_KEY: secret(1),
  OPENAI_MODEL: z.string().refine(hasPrice, 'is a model without a known price').default('gpt-realtime-2.1'),
  REALTIME_URL: z
    .url({ protocol: /^wss?$/, error: 'is not a wss:// address', abort: true })
    .refine(isPrivate, 'must be wss:// and without a password; ws:// is for this machine alone')
    .optional(),
  TWILIO_AUTH_TOKEN: secret(16),
  PUBLIC_URL: z
    .string('is missing')
    .pipe(z.url({ protocol: /^https$/, error: 'is not an https:// address' }))
    .transform((text) => new URL(text)),
  OPERATOR_TOKEN: secret(16),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number('is not a number').int().min(0).max(65_535, 'is no port').default(8080),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgres:// address' }).optional(),
  DATABASE_DIRECTORY: z.string().optional(),
  RECORDINGS: z.string().optional(),
  SILENCE_MS: milliseconds.default(8_000),
  SILENCE_NUDGES: count.default(2),
  TURNS: count.default(40),
  PATIENCE_MS: milliseconds.default(1_500),
  CALL_BUDGET_USD: dollars.default(2),
  DAY_BUDGET_USD: dollars.default(50),
});

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** Reads the configuration. Throws `ConfigError`. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const read = environment.safeParse(given);
  if (!read.success) {
    const lines = read.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`);
    throw new ConfigError(`The phone agent is not configured:\n${lines.join('\n')}`);
  }
  const set = read.data;
  return {
    openai: {
      model: set.OPENAI_MODEL,
      apiKey: set.OPENAI_API_KEY,
      url: set.REALTIME_URL,
      observe: recorders(set.RECORDINGS),
    },
    twilio: { authToken: set.TWILIO_AUTH_TOKEN },
    publicUrl: set.PUBLIC_URL,
    operatorToken: set.OPERATOR_TOKEN,
    listen: { host: set.HOST, port: set.PORT },
    database: { url: set.DATABASE_URL, directory: set.DATABASE_DIRECTORY },
    limits: {
      silenceMs: set.SILENCE_MS,
      nudges: set.SILENCE_NUDGES,
      turns: set.TURNS,
      patienceMs: set.PATIENCE_MS,
      budgetUsd: set.CALL_BUDGET_USD,
    },
    dayBudgetUsd: set.DAY_BUDGET_USD,
  };
}

/** Records calls without their words, which belong to the caller. */
const recorders = (folder: string | undefined): readonly Observer[] =>
  folder === undefined ? [] : [recordTo(folder + sep)];
