/**
 * Every transition of the gate. Its state is a product of small machines, one a dimension; a fact moves each of them at
 * once. A fact that a state does not name leaves it as it is, so what cannot happen changes nothing.
 */

/** What the frames, the calls and the clock tell us. `facts.ts` says which frame tells which. */
export type Fact =
  // the connection
  | 'dropped' // the socket is gone, another is to come
  | 'connected' // here it is
  | 'close' // close() was called
  | 'gone' // the socket is gone for good
  // the configuration
  | 'update-sent'
  | 'fetch-sent' // an update that changes nothing, to see what stands
  | 'echo-matches'
  | 'update-failed' // rejected, mismatched, overdue or abandoned
  // the user
  | 'speech-started'
  | 'speech-stopped'
  | 'turn-committed' // the item of the turn that is under way
  | 'turn-begins' // userTurn('begins')
  | 'turn-ends' // userTurn('ends')
  | 'input-cleared'
  | 'detection-off' // a session.updated without turn detection
  | 'transcribed' // the transcript of the latest committed item
  | 'turn-overdue'
  | 'transcript-overdue'
  // what the server does by itself
  | 'answer-due' // a turn is over and automatic responses are on
  | 'answer-created' // a default response without our token
  | 'answer-overdue'
  | 'slot-freed' // the open default response has ended
  | 'conflict-unnamed' // the slot is taken, and the server did not say by what
  // our creates and their responses
  | 'admitted'
  | 'created'
  | 'superseded' // a newer default response was created
  | 'named' // a conflict named it as the one that holds the slot
  | 'ended' // its response.done
  | 'conflict'
  | 'refused' // any other error
  | 'create-overdue'
  | 'response-overdue'
  | 'merged'
  | 'settled' // refused, lapsed or withdrawn
  // the call
  | 'hangup'
  | 'resumed'
  | 'over-budget'
  | 'within-budget'
  | 'playing'
  | 'drained';

type Machine<State extends string> = { readonly [From in State]: { readonly [On in Fact]?: State } };
const machine = <State extends string>(rows: Machine<State>): Machine<State> => rows;

/** The session's own dimensions. The first state of each is where it starts. */
export const dimensions = {
  connection: machine<'open' | 'away' | 'closing' | 'closed'>({
    open: { dropped: 'away', close: 'closing', gone: 'closed' },
    away: { connected: 'open', close: 'closing', gone: 'closed' },
    closing: { gone: 'closed' },
    closed: {},
  }),
  configuration: machine<'unasked' | 'asking' | 'doubtful' | 'fetching' | 'confirmed'>({
    unasked: { 'update-sent': 'asking' },
    asking: { 'echo-matches': 'confirmed', 'update-failed': 'doubtful', dropped: 'unasked' },
    doubtful: { 'update-sent': 'asking', 'fetch-sent': 'fetching', dropped: 'unasked' },
    fetching: { 'echo-matches': 'confirmed', 'update-failed': 'doubtful', dropped: 'unasked' },
    confirmed: { 'update-sent': 'asking', dropped: 'unasked' },
  }),
  /** Whose turn it is: with `turnEnds: 'speech-stopped'` */
  turn: machine<'silent' | 'speaking' | 'transcribing'>({
    silent: { 'speech-started': 'speaking', 'turn-begins': 'speaking' },
    speaking: {
      'speech-stopped': 'silent',
      'turn-committed': 'silent',
      'turn-ends': 'silent',
      'input-cleared': 'silent',
      'detection-off': 'silent',
      'turn-overdue': 'silent',
      dropped: 'silent',
      gone: 'silent',
    },
    transcribing: {},
  }),
  automatic: machine<'quiet' | 'imminent'>({
    quiet: { 'answer-due': 'imminent', 'conflict-unnamed': 'imminent' },
    imminent: {
      'answer-due': 'imminent',
      'conflict-unnamed': 'imminent',
      'slot-freed': 'imminent',
      'answer-created': 'quiet',
      'answer-overdue': 'quiet',
      dropped: 'quiet',
      gone: 'quiet',
    },
  }),
  hangup: machine<'none' | 'pending'>({ none: { hangup: 'pending' }, pending: { resumed: 'none' } }),
  budget: machine<'within' | 'over'>({ within: { 'over-budget': 'over' }, over: { 'within-budget': 'within' } }),
  playback: machine<'drained' | 'playing'>({
    drained: { playing: 'playing' },
    playing: { drained: 'drained', dropped: 'drained' },
  }),
} as const;

/** The `turn` dimension with `turnEnds: 'transcribed'`: silence alone does not end a turn, its transcript does. */
export const transcribedTurn: Machine<State<'turn'>> = {
  silent: dimensions.turn.silent,
  speaking: {
    ...dimensions.turn.speaking,
    'speech-stopped': 'transcribing',
    'turn-committed': 'transcribing',
    'turn-ends': 'transcribing',
  },
  transcribing: {
    'speech-started': 'speaking',
    'turn-begins': 'speaking',
    transcribed: 'silent',
    'transcript-overdue': 'silent',
    dropped: 'silent',
    gone: 'silent',
  },
};

/** The life of one request. `over`: a response carries it from here, or it came to nothing. */
export const requestLife = machine<'waiting' | 'sent' | 'over'>({
  waiting: { admitted: 'sent', merged: 'over', settled: 'over', gone: 'over' },
  sent: {
    created: 'over',
    conflict: 'waiting',
    refused: 'over',
    'create-overdue': 'over',
    dropped: 'over',
    gone: 'over',
  },
  over: {},
});

/** The life of one response, by its id. Only `open` holds the slot. */
export const responseLife = machine<'open' | 'superseded' | 'ended'>({
  open: { superseded: 'superseded', ended: 'ended', 'response-overdue': 'ended', dropped: 'ended', gone: 'ended' },
  superseded: { named: 'open', ended: 'ended', 'response-overdue': 'ended', dropped: 'ended', gone: 'ended' },
  ended: {},
});

export type Dimension = keyof typeof dimensions;
export type State<Of extends Dimension> = keyof (typeof dimensions)[Of];
export type RequestState = keyof typeof requestLife;
export type ResponseState = keyof typeof responseLife;

/** States that do not last: for how long, what stops the clock, what happens then, and the fault that it is. */
export const patience = [
  {
    dimension: 'turn',
    state: 'speaking',
    limit: 'turnMs',
    stoppedBy: null,
    then: 'turn-overdue',
    fault: 'The user is taken to have stopped speaking: the turn lasted',
  },
  {
    dimension: 'turn',
    state: 'transcribing',
    limit: 'transcriptMs',
    stoppedBy: null,
    then: 'transcript-overdue',
    fault: null,
  },
  {
    dimension: 'automatic',
    state: 'imminent',
    limit: 'imminentMs',
    stoppedBy: 'an open response',
    then: 'answer-overdue',
    fault: 'The server did not answer the turn by itself within',
  },
] as const;
