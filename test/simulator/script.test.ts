import { describe, expect, it } from 'vitest';
import { parseScript, virtualClock } from '../../src/simulator/index.js';
import type { Happening } from '../../src/simulator/index.js';
import { playScript } from '../../src/simulator/script.js';
import type { Controls } from '../../src/simulator/controls.js';
import { controlsOn } from '../../src/simulator/controls.js';
import { noFaults } from '../../src/simulator/server/index.js';

const parse = (script: object) => parseScript(JSON.stringify(script));

describe('a script', () => {
  it.each([
    ['{', /^The script is not JSON: /],
    ['[]', /must be an object/],
    ['{"step":[]}', /Unknown parameter: 'step'/],
    ['{"steps":[{"on":"conect","says":"x"}]}', /Invalid value: 'conect'.*at steps\[0\]\.on/],
    ['{"steps":[{"says":"x"},{"says":3}]}', /'steps\[1\]\.says': expected a string, but got an integer/],
    ['{"steps":[{"on":"connect"}]}', /'steps\[0\]' must have exactly one of caller, .* but has none/],
    ['{"steps":[{"says":"x","fails":"y"}]}', /but has says and fails/],
    ['{"steps":[{"says":"x","nth":0}]}', /'steps\[0\]\.nth': expected a value of at least 1/],
    ['{"faults":{"lateDone":"soon"}}', /'faults\.lateDone': expected a number/],
    ['{"step":[]}', /Known here: server, faults, steps\.$/],
    ['{"steps":[{"sayz":"x"}]}', /'steps\[0\]\.sayz'\. Known here: on, nth, .*says, calls/],
    ['{"server":{"latency":{"conect":3}}}', /Known here: connect, update, item/],
    ['{"steps":[{"says":"x","args":{}}]}', /'args' does not go with 'says' in 'steps\[0\]'\. .* on, nth, afterMs, ms/],
    ['{"steps":[{"injects":{"item":1}}]}', /'steps\[0\]\.injects' must be an event/],
    [
      '{"steps":[{"hosts":"lab","hosted":{"state":"gone"}}]}',
      /'gone'. Supported values are: 'reachable', and 'unreachable'/,
    ],
    ['{"faults":{"lateNight":1}}', /Unknown parameter: 'faults\.lateNight'/],
    ['{"faults":{"refusal":"http418"}}', /Invalid value: 'http418'/],
    ['{"steps":[{"replies":{}}]}', /Missing required parameter: 'steps\[0\]\.replies\.items'/],
  ])('%s is refused, and the error says where it is wrong', (text, message) => {
    expect(() => parseScript(text)).toThrow(message);
    expect(() => parseScript(text)).toThrow(expect.objectContaining({ name: 'MisuseError' }));
  });

  it('knows every fault by its name and by the value that stands for none', () => {
    expect(parse({ faults: noFaults })).toEqual({ faults: noFaults });
  });

  it('does each thing once, at the moment it names, and after as long as it says', () => {
    const told: Happening[] = [];
    const clock = virtualClock();
    const script = parse({
      steps: [
        { says: 'Hello.', ms: 900 },
        { calls: 'look', args: { up: true } },
        { on: 'response.done', nth: 2, afterMs: 50, session: 'hang-up' },
        { on: 'response.created', faults: { lateDone: 5 } },
        { on: 'session.updated', caller: 'Hi there.' },
        { on: 'session.updated', afterMs: 10, speech: 'ends', text: 'Hm.' },
        { on: 'session.updated', afterMs: 20, presses: '5' },
      ],
    });
    const player = playScript(script, clock, (happening) => told.push(happening));
    player.connected();
    expect(told).toEqual([
      { type: 'reply', reply: { items: [{ says: 'Hello.', ms: 900 }] } },
      { type: 'reply', reply: { items: [{ calls: 'look', args: '{"up":true}' }] } },
    ]);
    for (const type of ['session.updated', 'session.updated', 'response.created', 'response.done']) player.passed(type);
    clock.advance(1000);
    expect(told.slice(2)).toEqual([
      { type: 'caller', does: 'speaks', says: 'Hi there.', ms: 585 },
      { type: 'faults', faults: { lateDone: 5 } },
      { type: 'caller', does: 'ends', says: 'Hm.' },
      { type: 'caller', does: 'presses', key: '5' },
    ]);
    player.passed('response.done');
    clock.advance(49);
    expect(told).toHaveLength(6);
    clock.advance(1);
    expect(told.at(-1)).toEqual({ type: 'hang-up' });
  });

  it('says whatever the controls can say', () => {
    const clock = virtualClock();
    const byControls: Happening[] = [];
    const controls = controlsOn((happening) => byControls.push(happening));
    const transcript = { deltas: [{ at: 10, text: 'Hi' }], doneAt: 300 };
    const details = { ms: 500, audioMs: 450, transcript, transcriptionFails: 'server_error' };
    const hosted = { tools: [{ name: 'projects' }], state: 'reachable' as const };
    const options = { status: 'incomplete', reason: 'content_filter', lane: 'out-of-band', afterMs: 3 } as const;
    const injected = { type: 'rate_limits.updated', rate_limits: [] };
    const pairs: Record<keyof Controls, [() => void, object][]> = {
      caller: [
        [() => controls.caller.speaks('Hi.', details), { caller: 'Hi.', ...details }],
        [() => controls.caller.speaks('Hi.'), { caller: 'Hi.' }],
        [() => controls.caller.begins(), { speech: 'begins' }],
        [() => controls.caller.ends('Hi.'), { speech: 'ends', text: 'Hi.' }],
        [() => controls.caller.presses('5'), { presses: '5' }],
      ],
      says: [
        [
          () => controls.says('A.', { ms: 9, modality: 'text', ...options }),
          { says: 'A.', ms: 9, modality: 'text', options },
        ],
      ],
      calls: [[() => controls.calls('f', { x: 1 }, options), { calls: 'f', args: { x: 1 }, options }]],
      replies: [[() => controls.replies({ items: [] }), { replies: { items: [] } }]],
      fails: [[() => controls.fails('server_error', 'No.'), { fails: 'server_error', message: 'No.' }]],
      misbehaves: [[() => controls.misbehaves({ lateDone: 1 }), { faults: { lateDone: 1 } }]],
      hosts: [[() => controls.hosts('lab', hosted), { hosts: 'lab', hosted }]],
      injects: [[() => controls.injects(injected), { injects: injected }]],
      expire: [[() => controls.expire(), { session: 'expire' }]],
      hangUp: [[() => controls.hangUp(), { session: 'hang-up' }]],
      die: [[() => controls.die(), { session: 'die' }]],
      stall: [[() => controls.stall(), { session: 'stall' }]],
    };
    const both = Object.values(pairs).flat();
    for (const [control] of both) control();
    const byScript: Happening[] = [];
    const script = parse({ steps: both.map(([, step]) => step) });
    playScript(script, clock, (happening) => byScript.push(happening)).connected();
    expect(byScript).toEqual(byControls);
  });

  it('sets the server up, and waits for events of the client as well', () => {
    const server = { model: 'gpt-realtime', latency: { create: 5 }, pingEveryMs: 50, apiKeys: ['sk-1'] };
    const script = parse({ server, steps: [{ on: 'response.create', nth: 2, says: 'Again.' }] });
    expect(script.server).toEqual(server);
    const told: Happening[] = [];
    const clock = virtualClock();
    const player = playScript(script, clock, (happening) => told.push(happening));
    player.passed('response.create');
    clock.advance(1);
    expect(told).toEqual([]);
    player.passed('response.create');
    clock.advance(1);
    expect(told).toEqual([{ type: 'reply', reply: { items: [{ says: 'Again.' }] } }]);
  });
});
