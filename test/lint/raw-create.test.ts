import { suite, titled } from './tester.js';

const sends = titled({
  'the client of the SDK': "rt.send({ type: 'response.create' });",
  'the client of the SDK, with parameters':
    "rt.send({ type: 'response.create', response: { instructions: 'Be brief.' } });",
  'a socket': "ws.send(JSON.stringify({ type: 'response.create' }));",
  'a socket, double quotes in a key': `ws.send(JSON.stringify({ "type": "response.create" }));`,
  'a socket, JSON written out': `ws.send('{"type":"response.create"}');`,
  'a socket, JSON with spaces': `ws.send('{ "type": "response.create" }');`,
  'a socket, JSON in a template': 'ws.send(`{"type":"response.create","event_id":"${id}"}`);',
  'a socket, JSON put together': `ws.send('{"type":"' + 'response.create' + '"}');`,
  'a socket, bytes': "ws.send(Buffer.from(JSON.stringify({ type: 'response.create' })));",
  'a socket, encoded': "ws.send(new TextEncoder().encode(JSON.stringify({ type: 'response.create' })));",
  'a data channel': "dataChannel.send(JSON.stringify({ type: 'response.create' }));",
  'a field of a field': "this.peer.channel.send(JSON.stringify({ type: 'response.create' }));",
  'an optional call': "ws?.send?.(JSON.stringify({ type: 'response.create' }));",
  'an index': "ws['send'](JSON.stringify({ type: 'response.create' }));",
  'a private method': "class A { #send(e) { w.push(e); } go() { this.#send({ type: 'response.create' }); } }",
  'a transport, sendEvent': "session.transport.sendEvent({ type: 'response.create' });",
  'a transport, send_event': "transport.send_event({ type: 'response.create' });",
  'a bare function': "sendEvent({ type: 'response.create' });",
  'a function by call': "send.call(ws, { type: 'response.create' });",
  'a function by apply': "send.apply(ws, [{ type: 'response.create' }]);",
  'an awaited send': "async function f() { await ws.send(JSON.stringify({ type: 'response.create' })); }",
  'a queue': "outgoing.push({ type: 'response.create' });",
  'a queue by its name': "outgoing.add({ type: 'response.create' });",
  'an event that says too much': "rt.send({ type: 'response.create', cost: 3 });",
  'an event that nobody knows the sender of': "relay({ type: 'response.create', response: {} });",
  'an event that is spread beside it': "relay({ type: 'response.create', ...rest });",
  'the name first, with nothing': "sendEvent('response.create', null);",
  'a worker': "worker.postMessage({ type: 'response.create' });",
  'a request to a relay': "fetch('/relay', { method: 'POST', body: JSON.stringify({ type: 'response.create' }) });",
  'an envelope': "socket.emit('client-event', { event: { type: 'response.create' } });",
  'a list': "sendAll([{ type: 'input_audio_buffer.commit' }, { type: 'response.create' }]);",
  'the name first, as in the reference client': "client.realtime.send('response.create', { response: {} });",
  'the name first, through a function': "sendEvent('response.create', { response: {} });",
  'the name first, dispatched': "this.dispatch('response.create');",
  'a cast': "session.send({ type: 'response.create' } as any);",
  satisfies: "rt.send({ type: 'response.create' } satisfies RealtimeClientEvent);",
  'a cast of the socket': "(ws as WebSocket).send(JSON.stringify({ type: 'response.create' }));",
  'a non-null socket': "this.ws!.send(JSON.stringify({ type: 'response.create' }));",
  'a listener': "rt.on('session.created', () => rt.send({ type: 'response.create' }));",
  'a timer': "setTimeout(() => ws.send(JSON.stringify({ type: 'response.create' })), 500);",
  'a promise': "ready.then(() => rt.send({ type: 'response.create' }));",
  'a branch': "if (ok) rt.send({ type: 'response.create' }); else rt.close();",
  'a short circuit': "ok && rt.send({ type: 'response.create' });",
});

const methods = titled({
  requestResponse: 'import "@openai/agents-realtime"; session.transport.requestResponse();',
  sendResponseCreate: '/* realtime */ client.sendResponseCreate();',
  'sendResponseCreate with parameters': "/* realtime */ client.sendResponseCreate({ instructions: 'Hi' });",
  sendUserMessageContent: "client.sendUserMessageContent([{ type: 'input_text', text }]);",
  createResponse: 'import { RealtimeClient } from "@openai/realtime-api-beta"; client.createResponse();',
  'createResponse of a field': '/* realtime */ this.client.createResponse();',
  'response.create()': '/* realtime */ connection.response.create();',
  'response.create() with parameters':
    "/* realtime */ connection.response.create({ response: { instructions: 'Hi' } });",
});

const names = titled({
  'a constant for the type': "const CREATE = 'response.create'; ws.send(JSON.stringify({ type: CREATE }));",
  'a constant for the event': "const event = { type: 'response.create' }; rt.send(event);",
  'a constant for the text': "const text = JSON.stringify({ type: 'response.create' }); ws.send(text);",
  'a frozen table': "const E = Object.freeze({ CREATE: 'response.create' }); rt.send({ type: E.CREATE });",
  'a nested table': "const E = { response: { create: 'response.create' } }; rt.send({ type: E.response.create });",
  'a constant taken from a table':
    "const E = { CREATE: 'response.create' }; const { CREATE } = E; rt.send({ type: CREATE });",
  'a constant taken under another name':
    "const E = { CREATE: 'response.create' }; const { CREATE: c } = E; rt.send({ type: c });",
  'a table by a computed key': "const E = { a: 'response.create' }; const key = 'a'; rt.send({ type: E[key] });",
  'an enumeration': "enum E { Create = 'response.create' } rt.send({ type: E.Create });",
  'a static field': "class E { static CREATE = 'response.create'; } rt.send({ type: E.CREATE });",
  'a field of the class': "class A { type = 'response.create'; go() { rt.send({ type: this.type }); } }",
  'an event of a class': "class Create { type = 'response.create'; } rt.send(new Create());",
  'a constant of another file':
    "import { EventType } from './events.js'; rt.send({ type: EventType.RESPONSE_CREATE });",
  'as const': "const CREATE = 'response.create' as const; rt.send({ type: CREATE });",
  'a template': "const ns = 'response'; rt.send({ type: `${ns}.create` });",
  'a sum': "rt.send({ type: 'response' + '.' + 'create' });",
  'a join': "rt.send({ type: ['response', 'create'].join('.') });",
  'a concat': "rt.send({ type: 'response.'.concat('create') });",
  'a computed key of the event': "const k = 'type'; rt.send({ [k]: 'response.create' });",
  'a spread': "const base = { type: 'response.create' }; rt.send({ ...base, response: { instructions: 'Hi' } });",
  'a spread into the text':
    "const base = { type: 'response.create' }; ws.send(JSON.stringify({ event_id: id, ...base }));",
  'a ternary of events': "rt.send(ok ? { type: 'response.create' } : { type: 'response.cancel' });",
  'a ternary of types': "rt.send({ type: ok ? 'response.create' : 'response.cancel' });",
  'a default': "rt.send({ type: kind ?? 'response.create' });",
  'a default of a parameter': "function go(type = 'response.create') { rt.send({ type }); }",
  'a type that is set later': "const event = {}; event.type = 'response.create'; rt.send(event);",
  'a type that is set by an index': "const event = {}; event['type'] = 'response.create'; rt.send(event);",
  'a variable that is assigned later': "let event; event = { type: 'response.create' }; rt.send(event);",
  'Object.assign': "rt.send(Object.assign({}, { type: 'response.create' }));",
  'a copy': "const event = { type: 'response.create' }; rt.send(structuredClone(event));",
  'a loop': "for (const event of [{ type: 'session.update' }, { type: 'response.create' }]) rt.send(event);",
  forEach: "[{ type: 'response.create' }].forEach((event) => ws.send(JSON.stringify(event)));",
  'a shadowing name': "const type = 'x'; function f() { const type = 'response.create'; rt.send({ type }); }",
});

const helpers = titled({
  'a helper that builds': "const create = () => ({ type: 'response.create' }); rt.send(create());",
  'a helper that builds, declared later':
    "rt.send(create()); function create() { return { type: 'response.create' }; }",
  'a helper with a parameter': "const event = (type) => ({ type }); rt.send(event('response.create'));",
  'a helper for text': "const text = (event) => JSON.stringify(event); ws.send(text({ type: 'response.create' }));",
  'a helper of a helper': "const a = (type) => ({ type }); const b = () => a('response.create'); rt.send(b());",
  'a helper that sends': "function emit(event) { ws.send(JSON.stringify(event)); } emit({ type: 'response.create' });",
  'a helper that sends by type': "function emit(type) { ws.send(JSON.stringify({ type })); } emit('response.create');",
  'a helper that sends by type, in two steps':
    "const out = (t) => ws.send(JSON.stringify({ type: t })); const say = (type) => out(type); say('response.create');",
  'a method that sends by type':
    "class A { emit(type) { this.ws.send(JSON.stringify({ type })); } go() { this.emit('response.create'); } }",
  'an object of helpers': "const events = { create: () => ({ type: 'response.create' }) }; rt.send(events.create());",
  'an overloaded helper':
    "function make(): object; function make(): object { return { type: 'response.create' }; } rt.send(make());",
  'an event that is returned': "export function greet() { return { type: 'response.create' }; }",
  'an event that is exported': "export const create = { type: 'response.create', response: {} };",
  'an event that is yielded': "function* script() { yield { type: 'response.create' }; }",
});

suite('no-raw-response-create', [], [...sends, ...methods, ...names, ...helpers]);
