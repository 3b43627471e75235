/** A create is rewritten only if it is provably sent on the session's connection. */
import { describe, expect, it } from 'vitest';
import { migrated } from './run.js';

const create = `send(JSON.stringify({ type: 'response.create' }))`;
const raw = `import { OpenAIRealtimeWS } from 'openai/realtime/ws';\n`;
const typed = `import type { OpenAIRealtimeWS } from 'openai/realtime/ws';\n`;
const opening = `import { connect, openSession, type ConfirmedSession } from 'gated-realtime';\n`;
const session = `const session = await openSession({ transport: over(ws) });\n`;

/** What the migration does about the first create of a program. */
function deed(program: string): { readonly does: string | undefined; readonly after: string } {
  const { steps, after } = migrated(program);
  return { does: steps.find(({ what }) => !/^new |openai/.test(what))?.does, after };
}

const proved: Readonly<Record<string, string>> = {
  'the session itself': `${opening}${session}const hi = () => session.send({ type: 'response.create' });\n`,
  'what the session was opened over': `${opening}${session}const hi = () => ws.${create};\n`,
  'the transport of the session': `${opening}const line = over(ws);\nconst session = await openSession({ transport: line });\nconst hi = () => line.${create};\n`,
  'what the session was opened over, in a plan of its own': `${opening}const plan = { transport: new Line({ socket: ws }) };\nconst session = await openSession({ ...plan });\nconst hi = () => ws.${create};\n`,
  'what its connection was opened over': `${opening}const connection = await connect({ transport: over(ws) });\nconst session = await connection.configure({});\nconst hi = () => ws.${create};\n`,
  'a parameter that the session was opened over': `${opening}async function start(ws) {\n  ${session}  setTimeout(() => ws.${create});\n}\n`,
  'the same member': `${opening}async function start(call) {\n  const session = await openSession({ transport: over(call.socket) });\n  call.socket.${create};\n}\n`,
  'another name of it': `${opening}${session}const other = ws;\nconst hi = () => other?.${create};\n`,
  'its send, taken out': `${opening}${session}const { send } = ws;\nconst hi = () => ${create};\n`,
  'its send, bound': `${opening}${session}const send = ws.send.bind(ws);\nconst hi = () => ${create};\n`,
  'the only raw client of the file': `${opening}${raw}const rt = new OpenAIRealtimeWS({ model });\nconst session = await openSession({ transport });\nconst hi = () => rt.${create};\n`,
  'the socket of the only raw client': `${opening}${raw}const rt = new OpenAIRealtimeWS({ model });\nconst session = await openSession({ transport });\nconst hi = () => rt.socket.${create};\n`,
  'the only raw socket of the file': `${opening}const ai = new WebSocket('wss://api.openai.com/v1/realtime?model=x');\nconst session = await openSession({ transport });\nconst hi = () => ai.${create};\n`,
  'a member that was assigned it': `${opening}${raw}const call = {};\ncall.socket = new OpenAIRealtimeWS({ model });\nconst session = await openSession({ transport });\nconst hi = () => call.socket.${create};\n`,
  'a member of an object that was made with it': `${opening}${session}const call = { id, ws };\nconst hi = () => call.ws.${create};\n`,
  'a field that was assigned it': `${opening}${raw}class Agent {\n  readonly session: ConfirmedSession<string>;\n  ws = null;\n  open() {\n    this.ws = new OpenAIRealtimeWS({ model });\n  }\n  hi() {\n    this.ws?.${create};\n  }\n}\n`,
  'a field of a raw client’s type': `${opening}${typed}class Agent {\n  readonly session: ConfirmedSession<string>;\n  readonly ws: OpenAIRealtimeWS | null;\n  hi() {\n    this.ws?.${create};\n  }\n}\n`,
  'a field that the constructor is given, as every caller does': `${opening}class Agent {\n  readonly session: ConfirmedSession<string>;\n  #ws;\n  constructor(ws) {\n    this.#ws = ws;\n  }\n  hi() {\n    this.#ws.${create};\n  }\n}\n${session}new Agent(ws);\n`,
  'a parameter of a raw client’s type': `${opening}${typed}export function hi(session: ConfirmedSession<string>, ws: OpenAIRealtimeWS) {\n  ws.${create};\n}\n`,
  'a parameter that every caller gives it': `${opening}${session}function hi(line) {\n  line.${create};\n}\nsetTimeout(() => hi(ws));\nexport const again = () => hi(ws);\n`,
  'a helper that sends on it': `${opening}${session}const sendEvent = (event) => ws.send(JSON.stringify(event));\nconst hi = () => sendEvent({ type: 'response.create' });\n`,
  'a method that sends on it': `${opening}class Agent {\n  readonly session: ConfirmedSession<string>;\n  constructor(ws) {\n    this.ws = ws;\n  }\n  #send(event) {\n    if (this.ws.readyState === 1) this.ws.send(JSON.stringify(event));\n  }\n  hi() {\n    this.#send({ type: 'response.create' });\n  }\n}\n${session}new Agent(ws);\n`,
  'the one of two sessions that was opened over it': `${opening}${session}const other = await openSession({ transport: over(theirs) });\nconst hi = () => ws.${create};\n`,
};

const unproved: Readonly<Record<string, readonly [program: string, line: string]>> = {
  'the socket of a browser': [
    `${opening}${session}browser.on('message', () => {\n  browser.${create};\n});\n`,
    'browser',
  ],
  'a parameter of a callback': [
    `${opening}${session}server.on('connection', (socket) => {\n  socket.${create};\n});\n`,
    'socket',
  ],
  'a parameter beside the session': [
    `${opening}export function hi(session: ConfirmedSession<string>, line) {\n  line.${create};\n}\n`,
    'line',
  ],
  'a parameter of a type that any socket has': [
    `${opening}export function hi(session: ConfirmedSession<string>, line: WebSocket) {\n  line.${create};\n}\n`,
    'line',
  ],
  'a parameter that one caller gives another': [
    `${opening}${session}function hi(line) {\n  line.${create};\n}\nsetTimeout(() => hi(ws));\nsetTimeout(() => hi(browser));\n`,
    'line',
  ],
  'a parameter of a function that is handed on': [
    `${opening}${session}function hi(line) {\n  line.${create};\n}\nsetTimeout(() => hi(ws));\nserver.on('connection', hi);\n`,
    'line',
  ],
  'a name that is sometimes another': [
    `${opening}${session}let line = ws;\nline = browser;\nconst hi = () => line.${create};\n`,
    'line',
  ],
  'one of two raw clients': [
    `${opening}${raw}const one = new OpenAIRealtimeWS({ model });\nconst two = new OpenAIRealtimeWS({ model });\nconst session = await openSession({ transport });\nconst hi = () => one.${create};\n`,
    'one',
  ],
  'one of two parameters of a raw client’s type': [
    `${opening}${typed}export function hi(session: ConfirmedSession<string>, one: OpenAIRealtimeWS, two: OpenAIRealtimeWS) {\n  two.${create};\n}\n`,
    'two',
  ],
  'a raw client where the session was opened over another': [
    `${opening}${typed}async function start(ws: OpenAIRealtimeWS) {\n  ${session}  const hi = (rt: OpenAIRealtimeWS) => rt.${create};\n}\n`,
    'rt',
  ],
  'a helper that sends on another line': [
    `${opening}${session}const sendEvent = (event) => browser.send(JSON.stringify(event));\nconst hi = () => sendEvent({ type: 'response.create' });\n`,
    'browser',
  ],
  'a helper that sends on both': [
    `${opening}${session}const sendAll = (event) => {\n  ws.send(JSON.stringify(event));\n  browser.send(JSON.stringify(event));\n};\nconst hi = () => sendAll({ type: 'response.create' });\n`,
    'browser',
  ],
  'a transport that is made of two sockets': [
    `${opening}const session = await openSession({ transport: relay(browser, ws) });\nconst hi = () => browser.${create};\n`,
    'browser',
  ],
  'a helper of any name that sends on another line': [
    `${opening}${session}const toBrowser = (event) => browser.send(JSON.stringify(event));\nconst hi = () => toBrowser({ type: 'response.create' });\n`,
    'browser',
  ],
  'a raw client that a function makes for itself, beside a session of the module': [
    `${opening}${raw}const session = await openSession({ transport });\nfunction hi() {\n  const rt = new OpenAIRealtimeWS({ model });\n  rt.${create};\n}\n`,
    'rt',
  ],
  'an imported send': [
    `import { sendEvent } from './line.js';\n${opening}${session}const hi = () => sendEvent({ type: 'response.create' });\n`,
    'sendEvent',
  ],
};

describe('a create is rewritten where it is sent on', () => {
  it.each(Object.entries(proved))('%s', (_, program) => {
    const { does, after } = deed(program);
    expect(after).toContain('session.respond(');
    expect(does).toBe('rewritten');
  });
});

describe('a create is marked where it is sent on', () => {
  it.each(Object.entries(unproved))('%s', (_, [program, line]) => {
    const { does, after } = deed(program);
    expect(does).toBe('marked');
    expect(after.replace(/\s+(\/\/ +)?/g, ' ')).toContain(`\`${line}\` may be another line: `);
    expect(after).toContain(`'response.create'`);
  });
});

describe('the last word of a tool', () => {
  it('stays where it may be for somebody else', () => {
    const { after } = migrated(
      `import { tool } from 'gated-realtime';\nconst save = tool({\n  run: async () => {\n    browser.${create};\n    return 'saved';\n  },\n});\n`,
    );
    expect(after).toContain(`browser.${create}`);
    expect(after).toContain('`browser` may be another line: ');
  });
});
