import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import {
  detect,
  gatesAt,
  mayHoldAny,
  moduleOf,
  type Node,
  purposeAt,
  rawRealtimeClients,
  spanOf,
} from '../../src/detector/index.js';
import { find, markedIn, read } from './parse.js';

const CREATE = "{ type: 'response.create' }";

describe('a finding', () => {
  it('says what is called, how, in which function, and where', () => {
    const code = `class Agent { greet() { this.ws.send(JSON.stringify(${CREATE})); } }`;
    const [finding, ...more] = find(code);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'no-raw-response-create',
      kind: 'text',
      what: 'ws.send',
      inside: 'Agent.greet',
      dangers: ['elsewhere'],
    });
    expect(code.slice(...spanOf(finding!.node))).toBe(`this.ws.send(JSON.stringify(${CREATE}))`);
  });

  it('comes in the order of the text, whatever rule it is of', () => {
    const code = `// realtime\nws.send = f;\nrt.send(${CREATE});\nnew OpenAIRealtimeWS();`;
    expect(find(code).map(({ rule }) => rule)).toEqual([
      'no-patched-transport',
      'no-raw-response-create',
      'no-raw-realtime-client',
    ]);
  });

  it('is one for one event, however many names it has', () => {
    const code = `const type = 'response.create'; const event = { type }; const text = JSON.stringify(event); ws.send(text);`;
    expect(find(code)).toHaveLength(1);
  });

  it('is one for each place that sends the same event', () => {
    expect(find(`const e = ${CREATE}; a.send(e); b.send(e);`)).toHaveLength(2);
  });

  it('is the same for the tree of another parser', () => {
    const code = `const f = (type) => ({ type }); for (const t of ['response.create']) rt.send(f(t));`;
    const linter = new Linter();
    expect(linter.verify(code, [{ languageOptions: { ecmaVersion: 'latest' } }])).toEqual([]);
    const { ast } = linter.getSourceCode();
    const kinds = (program: Node): unknown => detect(program, code).map(({ kind, what }) => [kind, what]);
    expect(kinds(ast as unknown as Node)).toEqual(find(code).map(({ kind, what }) => [kind, what]));
  });

  it.each([
    ['a statement before it', `async function f() { await hangUp(); rt.send(${CREATE}); }`, 'after hang-up'],
    ['the name of its function', `function handleToolCall() { rt.send(${CREATE}); }`, 'tool handler'],
    ['a catch clause', `try { f(); } catch { rt.send(${CREATE}); }`, 'error handler'],
    ['a listener', `rt.on('error', () => rt.send(${CREATE}));`, 'error handler'],
    ['a handler', `ws.onopen = () => rt.send(${CREATE});`, 'before confirmation'],
    ['a timer', `setInterval(() => rt.send(${CREATE}), 9);`, 'timer'],
    ['a case', `switch (e.type) { case 'input_audio_buffer.committed': rt.send(${CREATE}); }`, 'user turn'],
    ['a comparison', `if (e.type === 'response.function_call_arguments.done') rt.send(${CREATE});`, 'tool handler'],
    ['nothing', `rt.send(${CREATE});`, 'elsewhere'],
  ])('knows its danger by %s', (_, code, danger) => {
    expect(find(code)[0]!.dangers[0]).toBe(danger);
  });
});

describe('a text', () => {
  it.each([
    ['an event', `send(${CREATE})`],
    ['an event in pieces', "send({ type: 'response.' + verbs.CREATE })"],
    ['a client', "import { RTClient } from 'rt-client';"],
    ['a method of a client', 'client.send_user_message_content(items)'],
    ['another event of the same API', "rt.send({ type: 'session.update' }); rt.requestResponse();"],
    ['a session of ours', "import { openSession } from 'gated-realtime/ws';"],
  ])('may hold something with %s', (_, code) => expect(mayHoldAny(code)).toBe(true));

  it.each([
    ['replies to requests', 'const response = await fetch(url); respond(response);'],
    ['things that are created', 'document.createElement(name);'],
  ])('holds nothing with %s alone', (_, code) => expect(mayHoldAny(code)).toBe(false));
});

describe('the purpose of a place', () => {
  it.each([
    ['what is left of the name', 'function sendGreeting() { at(1); }', 'greeting'],
    ['two words of it', 'const askStockOffer = () => at(1);', 'stock-offer'],
    ['the name of a method', 'class Agent { nudgeCaller() { at(1); } }', 'nudge'],
    ['a declared one', "plan({ purposes: ['stock-offer'] }); function offerStocks() { at(1); }", 'stock-offer'],
    ['a declared one in another form', "plan({ purposes: ['greeting'] }); function greet() { at(1); }", 'greeting'],
    ['none in a listener', "rt.on('session.created', () => at(1));", null],
    ['none in the module', 'at(1);', null],
    ['none in a name of verbs', 'function sendResponse() { at(1); }', null],
    ['none in a name of many words', 'function sendWhatTheCustomerWantedToHearYesterday() { at(1); }', null],
  ])('is %s', (_, code, purpose) => {
    const file = read(code);
    expect(purposeAt(file, markedIn(file))).toBe(purpose);
  });
});

describe('the gates of a place', () => {
  const opened = 'const session = await openSession(plan);';
  it.each<[string, string, readonly string[]]>([
    ['a session', `${opened} at(1);`, ['session.respond']],
    ['a session of an outer scope', `${opened} function f() { at(1); }`, ['session.respond']],
    ['a parameter', 'function f(call: ConfirmedSession<P>) { at(1); }', ['call.respond']],
    ['a capability', 'function f(ask: Respond<P>) { at(1); }', ['ask']],
    ['a capability that is taken out', `${opened} const { respond } = session; at(1);`, ['session.respond', 'respond']],
    ['none with a purpose of its own', 'function f(ask: RespondAs) { at(1); }', []],
    ["none of a tool's call", 'tool({ run: (args, call) => { at(1); } });', []],
    ['none in another function', `function g() { ${opened} } function f() { at(1); }`, []],
    ['none that is shadowed', `${opened} function f(session) { at(1); }`, []],
  ])('are %s', (_, code, gates) => {
    const file = read(code);
    expect(gatesAt(file, markedIn(file))).toEqual(gates);
  });
});

describe('the module of a finding', () => {
  it.each<[string, string, readonly (string | null)[]]>([
    ['an import', "import { RTClient } from 'rt-client';", ['rt-client']],
    ['a construction', "import { RTClient } from 'rt-client'; new RTClient();", ['rt-client', 'rt-client']],
    ['a namespace', "import * as rt from 'rt-client'; new rt.RTClient();", ['rt-client', 'rt-client']],
    ['a name that is required', "const { RTClient: C } = require('rt-client'); new C();", ['rt-client', 'rt-client']],
    [
      'a name that is awaited',
      "const { RTClient } = await import('rt-client'); new RTClient();",
      ['rt-client', 'rt-client'],
    ],
    ['a socket', "import WS from 'ws'; new WS('wss://api.openai.com/v1/realtime');", ['ws']],
    ['a global class', 'new RTClient();', [null]],
  ])('is that of %s', (_, code, modules) => {
    const file = read(code);
    expect(rawRealtimeClients(file).map(({ node }) => moduleOf(file, node))).toEqual(modules);
  });
});
