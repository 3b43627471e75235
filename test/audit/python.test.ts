import { describe, expect, it } from 'vitest';
import { auditFiles, findingsOf } from './auditing.js';

const found = (...lines: readonly string[]): Promise<readonly string[]> => findingsOf('a.py', `${lines.join('\n')}\n`);

describe('Python', () => {
  it.each([
    ['a dictionary', `connection.send_event({"type": "response.create"})`, 'event connection.send_event'],
    ['JSON', `await ws.send(json.dumps({"type": "response.create"}))`, 'text ws.send'],
    ['bytes of JSON', `ws.send(json.dumps({"type": "response.create"}).encode())`, 'text ws.send'],
    ['dict()', `ws.send_json(dict(type="response.create"))`, 'event ws.send_json'],
    ['a merged dictionary', `send({**base, "type": "response.create"})`, 'event send'],
    ['written JSON', `ws.send('{"type": "response.create"}')`, 'text ws.send'],
    ['an f-string', `ws.send(f'{{"type": "response.create", "id": {n}}}')`, 'text ws.send'],
    ['an argument by name', `await conn.send(event={"type": "response.create"})`, 'event conn.send'],
    ['a model of the event', `conn.send(ResponseCreateEvent(type="response.create"))`, 'event conn.send'],
    ['a model that knows its type', `conn.send(events.ResponseCreateEvent())`, 'event conn.send'],
    ['a format by percent', `ws.send('{"type": "response.%s"}' % 'create')`, 'text ws.send'],
    [
      'a format by percent of several',
      `ws.send('{"type": "%s.%s", "id": %d}' % ("response", "create", n))`,
      'text ws.send',
    ],
    ['a format by percent and name', `ws.send('{"type": "response.%(verb)s"}' % {"verb": "create"})`, 'text ws.send'],
    ['a format by percent, doubled', `ws.send('{"id": "100 %%", "type": "response.%s"}' % 'create')`, 'text ws.send'],
    ['a format of a type', `ws.send({"type": "response.%s" % "create"})`, 'event ws.send'],
    ['format()', `ws.send('{{"type": "response.{}"}}'.format('create'))`, 'text ws.send'],
    ['format() by numbers', `ws.send('{{"type": "{1}.{0}"}}'.format('create', 'response'))`, 'text ws.send'],
    ['format() by names', `ws.send('{{"type": "response.{verb!s}"}}'.format(verb='create'))`, 'text ws.send'],
    ['format() of a type', `ws.send({"type": "response.{}".format("create")})`, 'event ws.send'],
    ['an f-string with a constant in it', `ws.send({"type": f"response.{'create'}"})`, 'event ws.send'],
    ['an f-string of two', `ws.send(f'{{"type": "{"response"}.{"create"}"}}')`, 'text ws.send'],
    ['join()', `ws.send({"type": ".".join(["response", "create"])})`, 'event ws.send'],
    ['a list that is made', `[ws.send(each) for each in [{"type": "response.create"}] if ok]`, 'event ws.send'],
    ['a set of two loops', `{ws.send(b) for a in x for b in [{"type": "response.create"}]}`, 'event ws.send'],
    ['a generator among arguments', `gather(1, ws.send(t) for t in ({"type": "response.create"},))`, 'event ws.send'],
    ['self', `self.send({"type": "response.create"})`, 'event self.send'],
    ['cls', `cls.send({"type": "response.create"})`, 'event cls.send'],
    ['a name apart from the event', `client.realtime.send("response.create", {})`, 'event realtime.send'],
  ])('is found with %s', async (_, code, finding) => {
    expect(await found(code)).toEqual([`1 ${finding} in –`]);
  });

  it('is found as a method of the connection', async () => {
    expect(await found('# realtime', 'await connection.response.create()')).toEqual(['2 method response.create in –']);
  });

  it.each([['conn'], ['self.connection'], ['openai_conn']])(
    'is found as a method of %s, in a file that speaks of nothing else',
    async (owner) => {
      expect(await found(`await ${owner}.response.create()`)).toEqual(['1 method response.create in –']);
    },
  );

  it.each([
    ['another format', `ws.send('{"type": "response.%s"}' % 'cancel')`],
    ['a format that is unknown', `ws.send(FORMAT % 'create')`],
    ['a remainder', `ws.send(7 % 2)`],
    ['a form of another library', `forms.response.create()`],
    ['a record of it', `conn.response.create(data={"text": "response.create"})`],
  ])('is not found with %s', async (_, code) => {
    expect(await found(code)).toEqual([]);
  });

  it('is found through constants, enumerations and helpers of the file', async () => {
    const code = [
      'CREATE = "response" + ".create"',
      'class Kind(str, Enum):',
      '    CREATE = "response.create"',
      'def event(kind, **rest):',
      '    return {"type": kind, **rest}',
      'async def one(): await ws.send(json.dumps({"type": CREATE}))',
      'async def two(): await ws.send(json.dumps({"type": Kind.CREATE.value}))',
      'async def three(): await ws.send(json.dumps(event("response.create")))',
    ];
    expect(await found(...code)).toEqual(['6 text ws.send in one', '7 text ws.send in two', '8 text ws.send in three']);
  });

  it('is found through variables and later assignments', async () => {
    const code = [
      'async def go(self):',
      '    event = {}',
      '    event["type"] = "response.create"',
      '    await self.ws.send(event)',
    ];
    expect(await found(...code)).toEqual(['4 event ws.send in go']);
  });

  it('says nothing of comments, docstrings, comparisons, prints and asserts', async () => {
    const code = [
      '# ws.send({"type": "response.create"})',
      '"""ws.send({"type": "response.create"})"""',
      'if event["type"] == "response.create": pass',
      'print({"type": "response.create"})',
      'mock.assert_called_with({"type": "response.create"})',
    ];
    expect(await found(...code)).toEqual([]);
  });

  it('names methods by their class, and knows what they go around', async () => {
    const code = [
      'class Agent:',
      '    async def handle_tool(self, call):',
      '        await self.ws.send({"type": "response.create"})',
      '    async def listen(self, event):',
      '        try:',
      '            pass',
      '        except ValueError:',
      '            await self.ws.send({"type": "response.create"})',
      '        if event["type"] in ("session.created", "x"):',
      '            await self.ws.send({"type": "response.create"})',
      '        match event["type"]:',
      '            case "input_audio_buffer.speech_stopped" | "y":',
      '                await self.ws.send({"type": "response.create"})',
      '    async def end(self):',
      '        await self.hang_up()',
      '        await self.ws.send({"type": "response.create"})',
    ];
    const { findings } = await auditFiles({ 'a.py': code.join('\n') });
    expect(findings.map(({ line, inside, dangers }) => [line, inside, ...dangers])).toEqual([
      [16, 'Agent.end', 'after hang-up'],
      [3, 'Agent.handle_tool', 'tool handler'],
      [8, 'Agent.listen', 'error handler'],
      [10, 'Agent.listen', 'before confirmation'],
      [13, 'Agent.listen', 'user turn'],
    ]);
  });

  it('is found where it dials the Realtime API', async () => {
    const code = [
      'URL = f"wss://api.openai.com/v1/realtime?model={MODEL}"',
      'async def a():',
      '    async with websockets.connect(URL) as ws: pass',
      'async def b():',
      '    async with client.beta.realtime.connect(model="m") as c: pass',
      'ws = websocket.WebSocketApp(URL)',
    ];
    expect(await found(...code)).toEqual([
      '3 socket connect in a',
      '5 construction realtime.connect in b',
      '6 socket new WebSocketApp in –',
    ]);
  });

  it.each([
    ['a client of its own', 'from rtclient import RTClient, InputAudioMessage', 'rtclient'],
    ['everything of it', 'import openai_realtime_client', 'openai_realtime_client'],
    [
      'a connection of the SDK',
      'from openai.resources.realtime.realtime import AsyncRealtimeConnection',
      'openai.resources.realtime.realtime',
    ],
    ['a runner of agents', 'from agents.realtime import RealtimeAgent, RealtimeRunner', 'agents.realtime'],
  ])('is found where it imports %s', async (_, code, module) => {
    expect(await found(code)).toEqual([`1 import ${module} in –`]);
  });

  it('says nothing of imported agents and tools', async () => {
    expect(await found('from agents.realtime import RealtimeAgent', 'from agents import tool')).toEqual([]);
  });

  it.each([
    ['a bare yield', 'def f():', '    yield'],
    ['names in parentheses', 'with a() as (b, c):', '    pass'],
    ['managers in parentheses', 'with (', '    a() as b,', '    c() as d,', '):', '    pass'],
    ['a number that ends with its point', 'x = 24.'],
    ['a class as a pattern', 'match a:', '    case ast.Name():', '        pass'],
    ['a form feed', '\f', 'x = 1'],
    ['a decorator that calls a call', '@a().b("c")', 'def f(): pass'],
  ])('is read with %s, and every line stays', async (_, ...code) => {
    const text = [...code, 'ws.send({"type": "response.create"})'];
    expect(await found(...text)).toEqual([`${text.length} event ws.send in –`]);
  });

  it('that does not parse is unread, never clean', async () => {
    const { unread } = await auditFiles({ 'a.py': 'ws.send({"type": "response.create"})\ndef f(:\n' });
    expect(unread).toMatchObject([{ path: 'a.py', line: 2, why: 'Syntax error' }]);
  });
});
