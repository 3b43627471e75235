import { forgetOldest } from '../bounded.js';
import { include, put } from '../collections.js';
import { costOf, transcriptionCost } from '../money/cost.js';
import { modelPrice, transcriptionPrice } from '../money/prices.js';
import { tokensOf } from '../money/usage.js';
import { type Accounts, addTo, type Entry, firstAccounts, withEntry } from './accounts.js';
import { PURPOSE, TOKEN } from './create.js';
import type { Part } from './part.js';
import { at, isRecord, type Json, type ServerEvent, textOf } from './read.js';
import { openResponse } from './response.js';
import type { Session } from './state.js';
import { fault, post, tell, type Work } from './work.js';

/** What a session has used: counts every response and transcription once, whoever asked for it and however it ended. */
export interface Spending extends Accounts {
  /** The model names that the server last reported; null before it has. */
  model: string | null;
  transcriber: string | null;
  /** Counts the creates written. */
  creates: number;
  /** What was in flight when its line was lost: nobody reports what it used. */
  lost: Lost;
}

/** How many, and what they are taken to have cost, in nanodollars. */
export interface Lost {
  readonly count: number;
  readonly nanoUsd: number;
}

/** All that was spent: what was reported, and what is taken for spent. */
export const spentIn = ({ spending: { total, lost } }: Session): number => total.nanoUsd + lost.nanoUsd;

export const firstSpending = (): Spending => ({
  ...firstAccounts(),
  model: null,
  transcriber: null,
  creates: 0,
  lost: { count: 0, nanoUsd: 0 },
});

/** How many responses and items are remembered: a memory bound, not a setting. */
const REMEMBERED = 256;

/** Reads the usage in a `response.done`, even if nobody awaits that response. */
export function noteUsage(work: Work, event: ServerEvent): void {
  const { session } = work;
  const { spending, rules } = session;
  const response = event['response'];
  const id = textOf(at(response, 'id'));
  if (!isRecord(response) || id === null || spending.responses.has(id) || !isRecord(response['usage'])) return;
  const tokens = tokensOf(response['usage']);
  const model = modelOf(session);
  const price = modelPrice(rules.prices, model);
  const nanoUsd = price && costOf(tokens, price);
  const entry = { tokens, nanoUsd };
  const purpose = purposeOf(session, id, response);
  const spent = { responseId: id, purpose, model, tokens, nanoUsd };
  spending.responses = put(spending.responses, id, spent);
  forgetOldest(spending.responses, REMEMBERED);
  if (purpose === null) spending.automatic = withEntry(spending.automatic, entry);
  else spending.byPurpose = addTo(spending.byPurpose, purpose, entry);
  charge(work, model, entry);
  tell(work, { kind: 'spent', spent });
}

/** The model that speaks, as the server reported it, or else as requested. */
export const modelOf = ({ spending: { model }, rules }: Session): string | null => model ?? rules.model;

/** The model that transcribes; null: none. */
export const transcriberOf = ({ spending: { transcriber } }: Session): string | null => transcriber;

/** The purpose of a response, from its request, or from its own metadata if the request was given up. */
function purposeOf(session: Session, id: string, response: Json): string | null {
  const open = openResponse(session, id);
  if (open?.told) return open.purpose;
  const token = textOf(at(response, 'metadata', TOKEN));
  return token?.startsWith(`${session.rules.prefix}_`) ? textOf(at(response, 'metadata', PURPOSE)) : null;
}

/** Reads the usage in the transcription of an item. */
export function noteTranscription(work: Work, event: ServerEvent): void {
  const { spending, rules } = work.session;
  const item = `${textOf(event['item_id']) ?? ''}:${String(event['content_index'])}`;
  const usage = event['usage'];
  if (!isRecord(usage) || spending.transcribed.has(item)) return;
  spending.transcribed = include(spending.transcribed, item);
  forgetOldest(spending.transcribed, REMEMBERED);
  const price = transcriptionPrice(rules.prices, spending.transcriber);
  const entry = { tokens: tokensOf(usage), nanoUsd: price && transcriptionCost(usage, price) };
  spending.transcription = withEntry(spending.transcription, entry);
  charge(work, spending.transcriber, entry);
}

function charge(work: Work, model: string | null, entry: Entry): void {
  const { spending } = work.session;
  spending.total = withEntry(spending.total, entry);
  spending.byModel = addTo(spending.byModel, model ?? 'unknown', entry);
  post(work, 'charged', { nanoUsd: entry.nanoUsd });
}

/** Counts creates and faults on too many: a loop that no guard has stopped. */
function onCreateWritten(work: Work): void {
  const { spending, rules } = work.session;
  if (++spending.creates !== rules.limits.creates) return;
  fault(
    work,
    `${spending.creates} responses have been asked for in this session: does it go round in circles?`,
    null,
    'user',
  );
}

export const spending: Part = {
  tables: {},
  handlers: {
    'create-written': onCreateWritten,
    'session-told': ({ session: { spending: mine } }, { session }) => {
      mine.model = textOf(session['model']) ?? mine.model;
      mine.transcriber = textOf(at(session, 'audio', 'input', 'transcription', 'model'));
    },
  },
};
