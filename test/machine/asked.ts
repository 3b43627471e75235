import type { Bench } from './bench.js';

/** A request, and the notices about it. */
export class Asked {
  readonly #bench: Bench;
  readonly id: number;

  constructor(bench: Bench, id: number) {
    this.#bench = bench;
    this.id = id;
  }

  /** E.g. `admit`, `hold: user-speaking`, `refuse: closed`, `merge: resp_1`, `merge: request 1`. */
  get verdict(): string {
    const said = this.#bench.notices.flatMap((notice) => {
      if (!('request' in notice) || notice.request !== this.id) return [];
      if (notice.kind === 'admitted') return ['admit'];
      if (notice.kind === 'held') return [`hold: ${notice.by.join(', ')}`];
      if (notice.kind === 'refused') return [`refuse: ${notice.by}`];
      return notice.kind === 'merged' ? [`merge: ${nameOf(notice.into)}`] : [];
    });
    return said.at(-1) ?? 'none';
  }

  /** E.g. `open`, `completed`, `cancelled by user`, `unsent by expired`, `lost`. */
  get outcome(): string {
    const all = this.#bench.notices.flatMap((each) =>
      each.kind === 'ended' && each.requests.includes(this.id) ? [each.outcome] : [],
    );
    if (all.length > 1) return `told ${all.length} times`;
    const [outcome] = all;
    if (!outcome) return 'open';
    return 'by' in outcome ? `${outcome.status} by ${outcome.by}` : outcome.status;
  }

  /** The id of the response that answers it, once there is one. */
  get response(): string | undefined {
    for (const notice of this.#bench.notices) {
      if (notice.kind === 'created' && notice.requests.includes(this.id)) return notice.response;
      if ((notice.kind === 'merged' || notice.kind === 'answered') && notice.request === this.id)
        if ('response' in notice.into) return notice.into.response;
    }
    return undefined;
  }

  withdraws(): void {
    this.#bench.step({ type: 'withdraw', request: this.id });
  }
  cancels(): void {
    this.#bench.step({ type: 'cancel', of: { request: this.id } });
  }
}

const nameOf = (into: { request: number } | { response: string }): string =>
  'response' in into ? into.response : `request ${into.request}`;
