/** Any event of the server, known or unknown: nothing is dropped or renamed. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An output audio delta: `delta` is standard base64. */
export interface AudioDelta extends ServerEvent {
  readonly type: 'response.output_audio.delta';
  readonly item_id: string;
  readonly delta: string;
}

/** A plain copy of a client event, which the sender may change. */
export interface ClientEvent {
  type: string;
  [field: string]: unknown;
}

/** Why a frame is not an event. */
export type Unreadable = 'not-json' | 'not-an-object' | 'no-type';

/** A decoded frame. `bytes` is the decoded `delta`, in the session's output format. */
export type Decoded =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'audio'; readonly event: AudioDelta; readonly bytes: Uint8Array }
  | { readonly kind: 'unreadable'; readonly reason: Unreadable };
