import { checkInput } from './items.js';
import type { Faults } from './faults.js';
import type { Complaint } from './schema.js';
import type { SessionConfig } from './session-config.js';
import {
  checkKind,
  checkModalities,
  checkModel,
  checkModelOf,
  checkSpeed,
  checkTokenLimit,
  checkTracing,
  checkTranscriptionModel,
  checkTranscriptionSettings,
  checkTurnsOf,
  checkVoice,
} from './settings.js';
import type { Session } from './state.js';
import { checkLabels, checkNames, checkParameters, checkAddresses, checkToolChoice } from './tools.js';
import type { Json, JsonObject } from './wire.js';

/** Settings that a client asks for, with what is needed to check them. */
export interface Asked {
  /** Which part of the event holds them: `session` or `response`. */
  readonly at: Settings;
  readonly given: JsonObject;
  readonly standing: Standing;
  readonly faults: Faults;
}

type Settings = 'session' | 'response';

/** The state when the settings arrive. */
export interface Standing {
  readonly config: SessionConfig;
  readonly voice: 'unheard' | 'heard';
  readonly turn: 'over' | 'running';
  readonly hasItem: (id: Json | undefined) => boolean;
}

/** One check of the server's, beyond an event's shape, which `client-events.ts` defines. */
interface Check {
  readonly rule: string;
  readonly of: readonly Settings[];
  /** How the check is known: observed on the real server, documented, or assumed (then a fault turns it off). */
  readonly known: 'observed' | 'documented' | 'assumed';
  readonly off?: Partial<Faults>;
  readonly find: (asked: Asked) => Complaint | null;
}

const both: readonly Settings[] = ['session', 'response'];
const session: readonly Settings[] = ['session'];
const response: readonly Settings[] = ['response'];

/** All checks of settings, in the server's order. The first complaint refuses the whole event. */
export const checks: readonly Check[] = [
  { rule: 'An update is for its kind of session.', of: session, known: 'observed', find: checkKind },
  { rule: 'Only reasoning models take what is about reasoning.', of: both, known: 'observed', find: checkModelOf },
  { rule: 'A voice stays once it was heard.', of: both, known: 'observed', find: checkVoice },
  { rule: 'The speed changes between turns.', of: session, known: 'documented', find: checkSpeed },
  { rule: 'The model stays.', of: session, known: 'documented', find: checkModel },
  { rule: 'Tracing stays once it is set.', of: session, known: 'documented', find: checkTracing },
  { rule: 'An answer has one modality.', of: both, known: 'observed', find: checkModalities },
  { rule: 'A model has a most of tokens.', of: both, known: 'documented', find: checkTokenLimit },
  {
    rule: 'A transcription model is one of those there are.',
    of: session,
    known: 'assumed',
    off: { unknownTranscription: 'accepted' },
    find: checkTranscriptionModel,
  },
  {
    rule: 'A transcription model takes its own settings.',
    of: session,
    known: 'documented',
    find: checkTranscriptionSettings,
  },
  { rule: 'Some transcription models find no turns.', of: session, known: 'observed', find: checkTurnsOf },
  { rule: 'A hosted server has an address.', of: both, known: 'documented', find: checkAddresses },
  {
    rule: 'A label is given once.',
    of: both,
    known: 'assumed',
    off: { duplicateLabels: 'accepted' },
    find: checkLabels,
  },
  {
    rule: 'A function has a name of its own.',
    of: both,
    known: 'assumed',
    off: { toolNames: 'any' },
    find: checkNames,
  },
  { rule: 'Parameters are an object.', of: both, known: 'observed', find: checkParameters },
  {
    rule: 'A choice is among the tools.',
    of: both,
    known: 'assumed',
    off: { unknownToolChoice: 'accepted' },
    find: checkToolChoice,
  },
  { rule: 'Items given are items, and there.', of: response, known: 'documented', find: checkInput },
];

export function firstComplaint(asked: Asked): Complaint | null {
  for (const { of, off, find } of checks) {
    if (!of.includes(asked.at) || isOff(asked.faults, off)) continue;
    const complaint = find(asked);
    if (complaint) return complaint;
  }
  return null;
}

const isOff = (faults: Faults, off: Partial<Faults> | undefined): boolean =>
  off !== undefined && Object.entries(off).every(([knob, value]) => faults[knob as keyof Faults] === value);

export const standingOf = (session: Session): Standing => ({
  config: session.config,
  voice: session.assistantAudio ? 'heard' : 'unheard',
  turn: session.slot === null ? 'over' : 'running',
  hasItem: (wanted) => session.items.some(({ id }) => id === wanted),
});

/** The state before anything has happened. */
export const standingAtFirst = (config: SessionConfig): Standing => ({
  config,
  voice: 'unheard',
  turn: 'over',
  hasItem: () => false,
});
