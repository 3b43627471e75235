/** Small programs before and after the migration. */
export interface Pair {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

const opened = `import { openSession, tool } from 'gated-realtime';
const session = await openSession({ transport: raw, purposes: ['greeting'] });
`;
const declared = (...purposes: readonly string[]): string =>
  opened.replace("['greeting']", `[${['greeting', ...purposes].map((each) => `'${each}'`).join(', ')}]`);

/** A function in which a session has been opened. */
const inScope = (title: string, before: string, after: string, ...purposes: readonly string[]): Pair => ({
  title,
  before: opened + before,
  after: declared(...purposes) + after,
});

export const rewrites: readonly Pair[] = [
  inScope(
    'a bare create, on a raw line',
    `const nudge = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    `const nudge = () => {\n  void session.respond('nudge');\n};\n`,
    'nudge',
  ),
  inScope(
    'a create as JSON, with its parameters, awaited',
    `async function askAgain() {
  await raw.send(JSON.stringify({ type: 'response.create', response: { instructions: 'Ask again.' } }));
}
`,
    `async function askAgain() {
  void session.respond('again', { response: { instructions: 'Ask again.' } });
}
`,
    'again',
  ),
  inScope(
    'a create that an arrow function returns',
    `setTimeout(() => raw.send({ type: 'response.create' }), 5_000);\n`,
    `setTimeout(() => void session.respond('response'), 5_000);\n`,
    'response',
  ),
  inScope(
    'a create behind an if without braces',
    `function nudge() {\n  if (quiet) raw.send({ type: 'response.create' });\n}\n`,
    `function nudge() {\n  if (quiet) void session.respond('nudge');\n}\n`,
    'nudge',
  ),
  inScope(
    'a purpose that is declared already',
    `const greeting = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    `const greeting = () => {\n  void session.respond('greeting');\n};\n`,
  ),
  inScope(
    'two of one function, one purpose',
    `const retry = () => {\n  raw.send({ type: 'response.create' });\n  raw.send({ type: 'response.create' });\n};\n`,
    `const retry = () => {\n  void session.respond('retry');\n  void session.respond('retry');\n};\n`,
    'retry',
  ),
  inScope(
    'a cancel right before it, as an interruption',
    `function cutIn() {
  raw.send({ type: 'response.cancel' });
  raw.send({ type: 'response.create', response: { instructions: 'Stop.' } });
}
`,
    `function cutIn() {
  void session.respond('cut-in', { interrupt: true, response: { instructions: 'Stop.' } });
}
`,
    'cut-in',
  ),
  inScope(
    'a cancel right before a bare create',
    `function cutIn() {\n  raw.send({ type: 'response.cancel' });\n  raw.send({ type: 'response.create' });\n}\n`,
    `function cutIn() {\n  void session.respond('cut-in', { interrupt: true });\n}\n`,
    'cut-in',
  ),
  inScope(
    'a listener, by its event',
    `raw.on('error', () => {\n  raw.send({ type: 'response.create' });\n});\n`,
    `raw.on('error', () => {\n  void session.respond('on-error');\n});\n`,
    'on-error',
  ),
  {
    title: 'a plan without purposes: any goes',
    before: `import { openSession } from 'gated-realtime/ws';\nconst s = await openSession({ transport: raw });\nconst hi = () => raw.send({ type: 'response.create' });\n`,
    after: `import { openSession } from 'gated-realtime/ws';\nconst s = await openSession({ transport: raw });\nconst hi = () => void s.respond('hi');\n`,
  },
  {
    title: 'a session by connect() and configure(), its plan by plan()',
    before: `import { connect, plan } from 'gated-realtime';
const sales = plan({ purposes: [] });
const connection = await connect({ transport: raw });
const session = await connection.configure(sales);
const hi = () => {
  raw.send({ type: 'response.create' });
};
`,
    after: `import { connect, plan } from 'gated-realtime';
const sales = plan({ purposes: ['hi'] });
const connection = await connect({ transport: raw });
const session = await connection.configure(sales);
const hi = () => {
  void session.respond('hi');
};
`,
  },
  {
    title: 'a field that SessionOf types, its plan made by a function, its purposes a list of their own',
    before: `import { plan, type SessionOf } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
const purposes = [
  'greeting',
  'farewell',
] as const;
const receptionist = (parts: Parts) => plan({ purposes });
type Receptionist = SessionOf<typeof receptionist>;
class Agent {
  readonly #session: Receptionist;
  readonly #raw: OpenAIRealtimeWS;
  constructor(session: Receptionist) {
    this.#session = session;
  }
  checkSilence() {
    setTimeout(() => {
      this.#raw.send({ type: 'response.create' });
    }, 10);
  }
}
`,
    after: `import { plan, type SessionOf } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
const purposes = [
  'greeting',
  'farewell',
  'check-silence',
] as const;
const receptionist = (parts: Parts) => plan({ purposes });
type Receptionist = SessionOf<typeof receptionist>;
class Agent {
  readonly #session: Receptionist;
  readonly #raw: OpenAIRealtimeWS;
  constructor(session: Receptionist) {
    this.#session = session;
  }
  checkSilence() {
    setTimeout(() => {
      void this.#session.respond('check-silence');
    }, 10);
  }
}
`,
  },
  {
    title: 'a session whose plan is elsewhere, with a mark to declare the purpose, once',
    before: `import type { ConfirmedSession } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
function nudge(session: ConfirmedSession<string>, raw: OpenAIRealtimeWS) {
  raw.send({ type: 'response.create' });
  raw.send({ type: 'response.create' });
}
`,
    after: `import type { ConfirmedSession } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
function nudge(session: ConfirmedSession<string>, raw: OpenAIRealtimeWS) {
  // gated-realtime: declare 'nudge' in the purposes of the session's plan.
  void session.respond('nudge');
  void session.respond('nudge');
}
`,
  },
  {
    title: 'a parameter of the constructor that is a field',
    before: `import type { SessionOf } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
class Agent {
  constructor(
    private readonly session: SessionOf<unknown>,
    private readonly raw: OpenAIRealtimeWS,
  ) {}
  nudge() {
    this.raw.send({ type: 'response.create' });
  }
}
`,
    after: `import type { SessionOf } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
class Agent {
  constructor(
    private readonly session: SessionOf<unknown>,
    private readonly raw: OpenAIRealtimeWS,
  ) {}
  nudge() {
    // gated-realtime: declare 'nudge' in the purposes of the session's plan.
    void this.session.respond('nudge');
  }
}
`,
  },
];

const toolFile = (body: string, more = ''): string => `import { tool } from 'gated-realtime';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
declare const raw: OpenAIRealtimeWS;
export const save = tool({
  name: 'save',${more}
  run: async (lead) => {
${body}
  },
});
`;
const answering = (tools: string, body: string): string => `import { openSession, tool } from 'gated-realtime';
const save = tool({ name: 'save', parameters });
const session = await openSession({ transport: raw, tools: [${tools}] });
session.on('call', ({ callId }) => {
${body}
});
`;
const output = `  session.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: callId, output } });`;

export const removals: readonly Pair[] = [
  {
    title: 'the last word of a tool',
    before: toolFile(
      `    await office.save(lead);\n    raw.send({ type: 'response.create' });\n    return { saved: true };`,
    ),
    after: toolFile(`    await office.save(lead);\n    return { saved: true };`),
  },
  {
    title: 'the last word of a branch of a tool, its comment kept',
    before: toolFile(
      `    try {\n      await office.save(lead);\n      raw.send({ type: 'response.create' }); // go on\n    } catch {\n      raw.send({ type: 'response.create' });\n    }\n    return 'saved';`,
    ),
    after: toolFile(
      `    try {\n      await office.save(lead);\n      // go on\n    } catch {\n    }\n    return 'saved';`,
    ),
  },
  {
    title: 'after an output that the session itself was given',
    before: answering('save', `${output}\n  raw.send({ type: 'response.create' });`),
    after: answering('save', output),
  },
  {
    title: 'after answer(), by way of a function of the file',
    before:
      answering('save', `  give(callId);\n  raw.send({ type: 'response.create' });`) +
      `const give = (id) => session.answer(id, 1);\n`,
    after: answering('save', `  give(callId);`) + `const give = (id) => session.answer(id, 1);\n`,
  },
];

/** Programs that get a mark, each with words that the mark contains. */
export const marked: readonly (readonly [title: string, before: string, words: string])[] = [
  [
    'an event that goes to a store',
    `${opened}const nudge = () => {\n  store.dispatch({ type: 'response.create' });\n};\n`,
    'is not known',
  ],
  [
    'an event that goes to another window',
    `${opened}const nudge = () => {\n  channel.postMessage({ type: 'response.create' });\n};\n`,
    'is not known',
  ],
  [
    'a line that a call returns',
    `${opened}const nudge = (id) => {\n  calls.get(id).socket.send({ type: 'response.create' });\n};\n`,
    '`calls.get(id).socket` may be another line',
  ],
  [
    'one of several lines',
    `${opened}const nudge = () => {\n  for (const each of lines) each.send({ type: 'response.create' });\n};\n`,
    '`each` may be another line',
  ],
  [
    'a helper that sends nothing',
    `${opened}const kept = [];\nconst sendLater = (event) => kept.push(event);\nconst nudge = () => {\n  sendLater({ type: 'response.create' });\n};\n`,
    '`sendLater` may be another line',
  ],
  ['no session in reach', `function nudge() {\n  raw.send({ type: 'response.create' });\n}\n`, `Pass the session`],
  [
    'two sessions in reach',
    `${opened}const other = await openSession({ transport: raw });\nconst nudge = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    `with the session that is meant: session or other`,
  ],
  [
    'a session that is opened later',
    `import { openSession } from 'gated-realtime';\nfunction hi() {\n  raw.send({ type: 'response.create' });\n}\nhi();\nconst session = await openSession({});\n`,
    'Pass the session',
  ],
  [
    'a function that may be called before there is a session',
    `import { openSession } from 'gated-realtime';\nhi();\nconst session = await openSession({});\nfunction hi() {\n  raw.send({ type: 'response.create' });\n}\n`,
    'Pass the session',
  ],
  [
    'a callback that stands before there is a session',
    `import { openSession } from 'gated-realtime';\nconst hi = () => {\n  raw.send({ type: 'response.create' });\n};\nconst session = await openSession({});\n`,
    'Pass the session',
  ],
  [
    'a callback of the plan of the session itself',
    `import { openSession } from 'gated-realtime';\nconst session = await openSession({\n  accept() {\n    raw.send({ type: 'response.create' });\n  },\n});\n`,
    'Pass the session',
  ],
  ...[
    'session?: ConfirmedSession<string>',
    'session!: ConfirmedSession<string>',
    'session: ConfirmedSession<string> | null',
  ].map(
    (field) =>
      [
        `a field that may be none: ${field}`,
        `import type { ConfirmedSession } from 'gated-realtime';\nclass A {\n  ${field};\n  go() {\n    raw.send({ type: 'response.create' });\n  }\n}\n`,
        'Pass the session',
      ] as const,
  ),
  [
    'a variable that is sometimes something else',
    `import { openSession } from 'gated-realtime';\nlet session = await openSession({});\nsession = null;\nconst hi = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    'Pass the session',
  ],
  [
    'a session that may be none',
    `import type { ConfirmedSession } from 'gated-realtime';\nfunction hi(session?: ConfirmedSession<string>) {\n  raw.send({ type: 'response.create' });\n}\n`,
    'Pass the session',
  ],
  [
    'a session of somebody else',
    `import { openSession } from './mine.js';\nconst session = await openSession({});\nconst hi = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    'Pass the session',
  ],
  [
    'the constructor, before its field is set',
    `import type { ConfirmedSession } from 'gated-realtime';\nclass A {\n  readonly session: ConfirmedSession<string>;\n  constructor(raw) {\n    raw.send({ type: 'response.create' });\n  }\n}\n`,
    'Pass the session',
  ],
  [
    'a callback with a this of its own',
    `import type { ConfirmedSession } from 'gated-realtime';\nclass A {\n  readonly session: ConfirmedSession<string>;\n  go() {\n    x(function () {\n      raw.send({ type: 'response.create' });\n    });\n  }\n}\n`,
    'Pass the session',
  ],
  [
    'after a hang-up',
    `${opened}async function leave() {\n  await hangUp();\n  raw.send({ type: 'response.create' });\n}\n`,
    'session.hangup({ farewell:',
  ],
  [
    'a value that is used',
    `${opened}const nudge = () => {\n  const sent = raw.send({ type: 'response.create' });\n};\n`,
    'its value is used',
  ],
  [
    'an event that is built before',
    `${opened}const nudge = () => {\n  const event = { type: 'response.create' };\n  raw.send(event);\n};\n`,
    'the event is not written out in the call',
  ],
  [
    'an event with an id',
    `${opened}const nudge = () => {\n  raw.send({ type: 'response.create', event_id: 'mine' });\n};\n`,
    'more than its type and response',
  ],
  [
    'an event that is put aside',
    `${opened}const nudge = () => {\n  later.push({ type: 'response.create' });\n};\n`,
    'what `push` does with it is not known',
  ],
  [
    'a comment in the middle',
    `${opened}const nudge = () => {\n  raw.send(/* now */ { type: 'response.create' });\n};\n`,
    'a comment stands in the middle',
  ],
  [
    'a cancel of one response',
    `${opened}const nudge = () => {\n  raw.send({ type: 'response.cancel', response_id: id });\n  raw.send({ type: 'response.create' });\n};\n`,
    '{ interrupt: true }',
  ],
  [
    'a cancel that may not be',
    `${opened}const nudge = () => {\n  if (speaking) raw.send({ type: 'response.cancel' });\n  raw.send({ type: 'response.create' });\n};\n`,
    '{ interrupt: true }',
  ],
  [
    'a cancel on another line',
    `${opened}const nudge = () => {\n  other.send({ type: 'response.cancel' });\n  raw.send({ type: 'response.create' });\n};\n`,
    '{ interrupt: true }',
  ],
  [
    'an output where others may answer calls',
    answering(`save], unknownTools: 'leave', purposes: [`, `${output}\n  raw.send({ type: 'response.create' });`),
    'session.answer(callId, result)',
  ],
  [
    'an output that has a name, on a raw line',
    `${opened}const done = () => {\n  const item = { type: 'function_call_output' };\n  raw.send({ item });\n  raw.send({ type: 'response.create' });\n};\n`,
    'session.answer(callId, result)',
  ],
  [
    'a follow-up after a response.cancel',
    toolFile(
      `    raw.send({ type: 'response.cancel' });\n    raw.send({ type: 'response.create' });\n    return 'saved';`,
    ),
    'Delete it and the response.cancel',
  ],
  [
    'a callback in a tool',
    toolFile(`    setTimeout(() => raw.send({ type: 'response.create' }), 10);\n    return 'saved';`),
    'call.respond(',
  ],
  [
    'a remark while a tool works',
    toolFile(`    raw.send({ type: 'response.create' });\n    return office.save(lead);`),
    'call.respond(',
  ],
  [
    'a tool that says how to speak',
    toolFile(`    raw.send({ type: 'response.create', response: { instructions } });\n    return 'saved';`),
    '`reply: { … }`',
  ],
  [
    'a silent tool',
    toolFile(`    raw.send({ type: 'response.create' });\n    return 'saved';`, `\n  reply: 'silent',`),
    'let the `reply` of the tool',
  ],
  [
    'an output that went around the session',
    `${opened}const done = () => {\n  raw.send({ type: 'conversation.item.create', item: { type: 'function_call_output' } });\n  raw.send({ type: 'response.create' });\n};\n`,
    'session.answer(callId, result)',
  ],
  [
    'an output to tools that are not known here',
    answering('save, ...more', `${output}\n  raw.send({ type: 'response.create' });`),
    'session.answer(callId, result)',
  ],
  [
    'a raw client',
    `import { OpenAIRealtimeWS } from 'openai/realtime/ws';\nconst rt = new OpenAIRealtimeWS({ model });\n`,
    'Open the session with openSession()',
  ],
  ['a verdict that nobody reads', `${opened}session.respond('greeting');\n`, 'nobody reads this verdict'],
  [
    'a line of one’s own',
    `import { openSession } from 'gated-realtime';\nconst s = await openSession({ transport: { open: () => line } });\n`,
    'Give the session its transport as it is',
  ],
];
