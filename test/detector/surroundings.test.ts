import { describe, expect, it } from 'vitest';
import { auditFiles } from '../audit/auditing.js';
import { find } from './parse.js';

const CREATE = "rt.send({ type: 'response.create' });";
const ASK = `function greet() { ${CREATE} }`;
const dangersOf = (code: string): readonly string[] => find(code)[0]?.dangers ?? [];

async function dangersInPython(...lines: readonly string[]): Promise<readonly string[]> {
  const { findings } = await auditFiles({ 'a.py': lines.join('\n') });
  return findings.find(({ rule }) => rule === 'no-raw-response-create')?.dangers ?? [];
}

describe('a function has the dangers of what runs it', () => {
  it.each([
    ['a listener', `ws.on('open', greet);`, 'before confirmation'],
    ['a listener by once', `ws.once('session.created', greet);`, 'before confirmation'],
    ['a listener of the DOM', `dc.addEventListener('open', greet);`, 'before confirmation'],
    ['a handler that is assigned', `ws.onopen = greet;`, 'before confirmation'],
    ['a listener for the end of the socket', `ws.on('close', greet);`, 'after hang-up'],
    ['a listener for the end of the call', `call.on('end', greet);`, 'after hang-up'],
    ['a handler for the end of the socket', `ws.onclose = greet;`, 'after hang-up'],
    ['a listener for errors', `rt.on('error', greet);`, 'error handler'],
    ['a rejection', `ready.catch(greet);`, 'error handler'],
    ['the second function of then', `ready.then(start, greet);`, 'error handler'],
    ['an option that is named for it', `dial({ onError: greet });`, 'error handler'],
    ['a method that is named for it', `call.onHangup(greet);`, 'after hang-up'],
    ['a timer', `setInterval(greet, 500);`, 'timer'],
    ['a bound timer', `setTimeout(greet.bind(null), 500);`, 'timer'],
    ['a wrapped listener', `rt.on('error', guarded(greet));`, 'error handler'],
    ['a call', `rt.on('error', () => greet());`, 'error handler'],
    ['a call in a catch clause', `try { f(); } catch { greet(); }`, 'error handler'],
    ['a call after a hang-up', `function f() { hangUp(); greet(); }`, 'after hang-up'],
    ['a call in a function that is named for it', `function retryCall() { greet(); }`, 'error handler'],
    ['a call of a call', `const b = () => greet(); const a = () => b(); setTimeout(a, 9);`, 'timer'],
    ['a call in a circle', `const b = () => { greet(); c(); }; const c = () => b(); setTimeout(c, 9);`, 'timer'],
    ['a case', `switch (e.type) { case 'error': greet(); }`, 'error handler'],
    ['one of two cases', `switch (e.type) { case 'error': case 'x': greet(); }`, 'error handler'],
    ['a table of events', `const on = { 'session.created': greet };`, 'before confirmation'],
  ])('%s', (_, code, danger) => {
    expect(dangersOf(`${ASK} ${code}`)).toEqual([danger]);
  });

  it('whichever of them', () => {
    const code = `${ASK} ws.on('open', greet); setInterval(greet, 9); ws.on('close', greet);`;
    expect(dangersOf(code)).toEqual(['after hang-up', 'before confirmation', 'timer']);
  });

  it('also as a method', () => {
    const method = `class Agent { start() { this.ws.on('open', this.greet); } greet() { ${CREATE} } }`;
    expect(dangersOf(method)).toEqual(['before confirmation']);
  });

  it('also as what a hook of React returns', () => {
    expect(dangersOf(`const greet = useCallback(() => { ${CREATE} }, []); ws.on('open', greet);`)).toEqual([
      'before confirmation',
    ]);
  });

  it('however long the chain is', () => {
    const chain = Array.from({ length: 3_000 }, (_, at) => `function f${at}() { f${at + 1}(); f${at + 2}(); }`);
    const code = `${chain.join('\n')} function f3000() { ${CREATE} } setInterval(f0, 9);`;
    expect(dangersOf(code)).toEqual(['timer']);
  });
});

describe('a function has no danger by', () => {
  it.each([
    ['a call elsewhere', `greet();`],
    ['the end of a file', `file.on('end', greet);`],
    ['a server that closes', `server.on('close', greet);`],
    ['the first function of then', `ready.then(greet);`],
    ['another function of the same name', `{ const greet = () => 1; setTimeout(greet, 9); }`],
    ['a message, though its listener is set while connecting', `function connect() { ws.on('message', greet); }`],
    ['an event, though it comes while connecting', `function onOpen() { if (e.type === 'session.updated') greet(); }`],
    ['a line that was closed and opened again', `async function f() { await disconnect(); await connect(); greet(); }`],
    ['a line that is opened again', `async function f() { await disconnect(); greet(); await connect(); }`],
    ['a socket that is opened again', `function f() { ws.close(); greet(); reconnect(); }`],
    ['a dialog that was closed', `function f() { dialog.close(); greet(); }`],
    ['a function in which it stands, when it is called elsewhere', `function connect() { f(); } greet();`],
  ])('%s', (_, code) => {
    expect(dangersOf(`${ASK} ${code}`)).toEqual(['elsewhere']);
  });
});

describe('a tool handler is known by', () => {
  it.each([
    ['a table of tools', `const tools = { save_lead_info: greet };`],
    ['a table of functions', `const FUNCTION_MAP = { save_lead_info: greet };`],
    ['a map of tools', `const toolHandlers = new Map([['save', greet]]);`],
    ['a field of tools', `class A { tools = { save: greet }; }`],
    ['an option', `connect({ tools: { save: greet } });`],
    ['an entry', `connect({ tools: { save: { run: greet } } });`],
    ['a list', `connect({ tools: [greet] });`],
    ['a later entry', `tools.save = greet;`],
    ['a table that is looked into by the name of a call', `const h = { save: greet }; h[call.name](args);`],
    ['a table that is looked into by the name of a tool', `const h = { save: greet }; const f = h[toolName];`],
    ['its definition', `const save = { description: 'Saves.', parameters, execute: greet };`],
    ['a call', `tool({ name: 'save' }, greet);`],
    ['the method of a client', `client.addTool({ name: 'save' }, greet);`],
    ['an option that is named for it', `dial({ onToolCall: greet });`],
    ['the name of what calls it', `function handleFunctionCall() { greet(); }`],
    ['the name of what calls it, in snake case', `function run_tool_call() { greet(); }`],
    ['an event', `rt.on('conversation.item.function_call', greet);`],
    ['the output before it', `function f() { rt.send({ item: { type: 'function_call_output' } }); greet(); }`],
    [
      'outputs before it',
      `function f() { for (const o of all) rt.send({ type: 'function_call_output', o }); greet(); }`,
    ],
  ])('%s', (_, code) => {
    expect(dangersOf(`${ASK} ${code}`)).toEqual(['tool handler']);
  });

  it.each([
    ['a toolbar', `function onToolbarClick() { greet(); }`],
    ['a tool bar', `function clickToolBar() { greet(); }`],
    ['a stool', `function moveStool() { greet(); }`],
    ['a schedule', `function scheduleGreeting() { greet(); }`],
    ['a lead that is saved', `function saveLead() { greet(); }`],
    ['a table of another kind', `const commands = { save: greet };`],
    ['an option beside tools', `connect({ tools: [], start: greet });`],
    ['an option of what has a tool in its name', `createToolAgent({ start: greet });`],
  ])('and not by %s', (_, code) => {
    expect(dangersOf(`${ASK} ${code}`)).toEqual(['elsewhere']);
  });
});

describe('a condition', () => {
  const handled = (condition: string, then = CREATE, otherwise = ''): readonly string[] =>
    dangersOf(`if (${condition}) { ${then} } ${otherwise === '' ? '' : `else { ${otherwise} }`}`);

  it.each([
    ["e.type === 'error'"],
    ["'error' == e.type"],
    ["ready && e.type === 'error'"],
    ["!(e.type !== 'error')"],
    ["['error', 'x'].includes(e.type)"],
    ["new Set(['error']).has(e.type)"],
  ])('that is about an event: %s', (condition) => {
    expect(handled(condition)).toEqual(['error handler']);
    expect(handled(condition, '', CREATE)).toEqual(['elsewhere']);
  });

  it.each([["e.type !== 'error'"], ["e.type != 'error' && e.type !== 'x'"], ["!(e.type === 'error')"]])(
    'that is about all other events: %s',
    (condition) => {
      expect(handled(condition)).toEqual(['elsewhere']);
      expect(handled(condition, '', CREATE)).toEqual(['error handler']);
    },
  );

  it.each([
    ['returns', 'return;'],
    ['throws', '{ log(); throw e; }'],
  ])('that %s early leaves what comes after it to the event', (_, leave) => {
    expect(dangersOf(`function f(e) { if (e.type !== 'error') ${leave} ${CREATE} }`)).toEqual(['error handler']);
    expect(dangersOf(`function f(e) { if (e.type === 'error') ${leave} ${CREATE} }`)).toEqual(['elsewhere']);
  });

  it('leaves what comes after it to all events where it goes on', () => {
    expect(dangersOf(`function f(e) { if (e.type !== 'error') log(); ${CREATE} }`)).toEqual(['elsewhere']);
  });

  it.each([
    ["e.type === 'error' && rt.send({ type: 'response.create' });"],
    ["e.type !== 'error' || rt.send({ type: 'response.create' });"],
    ["e.type === 'error' ? rt.send({ type: 'response.create' }) : f();"],
  ])('that is an expression: %s', (code) => {
    expect(dangersOf(code)).toEqual(['error handler']);
  });

  it.each([["channel.readyState === 'open'"], ["session.state.connection === 'open'"], ["status === 'error'"]])(
    'on a state is about no event: %s',
    (condition) => {
      expect(handled(condition)).toEqual(['elsewhere']);
    },
  );
});

describe('a function of Python has the dangers of what runs it', () => {
  const ask = ['def greet():', '    rt.send({"type": "response.create"})'];

  it.each([
    ['a later call', 'loop.call_later(5, greet)', 'timer'],
    ['a timer', 'threading.Timer(5, greet).start()', 'timer'],
    ['an option', 'WebSocketApp(URL, on_open=greet)', 'before confirmation'],
    ['the option for the end', 'WebSocketApp(URL, on_close=greet)', 'after hang-up'],
    ['a table of tools', 'TOOL_HANDLERS = {"save": greet}', 'tool handler'],
    ['a table that is looked into', 'h = {"save": greet}\nh[call.name](args)', 'tool handler'],
    ['a table that is asked', 'h = {"save": greet}\nf = h.get(function_name)', 'tool handler'],
    ['a list of tools', 'Agent(tools=[greet])', 'tool handler'],
    ['a registration', 'llm.register_function("save", greet)', 'tool handler'],
    ['a condition', 'if event["type"] != "error":\n    pass\nelse:\n    greet()', 'error handler'],
    [
      'a condition of several',
      'if event["type"] not in ("error", "x"):\n    pass\nelse:\n    greet()',
      'error handler',
    ],
    ['a condition that is denied', 'if not event["type"] == "error":\n    pass\nelse:\n    greet()', 'error handler'],
    ['an early return', 'def f(e):\n    if e["type"] != "error":\n        return\n    greet()', 'error handler'],
    ['an early continue', 'for e in l:\n    if e["type"] != "error":\n        continue\n    greet()', 'error handler'],
  ])('%s', async (_, code, danger) => {
    expect(await dangersInPython(...ask, code)).toEqual([danger]);
  });

  it.each([
    ['a decorator', '@function_tool'],
    ['a decorator of a module', '@llm.function_tool(description="Saves.")'],
    ['one of several decorators', '@logged\n@agent.tool'],
  ])('%s', async (_, decorator) => {
    expect(await dangersInPython(decorator, ...ask)).toEqual(['tool handler']);
  });

  it('a decorator of a method', async () => {
    const indented = ['@function_tool', ...ask].map((line) => `    ${line}`);
    expect(await dangersInPython('class Agent:', ...indented)).toEqual(['tool handler']);
  });

  it('no other decorator', async () => {
    expect(await dangersInPython('@logged', ...ask)).toEqual(['elsewhere']);
  });
});
