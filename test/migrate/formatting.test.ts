import { describe, expect, it } from 'vitest';
import { complaints } from './compiler.js';
import { migrated, parse } from './run.js';

const opened = `import { openSession } from 'gated-realtime';\nconst session = await openSession({ transport: raw });\n`;
const made = (body: string): string => migrated(opened + body).after.slice(opened.length);

describe('formatting is kept', () => {
  it('with CRLF, in what is removed and in what is marked', () => {
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    const body = `const cutIn = () => {\n  raw.send({ type: 'response.cancel' });\n  raw.send({ type: 'response.create' });\n  later(raw.send({ type: 'response.create' }));\n};\n`;
    const after = migrated(crlf(opened + body)).after;
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after).toContain(`{\r\n  void session.respond('cut-in', { interrupt: true });\r\n  // gated-realtime: `);
  });

  it('with tabs', () => {
    const after = made(
      `const hi = () => {\n\traw.send({\n\t\ttype: 'response.create',\n\t\tresponse: { a },\n\t});\n\tx = raw.send({ type: 'response.create' });\n};\n`,
    );
    expect(after).toMatch(
      /^const hi = \(\) => \{\n\tvoid session\.respond\('hi', \{\n\t\tresponse: \{ a \},\n\t\}\);\n\t\/\/ gated-realtime: /,
    );
  });

  it('without semicolons', () => {
    expect(made(`const hi = () => {\n  const x = 1\n  raw.send({ type: 'response.create' })\n  done()\n}\n`)).toBe(
      `const hi = () => {\n  const x = 1\n  void session.respond('hi')\n  done()\n}\n`,
    );
  });

  it('without a last line break', () => {
    expect(made(`const hi = () => raw.send({ type: 'response.create' })`)).toBe(
      `const hi = () => void session.respond('hi')`,
    );
  });

  it('with comments in the object, before and after its type', () => {
    const before = `const hi = () => {
  // Above.
  raw.send({
    // Which event.
    type: 'response.create', // A create.
    /* How. */
    response: { instructions }, // In words.
  }); // Beside.
};
`;
    const after = made(before);
    for (const comment of before.match(/\/\/ .*|\/\* .* \*\//g) ?? []) expect(after).toContain(comment);
    expect(after).toContain(`void session.respond('hi', {`);
    expect(after).not.toContain('response.create');
  });

  it('with the type last, and with quoted keys', () => {
    expect(made(`const hi = () => raw.send({ response: { a }, type: 'response.create' });\n`)).toBe(
      `const hi = () => void session.respond('hi', { response: { a } });\n`,
    );
    expect(made(`const hi = () => raw.send({ "type": "response.create", "response": { a } });\n`)).toBe(
      `const hi = () => void session.respond('hi', { "response": { a } });\n`,
    );
  });

  it('with a comment that is all there is beside the type', () => {
    expect(made(`const hi = () => raw.send({ type: 'response.create' /* go */ });\n`)).toBe(
      `const hi = () => void session.respond('hi', {  /* go */ });\n`,
    );
  });

  it('with a byte order mark, and with a first line for the shell', () => {
    const text = `#!/usr/bin/env node\n${opened}const hi = () => {\n  raw.send({ type: 'response.create' });\n};\n`;
    expect(migrated(`\uFEFF${opened}raw.send({ type: 'response.create' });\n`).after).toBe(
      `\uFEFF${opened}void session.respond('response');\n`,
    );
    expect(migrated(text).after).toBe(
      text.replace(`raw.send({ type: 'response.create' })`, `void session.respond('hi')`),
    );
  });
});

describe('purposes are declared', () => {
  const list = (purposes: string): string =>
    migrated(
      `import { openSession } from 'gated-realtime';\nconst s = await openSession({ transport: raw, purposes: ${purposes} });\nconst hi = () => {\n  raw.send({ type: 'response.create' });\n};\n`,
    )
      .after.split('purposes: ')[1]!
      .split(' });')[0]!;

  it.each([
    ['in an empty list', `[]`, `['hi']`],
    ['in one line', `['a', 'b']`, `['a', 'b', 'hi']`],
    ['in its quotes', `["a"]`, `["a", "hi"]`],
    ['with a comma at the end', `['a',]`, `['a', 'hi',]`],
    ['on lines', `[\n  'a',\n]`, `[\n  'a',\n  'hi',\n]`],
    ['on lines, without a last comma', `[\n  'a'\n]`, `[\n  'a',\n  'hi'\n]`],
    ['below a comment beside the last', `[\n  'a', // why\n]`, `[\n  'a', // why\n  'hi',\n]`],
    ['below a comment, without a last comma', `[\n  'a' // why\n]`, `[\n  'a', // why\n  'hi'\n]`],
    ['before a comment of several lines', `[\n  'a', /* why\n  not */\n]`, `[\n  'a', 'hi', /* why\n  not */\n]`],
    ['after what is spread in', `[...base]`, `[...base, 'hi']`],
  ])('%s', (_, before, after) => {
    expect(list(before)).toBe(after);
  });
});

describe('marks', () => {
  it('stand above the statement that begins the line, at its indentation', () => {
    expect(migrated(`function f() {\n    if (a) b(raw.send({ type: 'response.create' }));\n}\n`).after).toMatch(
      /^function f\(\) \{\n {4}\/\/ gated-realtime: .*\n {4}\/\/ {3}.*\n {4}if \(a\)/,
    );
  });

  it('never stand in the text of a JSX element', () => {
    const text = `const view = (\n  <p>\n    {raw.send({ type: 'response.create' })}\n  </p>\n);\n`;
    const { after } = migrated(text, 'view.tsx');
    expect(after).toMatch(/^\/\/ gated-realtime: /);
    expect(() => parse('view.tsx', after)).not.toThrow();
  });

  it('never stand in a template', () => {
    const text = 'const words = `\n  ${raw.send({ type: "response.create" })}\n`;\n';
    expect(migrated(text).after.endsWith(text)).toBe(true);
  });

  it('go when what they are about can be rewritten', () => {
    const nudge = `const nudge = () => {\n  raw.send({ type: 'response.create' });\n};\n`;
    const after = migrated(nudge).after;
    expect(after).toContain('// gated-realtime: ');
    expect(migrated(opened + after).after).toBe(
      `${opened}const nudge = () => {\n  void session.respond('nudge');\n};\n`,
    );
  });

  it('are one for two findings of one statement', () => {
    const { after, marks } = migrated(
      `const f = () => a(raw.send({ type: 'response.create' }), raw.send({ type: 'response.create' }));\n`,
    );
    expect(marks).toBe(1);
    expect(migrated(after).after).toBe(after);
  });
});

describe('the compiler', () => {
  const typed = (body: string): string => `import { openSession, tool, type Transport } from 'gated-realtime';
import { z } from 'zod';
declare const over: (line: object) => Transport;
declare const raw: { send(event: object): void };
const save = tool({
  name: 'save',
  description: 'Saves.',
  parameters: z.object({ name: z.string() }),
  run: async ({ name }) => {
    raw.send({ type: 'response.create' });
    return { name };
  },
});
const session = await openSession({ transport: over(raw), purposes: ['greeting'], tools: [save] });
${body}`;

  it('is satisfied by what is rewritten', () => {
    const before =
      typed(`export const nudge = (): void => raw.send({ type: 'response.create', response: { instructions: 'Well?' } });
export function cutIn(): void {
  raw.send({ type: 'response.cancel' });
  raw.send({ type: 'response.create' });
}
export const later = (): unknown => setTimeout(() => raw.send({ type: 'response.create' }), 10);
`);
    const { after, steps } = migrated(before);
    expect(steps.map(({ does }) => does)).toEqual(['removed', 'rewritten', 'rewritten', 'rewritten']);
    expect(complaints([], { 'test/migrate/made.ts': after })).toEqual([]);
  });
});
