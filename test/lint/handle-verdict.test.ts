import { type Reported, suite, titled } from './tester.js';

const opened = "import { openSession } from 'gated-realtime/ws';\nconst session = await openSession(plan);\n";
const of = (statements: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(statements).map(([name, code]) => [name, opened + code]));
/** Every one has the suggestion of `void`, which other cases spell out. */
const dropped = (cases: Readonly<Record<string, string>>): Reported[] =>
  titled(cases).map((each) => ({ ...each, errors: 1 }));

const reports = dropped({
  ...of({
    'a statement': "session.respond('greeting');",
    'a statement with options': "session.respond('greeting', { whenBlocked: 'hold-this-turn' });",
    'an awaited statement': "await session.respond('greeting');",
    'a branch': "if (quiet) session.respond('nudge');",
    'a short circuit': "quiet && session.respond('nudge');",
    'a ternary': "quiet ? session.respond('nudge') : session.close();",
    'a sequence': "count += 1, session.respond('nudge');",
    'an optional call': "session?.respond('nudge');",
    'an index': "session['respond']('nudge');",
    'a listener': "session.on('call', () => { session.respond('nudge'); });",
    'what a listener returns': "session.on('call', () => session.respond('nudge'));",
    'what a timer returns': "setTimeout(() => session.respond('nudge'), 500);",
    'respond, taken out': "const { respond } = session; respond('greeting');",
    'respond, taken out under another name': "const { respond: ask } = session; ask('greeting');",
    'respond, kept': "const ask = session.respond; ask('greeting');",
    'the session under another name in a scope':
      "{ const session = await openSession(plan); session.respond('nudge'); }",
  }),
  'a session of configure()':
    "import { connect } from 'gated-realtime'; const session = await (await connect(o)).configure(plan); session.respond('x');",
  'a simulated session':
    "import { simulate } from 'gated-realtime/simulator'; const { session } = await simulate(plan); session.respond('x');",
  'an updated session':
    "import { openSession } from 'gated-realtime/ws'; const a = await openSession(p); const b = await a.update(q); b.respond('x');",
  'a parameter by its type':
    "import type { ConfirmedSession } from 'gated-realtime'; function f(call: ConfirmedSession<'x'>) { call.respond('x'); }",
  'a parameter by a type that may be null':
    "import type { SessionOf } from 'gated-realtime'; function f(call: SessionOf<P> | null) { call?.respond('x'); }",
  'a capability by its type':
    "import type { Respond } from 'gated-realtime'; const greet = (respond: Respond<'x'>) => { respond('x'); };",
  'a field of a class':
    "import type { ConfirmedSession } from 'gated-realtime'; class A { call: ConfirmedSession<'x'>; f() { this.call.respond('x'); } }",
  'a field called session':
    "import { openSession } from 'gated-realtime/ws'; class A { f() { this.session.respond('x'); } }",
  "a tool's call": "import { tool } from 'gated-realtime'; tool({ name, run: (args, call) => { call.respond(); } });",
  "a tool's respond":
    "import { tool } from 'gated-realtime'; tool({ name, run: async (args, { respond }) => { await respond(); return 1; } });",
});

const suggested: Reported[] = [
  {
    name: 'void, for a statement',
    code: `${opened}session.respond('nudge');`,
    errors: [
      {
        message:
          "Nobody reads the verdict of `session.respond('nudge')`: if it is refused, nothing is said, and nothing here knows. Read its `kind`, await its `done`, or write `void session.respond('nudge')` where a refusal does not matter.",
        line: 3,
        column: 1,
        suggestions: [{ messageId: 'sayVoid', output: `${opened}void session.respond('nudge');` }],
      },
    ],
  },
  {
    name: 'void or done, for an awaited statement',
    code: `${opened}await session.respond('nudge');`,
    errors: [
      {
        messageId: 'dropped',
        suggestions: [
          { messageId: 'sayVoid', output: `${opened}void session.respond('nudge');` },
          { messageId: 'awaitDone', output: `${opened}await session.respond('nudge').done;` },
        ],
      },
    ],
  },
  {
    name: 'void, for what a listener returns',
    code: `${opened}button.on('press', () => session.respond('nudge'));`,
    errors: [
      {
        messageId: 'dropped',
        suggestions: [
          { messageId: 'sayVoid', output: `${opened}button.on('press', () => void session.respond('nudge'));` },
        ],
      },
    ],
  },
  {
    name: 'a long call, shortened',
    code: `${opened}session.respond('nudge', {\n  whenBlocked: 'refuse',\n});`,
    errors: [
      {
        messageId: 'dropped',
        data: { what: 'session.respond(…)' },
        suggestions: [
          {
            messageId: 'sayVoid',
            output: `${opened}void session.respond('nudge', {\n  whenBlocked: 'refuse',\n});`,
          },
        ],
      },
    ],
  },
  {
    name: 'a purpose that is not ignored',
    code: `${opened}session.respond('greeting');`,
    options: [{ ignore: ['nudge'] }],
  },
  {
    name: 'one of two purposes that is not ignored',
    code: `${opened}session.respond(late ? 'nudge' : 'greeting');`,
    options: [{ ignore: ['nudge'] }],
  },
];

const passes = titled({
  ...of({
    void: "void session.respond('nudge');",
    'a verdict in a variable': "const verdict = session.respond('greeting'); log(verdict.kind);",
    'its kind': "if (session.respond('greeting').kind === 'refuse') leave();",
    'its outcome': "await session.respond('greeting').done;",
    'its outcome in a variable': "const outcome = await session.respond('greeting').done;",
    'a value that is returned': "const greet = () => session.respond('greeting');",
    'a value that is returned from a block': "function greet() { return session.respond('greeting'); }",
    'a value that is passed on': "report(session.respond('greeting'));",
    'a value in a list': "const all = [session.respond('greeting')];",
    'a value that is matched': "match(session.respond('greeting')).with({ kind: 'refuse' }, leave).otherwise(stay);",
    'void from a listener': "session.on('call', () => void session.respond('nudge'));",
    'a callback whose value may be read': 'const verdicts = purposes.map((each) => session.respond(each));',
    'another method': 'session.close();',
    'a respond of another library': "msw.respond('x'); interaction.respond([{ name: 'a' }]);",
    'a shadowed session': "function f(session) { session.respond('x'); }",
    'a comment': "// session.respond('nudge');",
  }),
  'a file that does not use the package': "const session = await openSession(plan); session.respond('greeting');",
  'the respond of a service worker':
    "self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));",
  'a function called respond': "import 'gated-realtime'; function respond(x) { return x; } respond('x');",
});

const ignored = [
  { name: 'a purpose', code: `${opened}session.respond('nudge');`, options: [{ ignore: ['nudge'] }] as const },
  {
    name: 'a purpose in a constant',
    code: `${opened}const NUDGE = 'nudge'; session.respond(NUDGE);`,
    options: [{ ignore: ['nudge'] }] as const,
  },
  {
    name: 'two purposes',
    code: `${opened}session.respond(late ? 'nudge' : 'filler');`,
    options: [{ ignore: ['nudge', 'filler'] }] as const,
  },
];

suite('handle-verdict', [...passes, ...ignored], [...reports, ...suggested]);
