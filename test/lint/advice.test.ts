import { type Reported, suite } from './tester.js';

const create = "{ type: 'response.create' }";
const advised = (name: string, code: string, instead: string, around: string): Reported => ({
  name,
  code,
  errors: [{ message: `\`rt.send\` sends a raw \`response.create\`. ${instead} It goes around ${around}.` }],
});

const TIMER = 'user-speaking and response-active: a timer knows neither';
const TOOL = 'response-active and user-speaking: it interrupts whoever speaks once the tool is done';
const ERROR = 'response-active and loop: it asks again, in the middle of what went wrong';
const RUN = "Return the result from the tool's `run`: the session sends it, and asks for the follow-up.";

const advice: readonly Reported[] = [
  advised('anywhere', `rt.send(${create});`, "Write `session.respond('<purpose>')`.", 'every guard'),
  advised(
    'in a function that is named for its purpose',
    `function sendGreeting() { rt.send(${create}); }`,
    "Write `session.respond('greeting')`.",
    'every guard',
  ),
  advised(
    'in a function that is named for a declared purpose',
    `const plan = { purposes: ['stock-answer', 'nudge'] }; function answerStocks() { rt.send(${create}); }`,
    "Write `session.respond('stock-answer')`.",
    'every guard',
  ),
  advised('in a handler of tools', `function handleToolCall() { rt.send(${create}); }`, RUN, TOOL),
  advised(
    'in a listener for function calls',
    `rt.on('response.function_call_arguments.done', () => rt.send(${create}));`,
    RUN,
    TOOL,
  ),
  advised(
    'after the output of a tool',
    `function f() { rt.send({ type: 'conversation.item.create', item: { type: 'function_call_output' } }); rt.send(${create}); }`,
    RUN,
    TOOL,
  ),
  advised(
    'after a hang-up',
    `async function f() { await carrier.hangUp(); rt.send(${create}); }`,
    "Say goodbye with `session.hangup({ farewell: { instructions: '…' } })`.",
    'hangup-pending: it speaks, and costs, while the call is being ended',
  ),
  advised(
    'in a catch clause',
    `try { f(); } catch { rt.send(${create}); }`,
    "Leave it to `recovery` in the plan, which asks again through the gate, or write `session.respond('<purpose>')`.",
    ERROR,
  ),
  advised(
    'when the socket opens',
    `rt.socket.on('open', () => rt.send(${create}));`,
    "Write `session.respond('<purpose>')` once `openSession()` or `configure()` has returned the confirmed session.",
    'unconfirmed: the session is not yet the one that was asked for',
  ),
  advised(
    'in a timer',
    `function nudge() { setTimeout(() => rt.send(${create}), 5000); }`,
    "Write `session.respond('nudge', { whenBlocked: 'refuse' })`: it is refused while anyone speaks.",
    TIMER,
  ),
  advised(
    "after the user's turn",
    `switch (event.type) { case 'input_audio_buffer.speech_stopped': rt.send(${create}); }`,
    "The server answers a turn by itself; where it is told not to (`create_response: false`), write `session.respond('<purpose>')`.",
    'response-imminent: the server is about to answer that turn by itself',
  ),
  {
    name: 'an event that is built',
    code: `export const greeting = () => (${create});`,
    errors: [
      {
        message:
          "A raw `response.create` is built here, for other code to send. Write `session.respond('greeting')`. It goes around every guard.",
      },
    ],
  },
  {
    name: 'a method',
    code: 'function nudge() { transport.requestResponse(); } // realtime',
    errors: [
      {
        message:
          "`transport.requestResponse` sends a `response.create` of its own. Write `session.respond('nudge')`. It goes around every guard.",
      },
    ],
  },
];

const opened = "import { openSession } from 'gated-realtime/ws';\nconst session = await openSession(plan);\n";
const suggested = (name: string, before: string, after: string): Reported => ({
  name,
  code: opened + before,
  errors: [{ messageId: 'sent', suggestions: [{ messageId: 'respond', output: opened + after }] }],
});
const unsuggested = (name: string, before: string): Reported => ({
  name,
  code: opened + before,
  errors: [{ messageId: 'sent', suggestions: [] }],
});

const suggestions: readonly Reported[] = [
  suggested(
    'respond, for an event',
    `function sendGreeting() { rt.send(${create}); }`,
    "function sendGreeting() { session.respond('greeting'); }",
  ),
  suggested(
    'respond with its parameters, for JSON',
    "function sendGreeting() { ws.send(JSON.stringify({ type: 'response.create', response: { instructions: 'Hi' } })); }",
    "function sendGreeting() { session.respond('greeting', { response: { instructions: 'Hi' } }); }",
  ),
  suggested(
    'respond, where the session itself was given the event',
    `function nudge() { session.send(${create}); }`,
    "function nudge() { session.respond('nudge'); }",
  ),
  suggested(
    'respond, for an awaited call',
    `async function nudge() { await rt.send(${create}); }`,
    "async function nudge() { await session.respond('nudge'); }",
  ),
  {
    name: 'a capability in scope',
    code: `import type { Respond } from 'gated-realtime';\nfunction nudge(ask: Respond<'nudge'>) { rt.send(${create}); }`,
    errors: [
      {
        messageId: 'sent',
        suggestions: [
          {
            messageId: 'respond',
            output:
              "import type { Respond } from 'gated-realtime';\nfunction nudge(ask: Respond<'nudge'>) { ask('nudge'); }",
          },
        ],
      },
    ],
  },
  unsuggested('nothing where no name says the purpose', `rt.send(${create});`),
  unsuggested('nothing where the event is built elsewhere', `const e = ${create}; function nudge() { rt.send(e); }`),
  unsuggested('nothing where the result is used', `function nudge() { return rt.send(${create}); }`),
  unsuggested(
    'nothing where there is more to the event',
    `function nudge() { rt.send({ ...x, type: 'response.create' }); }`,
  ),
  unsuggested('nothing in a handler of tools', `function toolCall() { rt.send(${create}); }`),
  unsuggested('nothing where the session is shadowed', `function nudge(session) { rt.send(${create}); }`),
];

suite('no-raw-response-create', [], [...advice, ...suggestions]);
