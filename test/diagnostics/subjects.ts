/** The types whose members users hover over and complete. */

export interface Subject {
  readonly name: string;
  /** The type's name, where `t` is the root import `ws` and `websocket` the others. */
  readonly type: string;
}

/** Types whose members are on the page. */
export const onThePage: readonly Subject[] = [
  { name: 'session', type: "t.ConfirmedSession<'greeting' | 'nudge', t.BuiltInGuard>" },
  { name: 'unconfirmed session', type: 't.UnconfirmedSession' },
  { name: 'verdict: admit', type: 't.Admit<t.BuiltInGuard>' },
  { name: 'verdict: hold', type: 't.Hold<t.BuiltInGuard>' },
  { name: 'verdict: refuse', type: 't.Refuse<t.BuiltInGuard>' },
  { name: 'verdict: merge', type: 't.Merge<t.BuiltInGuard>' },
  { name: 'response', type: 't.ResponseHandle<t.BuiltInGuard>' },
  { name: 'plan', type: "t.SessionPlan<'greeting', readonly [], never>" },
  { name: 'tool', type: "t.ToolDefinition<'save_lead', t.ToolParameters<{ name: string }>, string>" },
  { name: 'call of a tool', type: "t.ToolCall<'save_lead'>" },
  { name: 'options of respond()', type: 't.RespondOptions' },
];

const outcomes = ['completed', 'cancelled', 'incomplete', 'failed', 'lost', 'unsent'];
const endings = ['closed', 'hung-up', 'caller-hung-up', 'expired', 'lost'];
const unconfigured = ['rejected', 'mismatch', 'timeout', 'lost', 'aborted'];
const unconnected = ['refused', 'unreachable', 'timeout', 'aborted'];
const each = (type: string, key: string, values: readonly string[]): readonly Subject[] =>
  values.map((value) => ({ name: `${type}: ${value}`, type: `Extract<t.${type}, { ${key}: '${value}' }>` }));

/** Other types whose members must have a hover text. */
export const offThePage: readonly Subject[] = [
  ...each('ResponseOutcome', 'status', outcomes),
  ...each('Ending', 'kind', endings),
  ...each('ConfigureFailure', 'kind', unconfigured),
  ...each('ConnectFailure', 'kind', unconnected),
  { name: 'what an update changes', type: "Parameters<t.AnySession['update']>[0]" },
  { name: 'options of a hang-up', type: 't.HangUpOptions' },
  { name: 'options of configure()', type: 't.ConfigureOptions' },
  { name: 'options of once()', type: 't.OnceOptions<t.ResponseDoneEvent>' },
  { name: 'options of events()', type: "NonNullable<Parameters<t.AnySession['events']>[0]>" },
  { name: 'options of connect()', type: 't.ConnectOptions' },
  { name: 'options of connect(), ws', type: 'Parameters<typeof ws.connect>[0]' },
  { name: 'options of connect(), websocket', type: 'Parameters<typeof websocket.connect>[0]' },
  { name: 'socket of a platform', type: 'websocket.PlatformSocket' },
  { name: 'event of a socket', type: 'websocket.SocketEvent' },
  { name: 'limits', type: 't.Limits' },
  { name: 'playback', type: "NonNullable<t.SessionPlan['playback']>" },
  { name: 'guard', type: 'Exclude<t.UserGuard, (...args: never) => unknown>' },
  { name: 'recovery', type: 't.RecoveryPlan' },
  { name: 'row of the recovery', type: 't.Recovery' },
  { name: 'reference to an item', type: 't.ItemReference' },
  { name: 'state', type: 't.SessionState' },
  { name: 'state: a held request', type: "t.SessionState['held'][number]" },
  { name: 'state: a response', type: "t.SessionState['responses'][number]" },
  { name: 'state: the user', type: "t.SessionState['user']" },
  { name: 'state: playback', type: "t.SessionState['playback']" },
  { name: 'state: a tool', type: "t.SessionState['tools'][number]" },
  { name: 'state: a recovery', type: "t.SessionState['recovery'][number]" },
  { name: 'effective session', type: 't.EffectiveSession' },
  { name: 'difference', type: 't.Difference' },
  { name: 'record of a verdict: refuse', type: "Extract<t.VerdictRecord, { verdict: 'refuse' }>" },
  { name: 'record of a round of tools', type: 't.ToolRound' },
  { name: 'record of a call', type: 't.ToolCallRecord' },
  { name: 'made tool', type: "t.Tool<'save_lead'>" },
  { name: 'events', type: 't.SessionEvents' },
  { name: 'event: audio', type: "t.SessionEvents['audio']" },
  { name: 'event: cut', type: "t.SessionEvents['cut']" },
  { name: 'event: call', type: "t.SessionEvents['call']" },
  { name: 'error of configure()', type: 't.ConfigureError' },
  { name: 'error of connect()', type: 't.ConnectError' },
  { name: 'price', type: 't.ModelPrice' },
  { name: 'transport', type: 't.Transport' },
  { name: 'line', type: 't.Line' },
  { name: 'ears', type: 't.Ears' },
  { name: 'end of a line', type: 't.Gone' },
  { name: 'clock', type: 't.Clock' },
];

export const doors = ['gated-realtime', 'gated-realtime/ws', 'gated-realtime/websocket'] as const;

const session = "declare const session: t.ConfirmedSession<'greeting' | 'nudge', t.BuiltInGuard>;\n";
const unconfirmed = 'declare const unconfirmed: t.UnconfirmedSession;\n';
const verdict = 'declare const verdict: t.Verdict;\n';

export interface Completion {
  readonly code: string;
  /** The code before the completion. */
  readonly before: string;
  /** Some names that must be offered, and all that must not. */
  readonly offers: readonly string[];
  readonly withholds?: readonly string[];
}

const at = (
  before: string,
  code: string,
  offers: readonly string[],
  withholds: readonly string[] = [],
): Completion => ({ before, code, offers, withholds });

const TOOL = "name: 'save', description: 'Saves.', parameters: z.object({ phone: z.string() })";
const PLAN = ['session', 'purposes', 'tools', 'guards', 'limits', 'playback', 'recovery', 'turnEnds', 'hangUp'];

/** The places where completions are checked. */
export const completions: readonly Completion[] = [
  at(session, 'session.‸', ['respond', 'send', 'on', 'once', 'hangup', 'update', 'state', 'close'], ['configure']),
  at(unconfirmed, 'unconfirmed.‸', ['configure', 'close', 'model'], ['respond', 'send', 'appendAudio']),
  at(verdict, 'verdict.‸', ['kind', 'done'], ['response', 'by']),
  at(verdict, "verdict.kind === '‸'", ['admit', 'hold', 'refuse'], ['merge']),
  at(session, "session.respond('‸')", ['greeting', 'nudge']),
  at(session, "session.respond('greeting', { ‸ })", ['whenBlocked', 'interrupt', 'override', 'response']),
  at(session, "session.respond('greeting', { whenBlocked: '‸' })", ['hold', 'hold-this-turn', 'refuse']),
  at(session, "session.respond('greeting', { override: ['‸'] })", ['user-speaking', 'playback'], ['hangup-pending']),
  at(session, "session.send({ type: '‸' })", ['input_audio_buffer.commit'], ['response.create', 'session.update']),
  at(session, "session.send({ type: 'conversation.item.delete', ‸ })", ['item_id']),
  at(session, "session.on('‸', () => undefined)", ['audio', 'fault', 'response.done'], ['response.create']),
  at(session, "session.userTurn('‸')", ['begins', 'ends']),
  at(session, 'session.hangup({ ‸ })', ['farewell', 'onBargeIn', 'deadlineMs']),
  at('', 'gated.plan({ ‸ })', PLAN),
  at('', 'gated.plan({ limits: { ‸ } })', ['held', 'holdForMs']),
  at('', "gated.plan({ turnEnds: '‸' })", ['speech-stopped', 'transcribed']),
  at('', 'gated.plan({ recovery: { ‸ } })', ['"server-error"', 'silent']),
  at('', 'gated.plan({ session: { ‸ } })', ['audio', 'instructions'], ['model', 'tools']),
  at('', 'gated.tool({ ‸ })', ['name', 'description', 'parameters', 'run', 'reply', 'timeoutMs']),
  at('', `gated.tool({ ${TOOL}, reply: '‸' })`, ['respond', 'silent']),
  at('', `gated.tool({ ${TOOL}, run: ({ ‸ }) => 'saved' })`, ['phone']),
  at('', `gated.tool({ ${TOOL}, run: (_, call) => call.‸ })`, ['respond', 'session', 'signal', 'callId']),
  at('', 'ws.connect({ ‸ })', ['model', 'callId', 'client', 'apiKey'], PLAN),
  at('', 'websocket.connect({ ‸ })', ['model', 'callId', 'apiKey', 'url', 'protocols'], [...PLAN, 'client', 'ws']),
  at('', "ws.openSession({ model: 'gpt-realtime-2.1', ‸ })", PLAN),
];
