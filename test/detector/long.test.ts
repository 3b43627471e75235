import { expect, describe, it } from 'vitest';
import { fileOf, rawCreates } from '../../src/detector/index.js';
import { eventsAt, find, programOf, stringsAt } from './parse.js';

/** A hundred lines of typical code: constants, a class, helpers, listeners, events. */
const block = (at: number): string => `
const TYPE_${at} = { create: 'response.create', cancel: 'response.cancel' };
function build_${at}(type, more = {}) { return { type, ...more }; }
const text_${at} = (event) => JSON.stringify(event);
class Agent_${at} {
  constructor(ws) { this.ws = ws; this.count = 0; }
  send(event) { this.ws.send(text_${at}(event)); }
  greet() { this.send(build_${at}(TYPE_${at}.create, { response: { instructions: 'Hi' } })); }
  cancel() { this.send(build_${at}(TYPE_${at}.cancel)); }
}
let label_${at} = '';
${Array.from({ length: 40 }, (_, line) => `label_${at} = label_${at} + 'a' + other_${at}(${line}, [1, 2, { a: ${line} }]);`).join('\n')}
emitter.on('event_${at}', (event) => {
  switch (event.type) {
${Array.from({ length: 20 }, (_, line) => `    case 'kind.${line}': log('${line}', event); count(${line}, label_${at}); break;`).join('\n')}
  }
});
function other_${at}(line, list) {
  if (line === 0) return list.join('');
${Array.from({ length: 20 }, (_, line) => `  const value_${line} = transform(list[${line}] ?? list, { line, at: 'response' });`).join('\n')}
  return String(value_1) + other_${at}(line - 1, list);
}
`;

const CREATE = "rt.send({ type: 'response.create' });\n";

describe('a long file', () => {
  it('of 5,000 lines is looked into whole', () => {
    const text = Array.from({ length: 51 }, (_, at) => block(at)).join('');
    expect(text.split('\n').length).toBeGreaterThan(5_000);
    const program = programOf(text);
    expect(rawCreates(fileOf(program, text))).toHaveLength(51);
  });

  it.each([
    ['many calls', 'list.at(1);\n'.repeat(50_000), 0],
    ['many looks at one list', `${CREATE}const all = [${'f(0),'.repeat(6_000)}];\n${'is(all);\n'.repeat(6_000)}`, 1],
  ])('with %s is looked into in seconds', { timeout: 15_000 }, (_, text, count) => {
    expect(find(`// response.create\n${text}`)).toHaveLength(count);
  });
});

describe('names that are made of each other', () => {
  it.each([
    ['a name that is made of itself', "let s = 'a'; s = s + s; s = s + 'b' + s; at(s);"],
    ['two names', 'let a = b; let b = a; at(a);'],
    ['members of each other', 'const a = b.x; const b = a.x; at(a.x);'],
    ['members of members', 'let e = {}; e = e.next.next; e = e.previous.next; at(e.next.type);'],
    ['a function that calls itself', "const f = (n) => (n ? f(n - 1) : { type: 'x' }); at(f(3));"],
    ['functions that call each other', 'const f = (n) => g(n); const g = (n) => f(n); at(f(1));'],
    ['a function that is given itself', 'const f = (g) => g(g); at(f(f));'],
    ['spreads of each other', 'let a = { ...b }; let b = { ...a }; at(a);'],
    ['a type that is its own', 'const e = {}; e.type = e.type; at(e);'],
    ['names taken from each other', 'const { a } = b; const { b } = a; at(a);'],
    ['a name taken from itself', 'const { a } = a; at(a);'],
    ['a loop over what it makes', 'let all = []; for (const one of all) all = [one, ...all]; at(all);'],
    [
      'many names with many values',
      `${Array.from({ length: 12 }, (_, at) => `let n${at} = '';`).join('\n')}
       ${Array.from({ length: 300 }, (_, at) => `n${at % 12} = n${(at * 7) % 12} + n${(at * 5) % 12} + '${at}';`).join('\n')}
       at(n0);`,
    ],
    [
      'a deep chain of helpers',
      `${Array.from({ length: 60 }, (_, at) => `const f${at} = (e) => [f${at + 1}(e), f${at + 1}(e), f${at + 1}(e)];`).join('\n')} at(f0(1));`,
    ],
    ['a deep expression', `at(${Array.from({ length: 500 }, () => "'a'").join(' + ')});`],
    ['a long list', `at([${'0,'.repeat(150_000)}0]);`],
    ['an event with a long list', `at(''); rt.send({ type: 'response.create', list: [${'0,'.repeat(150_000)}0] });`],
    ['a deep nest', `at(${'['.repeat(400)}1${']'.repeat(400)});`],
  ])('come to an end: %s', (_, code) => {
    stringsAt(code);
    eventsAt(code);
    const found = find(`// realtime response.create\n${code} rt.send({ type: 'response.create' });`);
    expect(found.length).toBeGreaterThan(0);
  });
});
