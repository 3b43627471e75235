import { type Reported, suite, titled } from './tester.js';

const realtime = "import { connect, openSession } from 'gated-realtime';\n";
const ours = (cases: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(cases).map(([name, code]) => [name, realtime + code]));

const reports: Reported[] = titled(
  ours({
    'a send that is assigned': 'ws.send = (text) => log(text);',
    'a send that is assigned by an index': "ws['send'] = patched;",
    'a send that is assigned by a constant': "const key = 'send'; ws[key] = patched;",
    'a send of a field': 'this.ws.send = patched;',
    'a send of what is made as a session': 'const s = await openSession(plan); s.send = patched;',
    'a send of what is made as a socket': 'const s = new WebSocket(url); s.send = patched;',
    'a send of what is made as a channel': "const s = peer.createDataChannel('x'); s.send = patched;",
    'a send of what is typed as a socket': 'function wrap(s: WebSocket | null) { s!.send = patched; }',
    'a respond': 'session.respond = () => ({ kind: "admit" });',
    'a cast': '(session as any).respond = patched;',
    appendAudio: 'session.appendAudio = patched;',
    'a prototype': 'WebSocket.prototype.send = patched;',
    defineProperty: "Object.defineProperty(session, 'respond', { value: patched });",
    'defineProperty of Reflect': "Reflect.defineProperty(ws, 'send', { value: patched });",
    defineProperties: 'Object.defineProperties(ws, { send: { value: patched } });',
    'Reflect.set': "Reflect.set(ws, 'send', patched);",
    'Object.assign': 'Object.assign(session, { send: patched });',
    'a line that is written on the spot': 'connect({ transport: { open() { return line; } } });',
    'a line in a constant': 'const transport = { open: () => line }; connect({ transport });',
    'a line in a class': 'class Line { open() {} } openSession({ transport: new Line(), ...plan });',
  }),
);

const spelled: Reported[] = [
  {
    name: 'what is replaced, and what that can go around',
    code: `${realtime}function onError() { ws.send = retry; }`,
    errors: [
      {
        message:
          '`ws.send` is replaced: what the replacement writes, no gate has seen. It can go around response-active and loop: it asks again, in the middle of what went wrong. Listen with `session.on(…)`, read `session.state`, and leave the method as it is.',
      },
    ],
  },
];

const passes = titled({
  ...ours({
    'a send of a form': 'form.send = patched;',
    'a send of a form in a field': 'this.form.send = patched;',
    'a send of a mailer': "Object.assign(mailer, { send: patched }); Object.defineProperty(mailer, 'send', {});",
    'a send of what is made as something else': 'const s = new Mailer(); s.send = patched;',
    'the prototype of a mailer': 'Mailer.prototype.send = patched;',
    'a call of send': "session.send({ type: 'input_audio_buffer.commit' });",
    'a send that is read': 'const send = ws.send; log(send.length);',
    'its own constructor': 'class Line { constructor() { this.send = () => {}; } }',
    'an object that is made here': 'const line = {}; line.send = () => {};',
    'the exports of a module': 'module.exports.send = send; exports.respond = respond;',
    'an answer to a request': 'res.send = wrap(res.send);',
    'an XMLHttpRequest': 'const xhr = new XMLHttpRequest(); xhr.send = wrap(xhr.send);',
    'the prototype of XMLHttpRequest': 'XMLHttpRequest.prototype.send = patched;',
    'a double of a test': 'ws.send = vi.fn();',
    'a spy': "vi.spyOn(session, 'send');",
    'a mock of node:test': "mock.method(session, 'send');",
    'a fake': 'fakeSocket.send = (text) => sent.push(text);',
    'another method': 'ws.onmessage = receive;',
    'another property': "Object.defineProperty(session, 'label', { value: 1 });",
    'the set of a map': "map.set(ws, 'send');",
    'a comparison': 'if (ws.send === patched) fix();',
    'a transport of ours': "import { wsTransport } from './dial.js'; connect({ transport: wsTransport(url) });",
    'a transport of another library': 'createLogger({ transport: { open() {} } });',
  }),
  'a file without the Realtime API': 'ws.send = (text) => log(text);',
});

suite('no-patched-transport', passes, [...reports, ...spelled]);
