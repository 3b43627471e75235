/** Any event of the server, known to us or not: nothing is dropped, nothing is renamed. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A piece of output audio, whole: `delta` is standard base64. */
export interface AudioDelta extends ServerEvent {
  readonly type: 'response.output_audio.delta';
  readonly item_id: string;
  readonly delta: string;
}

/** A plain copy of an event for the server, the sender's to change. */
export interface ClientEvent {
  type: string;
  [field: string]: unknown;
}

/** Why a frame is no event. */
export type Unreadable = 'not-json' | 'not-an-object' | 'no-type';

/** What a frame says. `bytes` is the decoded `delta`, in the session's output format. */
export type Decoded =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'audio'; readonly event: AudioDelta; readonly bytes: Uint8Array }
  | { readonly kind: 'unreadable'; readonly reason: Unreadable };
