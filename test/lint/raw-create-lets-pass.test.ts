import { suite, titled } from './tester.js';

const words = titled({
  'a comment': "// ws.send(JSON.stringify({ type: 'response.create' }))\nrt.close();",
  'a block comment': "/** Sends `{ type: 'response.create' }`. */\nexport function f() {}",
  'a string': "const help = 'Do not send response.create yourself.';",
  'a sentence with JSON in it': `throw new Error('Never send {"type":"response.create"} yourself');`,
  'a sentence that is sent': `chat.send('Never send {"type":"response.create"} yourself');`,
  'a name in a list': "const known = ['session.update', 'response.create'];",
  'a key of a table': "const handlers = { 'response.create': handle };",
  'a key of a map': "const handlers = new Map([['response.create', handle]]);",
  'a row of a table with a handler': "const rows = [{ type: 'response.create', run() { count += 1; } }];",
  'another event': "rt.send({ type: 'response.cancel' });",
  'another event with a create in its text':
    "rt.send({ type: 'session.update', session: { instructions: 'response.create' } });",
  'a spread before another type': "const a = { ...base, type: 'response.cancel' }; rt.send(a);",
  'a type': "type Create = { type: 'response.create'; response?: object };",
  'an interface': "interface Create { type: 'response.create' }",
  'a parameter of that type': "function see(event: { type: 'response.create' }) { return event; }",
  'a shadowed name': "const type = 'response.create'; void type; function f(type) { rt.send({ type }); }",
  'nothing of it': 'export const sum = (a, b) => a + b;',
});

const looks = titled({
  'a comparison': "if (event.type === 'response.create') count += 1;",
  'a comparison the other way round': "const is = 'response.create' === event.type;",
  'a switch': "switch (event.type) { case 'response.create': count += 1; break; }",
  includes: "if (['response.create', 'response.cancel'].includes(event.type)) count += 1;",
  has: "if (kinds.has('response.create')) count += 1;",
  'a listener': "server.on('response.create', (event) => seen.push(event));",
  'an emitter': "emitter.emit('response.create', event);",
  'an emitter that hands out what arrives': `socket.emit('message', JSON.stringify({ type: 'response.create' }));`,
  'a message event':
    "socket.onmessage(new MessageEvent('message', { data: JSON.stringify({ type: 'response.create' }) }));",
  'a filter': "const creates = sent.filter((event) => event.type === 'response.create');",
  'ts-pattern, with': "match(event).with({ type: 'response.create' }, () => 1).otherwise(() => 0);",
  'ts-pattern, isMatching': "const is = isMatching({ type: 'response.create' });",
  'zod, literal': "const Create = z.object({ type: z.literal('response.create') });",
  'zod, union': "const E = z.discriminatedUnion('type', [z.object({ type: z.literal('response.create') })]);",
  valibot: "const Create = v.strictObject({ type: v.literal('response.create'), response: v.optional(R) });",
  'valibot, picklist': "const Kind = v.picklist(['response.create', 'response.cancel']);",
  arktype: `const Create = type({ type: "'response.create'" });`,
  'a JSON schema': "const schema = { properties: { type: { const: 'response.create' } } };",
  'a log': "console.log('sent', { type: 'response.create' });",
  'a logger': "logger.debug({ type: 'response.create' }, 'sent');",
  'an error that shows it': "throw new Error(JSON.stringify({ type: 'response.create' }));",
});

const tests = titled({
  'expect, toEqual': "expect(sent).toEqual([{ type: 'response.create' }]);",
  'expect, toContainEqual': "expect(sent).toContainEqual({ type: 'response.create' });",
  'expect, objectContaining':
    "expect(sent).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'response.create' })]));",
  'expect, a call': "expect(send).toHaveBeenCalledWith({ type: 'response.create' });",
  'expect, text': `expect(send).toHaveBeenCalledWith(JSON.stringify({ type: 'response.create' }));`,
  'expect, not': "expect(sent).not.toContainEqual({ type: 'response.create' });",
  'expect, a constant': "const expected = { type: 'response.create' }; expect(sent[0]).toEqual(expected);",
  'expect, a list of constants':
    "const one = { type: 'response.create' }; const all = [one]; expect(sent).toEqual(all);",
  'node:assert': "assert.deepStrictEqual(sent, [{ type: 'response.create' }]);",
  'node:assert, partial': "assert.partialDeepStrictEqual(sent[0], { type: 'response.create' });",
  chai: "expect(sent[0]).to.deep.include({ type: 'response.create' });",
  sinon: "sinon.assert.calledWith(send, { type: 'response.create' });",
  'a table of cases': "it.each([{ type: 'response.create' }, { type: 'response.cancel' }])('counts %s', count);",
  'a simulated server that receives it': "server.receive({ type: 'response.create' });",
  'a simulated server that receives its text': "server.receive(JSON.stringify({ type: 'response.create' }));",
  'a handler of the server': "await server.handleClientEvent({ type: 'response.create' });",
});

const notes = titled({
  'a count of metrics': "metrics.send('response.create', 1);",
  'a count of metrics in a field': "this.metrics.send({ type: 'response.create' });",
  'a count by a function': "sendMetric('response.create', 1);",
  'a count by its unit': "statsd.dispatch('response.create', 'ms');",
  'a report to Sentry': "sentry.captureMessage(JSON.stringify({ type: 'response.create' }));",
  'a report by a function': "captureMessage(JSON.stringify({ type: 'response.create' }));",
  'a report to analytics': "analytics.publish({ type: 'response.create' });",
  'an event of a span': "span.addEvent({ type: 'response.create' });",
  'a row of a log': "eventLog.push({ type: 'response.create' });",
  'a set': "allowed.add({ type: 'response.create' });",
  'a set in a function': "function allow() { this.allowed.add({ type: 'response.create' }); }",
  'a price': "const pricing = { type: 'response.create', cost: 3 };",
  prices: "export const prices = [{ type: 'response.create', cost: 3 }];",
  'a price that is returned': "const priceOf = () => ({ type: 'response.create', cost: 3 });",
  'a row that is shown': "render({ type: 'response.create', label: 'Create' });",
  'a row that is shown, by a constant':
    "const row = { type: 'response.create', label: 'Create' }; render(row); render([row]);",
  'an action of a store': "store.dispatch('response.create');",
});

const others = titled({
  'an answer of express': "res.send({ type: 'x' });",
  'an answer of express, called response': "response.send('response.create');",
  'an answer called reply': "/* realtime */ reply.send({ status: 'created' });",
  'a helper of this file that counts': "function sendMetric(name) { count(name); } sendMetric('response.create');",
  'a constant of this file that is something else':
    "const E = { RESPONSE_CREATE: 'form.create' }; rt.send({ type: E.RESPONSE_CREATE });",
  'createResponse of another library': 'const response = createResponse({ status: 200 });',
  'createResponse of a framework': '/* realtime dashboard */ client.createResponse({ status: 201, body });',
  'createResponse of a handler': '/* realtime */ http.createResponse();',
  'node-mocks-http': '/* realtime */ const res = httpMocks.createResponse();',
  'createResponse of this file':
    '/* realtime */ const client = { createResponse() { return 1; } }; client.createResponse();',
  'a Response of the platform': "const made = new Response(JSON.stringify({ type: 'x' }));",
  'response.create of an ORM': '/* supabase realtime */ await prisma.response.create({ data: { text } });',
  'response.create of a model': '/* realtime */ response.create({ data: { text } });',
  'response.create without realtime': 'forms.response.create();',
  'the Responses API over a socket': "ws.send(JSON.stringify({ type: 'response.create', model, input }));",
  'the Responses API over a socket, later on':
    "ws.send(JSON.stringify({ type: 'response.create', previous_response_id: id, input: [] }));",
  'the Responses API': '/* realtime */ await openai.responses.create({ model, input });',
  'requestResponse of RSocket': 'rsocket.requestResponse({ data }, responder);',
  GraphQL: 'const { response } = await client.query({ query }); render(response.create);',
  AWS: "await lambda.send(new InvokeCommand({ FunctionName: 'response-create' }));",
  CloudFormation: "await cfn.send(event, context, response.SUCCESS, { type: 'created' });",
  Electron: "ipcRenderer.send('responses:create', { id });",
  'a gated respond': "session.respond('greeting');",
  'a gated send': "session.send({ type: 'input_audio_buffer.commit' });",
  'a redux action': "dispatch({ type: 'response/created' });",
});

suite('no-raw-response-create', [...words, ...looks, ...tests, ...notes, ...others], []);
