import { describe, expect, it } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { connect } from '../../src/session/connect.js';
import { jsonSchema } from '../../src/tool.js';
import { connect as connectWs } from '../../src/ws.js';
import type { ConfirmedSession } from '../../types/index.js';
import { rejection, ServerByHand } from './by-hand.js';

/** The session as plain JavaScript sees it. */
type Unchecked = Record<keyof ConfirmedSession<string>, (...args: unknown[]) => unknown>;

const calls: readonly [string, (session: Unchecked) => unknown][] = [
  ['update()', ({ update }) => update()],
  ['update(null)', ({ update }) => update(null)],
  ["update({ session: 'x' })", ({ update }) => update({ session: 'x' })],
  ["update({ tools: 'x' })", ({ update }) => update({ tools: 'x' })],
  ['update({ tools: [1] })', ({ update }) => update({ tools: [1] })],
  ['update({ tools: [null] })', ({ update }) => update({ tools: [null] })],
  ['hangup(null)', ({ hangup }) => hangup(null)],
  ["hangup('Goodbye.')", ({ hangup }) => hangup('Goodbye.')],
  ['heard()', ({ heard }) => heard()],
  ['heard(null)', ({ heard }) => heard(null)],
  ["heard({ item: 'item_1' })", ({ heard }) => heard({ itemId: 'item_1', ms: 5, item: 'item_1' })],
  ['heard({ ms: Infinity })', ({ heard }) => heard({ itemId: 'item_1', ms: Infinity })],
  ["heard({ ms: '5' })", ({ heard }) => heard({ itemId: 'item_1', ms: '5' })],
  ['events(null)', ({ events }) => events(null)],
  ["on('response', null)", ({ on }) => on('response', null)],
  ["on('response')", ({ on }) => on('response')],
  ['on(1, f)', ({ on }) => on(1, () => undefined)],
  ["respond('greeting', null)", ({ respond }) => respond('greeting', null)],
  ["respond('greeting', [])", ({ respond }) => respond('greeting', [])],
  ["respond('greeting', f)", ({ respond }) => respond('greeting', () => undefined)],
  ["respond('greeting', { override: null })", ({ respond }) => respond('greeting', { override: null })],
];

describe('a confirmed session, told what cannot be', () => {
  it.each(calls)('says so, and does nothing: %s', async (_, call) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const before = JSON.stringify(session.state);
    expect(await rejection(new Promise((resolve) => resolve(call(session as never))))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
    expect(JSON.stringify(session.state)).toBe(before);
    expect(session.respond('greeting').kind).toBe('admit');
  });
});

describe('configure(), told what cannot be', () => {
  it.each<[string, readonly unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['options that are null', [{}, null]],
    ['settings that are no object', [{ session: 'Be brief.' }]],
    ['tools that are no list', [{ tools: {} }]],
    ['tools that are none', [{ tools: [1] }]],
    ['purposes that are no list', [{ purposes: 'greeting' }]],
  ])('says so, sends nothing, and may be called again: %s', async (_, given) => {
    const server = new ServerByHand();
    const session = await server.connected();
    const configure = session.configure as (...args: readonly unknown[]) => Promise<unknown>;
    expect(await rejection(configure(...given))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
    const again = session.configure({});
    server.confirms();
    await again;
  });
});

describe('connect(), told what cannot be', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no transport', {}],
    ...[0, -1, NaN, Infinity, '5'].map((timeoutMs): [string, unknown] => [
      `a timeoutMs of ${timeoutMs}`,
      { timeoutMs },
    ]),
  ])('says so, and opens nothing: %s', async (_, given) => {
    const server = new ServerByHand();
    let opened = 0;
    const transport = { open: (ears: never) => (opened++, server.open(ears)) };
    const usual = typeof given === 'object' && given && 'timeoutMs' in given ? { transport, clock: server.clock } : {};
    const options = given ? { ...usual, ...given } : given;
    expect(await rejection(connect(options as never))).toBeInstanceOf(MisuseError);
    expect(opened).toBe(0);
  });

  it.each([undefined, null, 'gpt-realtime-2.1', {}])('says so over ws too: %s', async (options) => {
    expect(await rejection(connectWs(options as never))).toBeInstanceOf(MisuseError);
  });
});

describe('a plan that says wrongly', () => {
  const plain = { name: 'look_up', description: 'Looks up.', parameters: jsonSchema({ type: 'object' }) };

  it.each<[string, object, string]>([
    ['whether playback waits', { playback: { waits: 'no' } }, 'waits of playback'],
    ['its purposes', { purposes: [1] }, 'purposes'],
    ['its guards', { guards: [] }, 'guards'],
    ['its tools', { tools: 'look_up' }, 'tools is a list of tools'],
    ['the timeout of a tool', { tools: [{ ...plain, timeoutMs: '500' }] }, "timeoutMs of the tool 'look_up'"],
    ['the reply of a tool', { tools: [{ ...plain, reply: 'slient' }] }, "'slient'"],
    ['the reply of a tool, out of band', { tools: [{ ...plain, reply: { conversation: 'none' } }] }, "'look_up'"],
    ['what a tool is for', { tools: [{ ...plain, description: undefined }] }, "'look_up' needs a description"],
    ...['held', 'responsesInARow', 'conflicts', 'toolRoundsInARow'].map((name): [string, object, string] => [
      `the limit ${name}, which counts`,
      { limits: { [name]: 1.5 } },
      `limits.${name} must be a whole number`,
    ]),
  ])('%s is misuse that names it, and nothing is sent', async (_, plan, named) => {
    const server = new ServerByHand();
    const session = await server.connected();
    const error = await rejection(session.configure(plan));
    expect(error).toBeInstanceOf(MisuseError);
    expect(error.message).toContain(named);
    expect(server.written).toEqual([]);
  });

  it('may have a limit of milliseconds that is no whole number', async () => {
    const session = await new ServerByHand().opened({ limits: { holdForMs: 1.5 } });
    expect(session.state.connection).toBe('open');
  });
});

describe('connect(), whose options are of the wrong kind', () => {
  it.each<[string, object, string]>([
    ['a model', { model: 5 }, 'model'],
    ['a hangUp', { hangUp: 'now' }, 'hangUp'],
    ['a clock', { clock: {} }, 'clock'],
    ['half a clock', { clock: { now: () => 0 } }, 'clock'],
  ])('says so, and opens nothing: %s', async (_, option, named) => {
    const transport = { open: () => Promise.reject(new Error('opened')) };
    const error = await rejection(connect({ transport, ...option }));
    expect(error).toBeInstanceOf(MisuseError);
    expect(error.message).toContain(named);
  });
});
