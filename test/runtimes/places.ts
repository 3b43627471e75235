/** Where a runtime finds what it is tried against, all of it on this machine. */
export interface Places {
  /** A simulated server that lets in `lastingKey`, and the ephemeral keys that it gives out. */
  readonly url: string;
  /** Answers a POST with a new ephemeral key. */
  readonly keys: string;
  readonly lastingKey: string;
  /** A simulated server whose sockets die without a close frame soon after they were opened. */
  readonly dying: string;
  /** Answers every request with HTTP 401. */
  readonly refusing: string;
  /** Takes every connection and never answers. */
  readonly silent: string;
  /** Nobody listens there. */
  readonly nowhere: string;
  /** What becomes of an API key that lasts. */
  readonly lasting: 'taken' | 'refused';
}

/** What came of one check: null where it held, or else what was wrong. */
export interface Finding {
  readonly check: string;
  readonly wrong: string | null;
}
