import { describe, expect, it } from 'vitest';
import { parseScript, virtualClock } from '../../src/simulator/index.js';
import type { Happening } from '../../src/simulator/index.js';
import { playScript } from '../../src/simulator/script.js';
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
    for (const type of ['session.updated', 'session.updated', 'response.created', 'response.done']) player.sent(type);
    clock.advance(1000);
    expect(told.slice(2)).toEqual([
      { type: 'caller', does: 'speaks', says: 'Hi there.', ms: 585 },
      { type: 'faults', faults: { lateDone: 5 } },
      { type: 'caller', does: 'ends', says: 'Hm.' },
      { type: 'caller', does: 'presses', key: '5' },
    ]);
    player.sent('response.done');
    clock.advance(49);
    expect(told).toHaveLength(6);
    clock.advance(1);
    expect(told.at(-1)).toEqual({ type: 'hang-up' });
  });
});
