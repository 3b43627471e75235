import type { Decision, ResponseSpent } from '../../types/index.js';
import { emptyList, type Entries, noEntries, put, without } from '../collections.js';
import type { Into, Notice } from '../machine/index.js';
import { type About, decisionOf } from './decision.js';
import { add, begun, end, hold, none, sent, settle, stopWaiting, type Story } from './story.js';

/** A response that is open, or still being heard. */
interface Known {
  /** Null: its `created` was never read. */
  createdAt: number | null;
  readonly step: number;
  /** The request that asked for it; null: the server answered by itself, or the request had been given up. */
  readonly owner: number | null;
  heard: How | null;
  heardAt: number | null;
  isOver: boolean;
}

type How = Decision['heard'];
type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

/**
 * Builds the decision record of each request from the machine's notices. It reads no clock: the same notices at the
 * same times give the same decisions, in a call and in its replay.
 */
export class Decisions {
  readonly #about: About;
  #stories: Entries<number, Story> = noEntries;
  #responses: Entries<string, Known> = noEntries;
  /** The usage of a response that is reported in the same step, before the response itself. */
  #early: ResponseSpent | null = null;
  #over: Story[] = [];
  /** Counts the steps that bring notices. */
  #step = 0;

  constructor(about: About) {
    this.#about = about;
  }

  /** Takes the notices of one step, and its time. Returns the stories that are complete. */
  note(notices: readonly Notice[], now: number): readonly Story[] {
    if (notices.length === 0) return emptyList;
    this.#step++;
    for (const notice of notices) this.#note(notice, now);
    this.#early = null;
    if (this.#over.length === 0) return emptyList;
    const over = this.#over;
    this.#over = [];
    return over;
  }

  /** The decision records of these stories. */
  told(stories: readonly Story[], sessionId: string): readonly Decision[] {
    return stories.flatMap((story) => decisionOf(story, this.#about, sessionId) ?? []);
  }

  #note(notice: Notice, now: number): void {
    switch (notice.kind) {
      case 'held':
      case 'waits':
        return hold(this.#story(notice.request, now), notice.by, now);
      case 'admitted':
      case 'sent-again':
        return sent(this.#story(notice.request, now), now);
      case 'put-back':
        return add(this.#story(notice.request, now), 'put-back', none, now);
      case 'merged':
      case 'answered':
        return this.#merged(this.#story(notice.request, now), notice.into, now);
      case 'refused':
        return void this.#story(notice.request, now);
      case 'record':
        return settle(this.#story(notice.record.request, now), notice);
      case 'created':
        return this.#created(notice, now);
      case 'spent':
        return this.#spent(notice.spent);
      case 'ended':
        return this.#ended(notice, now);
      case 'heard':
        return this.#heard(notice, now);
      default:
        return;
    }
  }

  /** The story of a request, begun at its first notice. */
  #story(request: number, now: number): Story {
    const known = this.#stories.get(request);
    if (known) return known;
    const story = begun(request, now);
    this.#stories = put(this.#stories, request, story);
    return story;
  }

  #merged(story: Story, into: Into, now: number): void {
    stopWaiting(story, now);
    story.into = into;
    if ('response' in into) {
      story.response = into.response;
      story.createdAt = this.#responses.get(into.response)?.createdAt ?? null;
    }
    add(story, 'merged', none, now);
  }

  #created({ response, request, requests }: Of<'created'>, now: number): void {
    const owner = requests.find((id) => id === request) ?? null;
    this.#responses = put(this.#responses, response, {
      createdAt: now,
      step: this.#step,
      owner,
      heard: null,
      heardAt: null,
      isOver: false,
    });
    for (const id of requests) {
      const story = this.#stories.get(id);
      if (!story) continue;
      story.response = response;
      story.createdAt = now;
      // The server had refused the request, and created its response all the same.
      stopWaiting(story, now);
    }
    if (this.#early?.responseId === response) this.#spent(this.#early);
  }

  /**
   * Adds the usage of a response to the request that asked for it; other requests that it answers cost nothing more.
   */
  #spent(spent: ResponseSpent): void {
    const known = this.#responses.get(spent.responseId);
    if (!known) {
      this.#early = spent;
      return;
    }
    const story = known.owner === null ? undefined : this.#stories.get(known.owner);
    if (!story) return;
    story.tokens = spent.tokens;
    story.nanoUsd = spent.nanoUsd;
  }

  #ended({ response, requests, outcome, firstAudioAt }: Of<'ended'>, now: number): void {
    const known = response === null ? undefined : this.#responses.get(response);
    // `created` and the end came in one step, so `created` was never read.
    if (known?.step === this.#step) known.createdAt = null;
    for (const id of requests) {
      const story = this.#stories.get(id);
      if (!story) continue;
      end(story, outcome, now);
      story.response = response ?? story.response;
      story.createdAt = known?.createdAt ?? null;
      story.firstAudioAt = firstAudioAt;
      story.heard = response === null ? 'none' : (known?.heard ?? null);
      story.heardAt = known?.heardAt ?? null;
      this.#finishIfOver(story);
    }
    if (response === null || !known) return;
    known.isOver = true;
    this.#forgetIfOver(response, known);
  }

  #heard({ response, requests, how }: Of<'heard'>, now: number): void {
    const heardAt = how === 'none' ? null : now;
    for (const story of this.#stories.values()) {
      if (story.response !== response && !requests.includes(story.request)) continue;
      story.heard = how;
      story.heardAt = heardAt;
      this.#finishIfOver(story);
    }
    const known = this.#responses.get(response);
    if (!known) return;
    known.heard = how;
    known.heardAt = heardAt;
    this.#forgetIfOver(response, known);
  }

  #forgetIfOver(response: string, { isOver, heard }: Known): void {
    if (isOver && heard !== null) this.#responses = without(this.#responses, response);
  }

  #finishIfOver(story: Story): void {
    if (story.outcome === null || story.heard === null) return;
    this.#stories = without(this.#stories, story.request);
    this.#over.push(story);
  }
}
