import { type Reported, suite, titled } from './tester.js';

const imports = titled({
  'the WebSocket of the SDK': "import { OpenAIRealtimeWS } from 'openai/realtime/ws';",
  'the WebSocket of the SDK, renamed': "import { OpenAIRealtimeWS as Raw } from 'openai/realtime/ws';",
  'the WebSocket of an older SDK': "import { OpenAIRealtimeWS } from 'openai/beta/realtime/ws';",
  'the WebSocket of browsers': "import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';",
  'the reference client': "import { RealtimeClient } from '@openai/realtime-api-beta';",
  agents: "import { RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';",
  'agents, the other name': "import { RealtimeSession } from '@openai/agents/realtime';",
  'everything of it': "import * as realtime from 'openai/realtime/ws';",
  'its default': "import RealtimeApi from 'openai-realtime-api';",
  'a re-export': "export { OpenAIRealtimeWS } from 'openai/realtime/ws';",
  'a re-export of everything': "export * from 'openai/realtime/ws';",
  require: "const rt = require('rt-client');",
  'a dynamic import': "const load = () => import('openai/realtime/ws');",
  'a value beside a type': "import { type X, OpenAIRealtimeWS } from 'openai/realtime/ws';",
});

const constructions = titled({
  'a global class': 'const rt = new OpenAIRealtimeWS({ model });',
  'a class of the SDK': 'const rt = new sdk.OpenAIRealtimeWS({ model }, client);',
  'a static maker': 'const rt = await OpenAIRealtimeWS.create(client, { model });',
  'a static maker for Azure': 'const rt = await OpenAIRealtimeWS.azure(client);',
  'the model of LiveKit':
    "import * as openai from '@livekit/agents-plugin-openai'; const llm = new openai.realtime.RealtimeModel();",
  'a socket': "const ws = new WebSocket('wss://api.openai.com/v1/realtime?model=gpt-realtime');",
  'a socket of ws': "import WebSocket from 'ws'; new WebSocket('wss://api.openai.com/v1/realtime', { headers });",
  'a socket of Azure': 'new WebSocket(`wss://${name}.openai.azure.com/openai/v1/realtime?model=${model}`);',
  'a socket of an older Azure': 'new WebSocket(`wss://${host}/openai/realtime?api-version=${v}&deployment=${d}`);',
  'a socket over a proxy': 'new WebSocket(`wss://${host}/v1/realtime?model=${model}`);',
  'a socket by a constant': "const URL = 'wss://api.openai.com/v1/realtime'; new WebSocket(`${URL}?model=${model}`);",
  'a socket by a URL': "new WebSocket(new URL('wss://api.openai.com/v1/realtime'));",
  'a socket by a URL in a constant': "const url = new URL('wss://api.openai.com/v1/realtime'); new WebSocket(url);",
  'a connection by a function': "const ws = connect('wss://api.openai.com/v1/realtime?model=gpt-realtime');",
  'a connection by options':
    'const ws = await dialer.connect({ url: `wss://${host}/openai/realtime?api-version=${v}` });',
  'a data channel': "const channel = peer.createDataChannel('oai-events');",
  'a data channel by a constant': "const NAME = 'oai-events'; peer.createDataChannel(NAME, { ordered: true });",
});

const both: Reported[] = [
  {
    name: 'a renamed class twice: where it is imported, and where it is constructed',
    code: "import { OpenAIRealtimeWS as Raw } from 'openai/realtime/ws';\nnew Raw({ model });",
    errors: [{ messageId: 'import' }, { messageId: 'construction' }],
  },
  {
    name: 'a class that is required',
    code: "const { OpenAIRealtimeWS: Raw } = require('openai/realtime/ws');\nnew Raw({ model });",
    errors: [{ messageId: 'import' }, { messageId: 'construction' }],
  },
  {
    name: 'what to write instead',
    code: 'export const rt = new OpenAIRealtimeWS({ model });',
    errors: [
      {
        message:
          "`new OpenAIRealtimeWS` makes a client that sends whatever it is given. Write `await openSession({ client, … })` of 'gated-realtime/ws': it uses the SDK's own address and credentials.",
      },
    ],
  },
];

const passes = titled({
  'a type alone': "import type { OpenAIRealtimeWS } from 'openai/realtime/ws';",
  'a type alone, inline': "import { type OpenAIRealtimeWS } from 'openai/realtime/ws';",
  'a re-exported type': "export type { OpenAIRealtimeWS } from 'openai/realtime/ws';",
  'an error of the SDK': "import { OpenAIRealtimeError } from 'openai/realtime/internal-base';",
  'the tools of agents': "import { tool } from '@openai/agents-realtime';",
  'the SDK itself': "import OpenAI from 'openai'; const client = new OpenAI();",
  ours: "import { openSession } from 'gated-realtime/ws'; await openSession({ client });",
  'ours, in two steps, with an address':
    "import { connect } from 'gated-realtime/ws'; await connect({ url: 'wss://api.openai.com/v1/realtime' });",
  'another connection': "connect('wss://example.com/prices');",
  'ours for tests': "import { simulate } from 'gated-realtime/simulator';",
  'a class of this file': 'class RealtimeSession {} new RealtimeSession();',
  'a class of this project': "import { RealtimeSession } from './session.js'; new RealtimeSession();",
  'the realtime client of Supabase': "import { RealtimeClient } from '@supabase/realtime-js'; new RealtimeClient(url);",
  'the socket of Supabase': "new WebSocket('wss://abc.supabase.co/realtime/v1/websocket?vsn=1.0.0');",
  'another socket': "new WebSocket('wss://example.com/prices');",
  'another socket with a realtime host': "new WebSocket('wss://realtime.ably.io/?key=1');",
  'a server of sockets': 'const server = new WebSocketServer({ port: 0 });',
  'an HTTP request to the Realtime API': "await fetch('https://api.openai.com/v1/realtime/calls', { method: 'POST' });",
  'another data channel': "peer.createDataChannel('chat');",
  'the speech of LiveKit': "import * as openai from '@livekit/agents-plugin-openai'; new openai.TTS();",
  'a string': "const name = 'openai/realtime/ws';",
  'a comment': '// new OpenAIRealtimeWS({ model })\nexport const realtime = 1;',
});

const imported = "import { OpenAIRealtimeWS } from 'openai/realtime/ws'; new OpenAIRealtimeWS({ model });";
const allowed = (name: string, allow: string[], code = imported, filename?: string) => ({
  name,
  code,
  options: [{ allow }] as const,
  ...(filename === undefined ? {} : { filename }),
});
const here = (path: string): string => `${process.cwd()}/${path}`;
const lets = [
  allowed('a module by its name', ['openai/realtime/ws']),
  allowed('modules by a pattern', ['openai/**']),
  allowed('one of several modules', ['{openai,ws}/realtime/*']),
  allowed(
    'a class that is required',
    ['openai/realtime/*'],
    "const { OpenAIRealtimeWS } = require('openai/realtime/ws'); new OpenAIRealtimeWS();",
  ),
  allowed(
    'a socket by its module',
    ['ws'],
    "import WebSocket from 'ws'; new WebSocket('wss://api.openai.com/v1/realtime');",
  ),
  allowed('a file', ['src/legacy/dial.js'], imported, here('src/legacy/dial.js')),
  allowed('files of a folder', ['src/legacy/**'], imported, here('src/legacy/deep/dial.js')),
  allowed('files by their ending', ['**/*.relay.js'], imported, here('src/a/b.relay.js')),
  allowed('a file, as a path from here', ['./src/dial.js'], imported, here('src/dial.js')),
];
const reported = [
  { ...allowed('another module', ['openai/realtime/websocket']), errors: 2 },
  { ...allowed('the beginning of its name', ['openai']), errors: 2 },
  { ...allowed('the end of its name', ['realtime/ws']), errors: 2 },
  { ...allowed('a folder of another depth', ['src/*.js'], imported, here('src/deep/dial.js')), errors: 2 },
  { ...allowed('a dot is a dot', ['src/dialxjs'], imported, here('src/dial.js')), errors: 2 },
  { ...allowed('a global class, which comes from no module', ['openai/**'], 'new OpenAIRealtimeWS();'), errors: 1 },
];

suite('no-raw-realtime-client', [...passes, ...lets], [...imports, ...constructions, ...both, ...reported]);
