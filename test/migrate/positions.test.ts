/** Wherever a create stands, and whatever the line ends: a mark changes only comments, a rewrite only the create. */
import { describe, expect, it } from 'vitest';
import { migrated, parse } from './run.js';

const raw = `raw.send({ type: 'response.create' })`;
const written = /void session\.respond\('[^']*'\)/g;

/** Function bodies, in which `CREATE` stands for an expression that requests a response. */
const positions: Readonly<Record<string, string>> = {
  'a statement': `  CREATE;`,
  'the first of a line': `  CREATE; done();`,
  'not the first of its line': `  done(); CREATE;`,
  'a statement without semicolons': `  const x = 1\n  CREATE\n  done()`,
  'before what could go on': `  done()\n  CREATE;\n  [1].map(done)`,
  'an if on one line': `  if (x) CREATE;`,
  'an if on two lines': `  if (x)\n    CREATE;\n  else\n    CREATE;`,
  'an else if': `  if (x) {\n    done();\n  } else if (y) CREATE;\n  else CREATE;`,
  'a loop without braces': `  for (const x of xs)\n    CREATE;\n  while (x) CREATE;\n  do CREATE; while (x);`,
  'the body of an arrow': `  on('x', () => CREATE);`,
  'the body of an arrow, on a line of its own': `  const later = () =>\n    CREATE;\n  later();`,
  'an arrow of an argument, on lines': `  on(\n    'x',\n    () => CREATE,\n  );`,
  'what is returned': `  return CREATE;`,
  'what is returned, in parentheses': `  return (\n    CREATE\n  );`,
  'after a return without a value': `  if (x) return\n  CREATE`,
  'a condition': `  x && CREATE;`,
  'a choice': `  const y = x\n    ? CREATE\n    : null;`,
  'a sequence': `  done(), CREATE;`,
  'a chain': `  Promise.resolve()\n    .then(() => CREATE)\n    .catch(done);`,
  'an optional chain': `  raw\n    ?.send({ type: 'response.create' })\n    ?.then(done);`,
  'an await': `  await CREATE;`,
  'a template': '  const words = `\n  one\n  ${CREATE} two\n`;',
  'a statement in a template': '  const words = `\n  ${(() => {\n    CREATE;\n  })()}\n`;',
  'a tagged template': '  tag`a ${CREATE}\n b`;',
  'a property': `  const x = {\n    a: 1,\n    b: CREATE,\n    c() {\n      CREATE;\n    },\n  };`,
  'a default': `  const f = (\n    x = CREATE,\n  ) => x;`,
  'a case': `  switch (x) {\n    case 1: CREATE;\n    case 2:\n      CREATE;\n      break;\n    default: CREATE\n  }`,
  'a label': `  again: for (;;) {\n    CREATE;\n    continue again;\n  }\n  once: CREATE;`,
  'a try': `  try { CREATE; }\n  catch { CREATE; }\n  finally {\n    CREATE;\n  }`,
  'a class': `  class A {\n    x = CREATE;\n    static { CREATE; }\n    static y = () =>\n      CREATE;\n    go() { CREATE; }\n    get\n    z() { CREATE; }\n  }`,
  'a generator': `  function* f() {\n    yield CREATE;\n    yield\n    CREATE;\n  }`,
  'an immediate function': `  ;(async () => {\n    CREATE\n  })()`,
  'a comment above': `  // Why.\n  CREATE;`,
  'a comment of lines above': `  /*\n   * Why.\n   */ CREATE;`,
  'a comment beside': `  CREATE; // Why.`,
  'a rule that is off for one line': `  // eslint-disable-next-line no-void\n  CREATE;\n  /* eslint-disable-next-line no-void */\n  CREATE;`,
  'an empty block': `  if (x) {}\n  CREATE`,
};

const inTypeScript: Readonly<Record<string, string>> = {
  'a decorated method': `  class A {\n    @log\n    @slow()\n    go() { CREATE; }\n    @log()\n    x = CREATE;\n  }`,
  'a decorated class': `  @log\n  class A {\n    x = () => { CREATE; };\n  }`,
  'a cast': `  const x = CREATE as unknown;\n  (CREATE as unknown)!;`,
  'an error that is expected': `  // @ts-expect-error why\n  CREATE;`,
};

const inJsx: Readonly<Record<string, string>> = {
  'the text of an element': `  return (\n    <p>\n      one\n      {CREATE}\n      // two\n    </p>\n  );`,
  'an attribute': `  return <b\n    onClick={() => CREATE}\n    onBlur={() => {\n      CREATE;\n    }}\n    x="\n    one"\n  />;`,
  'an element in text': `  return <p>\n    one {x ? <b>{CREATE}</b> : (\n      CREATE\n    )}\n  </p>;`,
};

const endings = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;
const cases = [
  ...Object.entries(positions).map((each) => [...each, 'a.js'] as const),
  ...Object.entries(inTypeScript).map((each) => [...each, 'a.ts'] as const),
  ...Object.entries(inJsx).map((each) => [...each, 'a.tsx'] as const),
].flatMap(([title, body, path]) =>
  Object.entries(endings).map(([name, ending]) => ({ title: `${title}, ${name}`, body, path, ending })),
);

const heads: Readonly<Record<string, string>> = { '': '', 'a first line for the shell': '#!/usr/bin/env node\n' };

const program = (head: string, body: string, create: string): string => `${head}${body.replaceAll('CREATE', create)}`;
const inFunction = (body: string): string => `async function hi() {\n${body}\n}\n`;
const opened = `import { openSession } from 'gated-realtime';\nconst session = await openSession({ transport: raw });\n`;

/** A tree without positions and comments. Strings keep the file's line ends. */
const shape = (path: string, text: string): string =>
  JSON.stringify(parse(path, text), (key, value: unknown) =>
    ['start', 'end', 'range', 'loc', 'comments', 'tokens', 'parent'].includes(key) ? undefined : value,
  );

describe('a mark', () => {
  it.each(cases)('changes nothing but comments: $title', ({ body, path, ending }) => {
    for (const head of Object.values(heads)) {
      const before = program(head, inFunction(body), raw).replaceAll('\n', ending);
      const { after, steps } = migrated(before, path);
      expect(steps.length).toBeGreaterThan(0);
      expect(shape(path, after)).toBe(shape(path, before));
      expect(migrated(after, path).after).toBe(after);
    }
  });

  it.each(cases.filter(({ ending }) => ending !== '\r'))(
    'stands in lines that end as the file’s do: $title',
    (each) => {
      const before = inFunction(each.body).replaceAll('CREATE', raw).replaceAll('\n', each.ending);
      const { after } = migrated(before, each.path);
      expect(after.replaceAll(each.ending, '')).not.toMatch(/[\r\n]/);
    },
  );

  it('stands above what is said to a tool of the next line', () => {
    const before = `  // eslint-disable-next-line no-void\n  ${raw};\n`;
    expect(migrated(before).after).toMatch(
      /^ {2}\/\/ gated-realtime: [^]*\n {2}\/\/ eslint-disable-next-line no-void\n {2}raw/,
    );
  });

  it('stands behind a byte order mark', () => {
    expect(migrated(`\uFEFF${raw};\n`).after).toMatch(/^\uFEFF\/\/ gated-realtime: [^\uFEFF]*$/);
  });
});

describe('a rewrite', () => {
  it.each(cases)('changes nothing but the create: $title', ({ body, path, ending }) => {
    const text = (create: string): string => program(opened, inFunction(body), create).replaceAll('\n', ending);
    const { after } = migrated(text(raw), path);
    const rest = after.replaceAll(written, raw);
    expect(shape(path, rest)).toBe(shape(path, text(raw).replaceAll(`await ${raw}`, raw)));
    expect(migrated(after, path).after).toBe(after);
  });
});

describe('what is removed', () => {
  const tool = (body: string): string =>
    `import { tool } from 'gated-realtime';\nimport type { OpenAIRealtimeWS } from 'openai/realtime/ws';\ndeclare const raw: OpenAIRealtimeWS;\nconst save = tool({\n  run: async () => {\n${body}\n  },\n});\n`;

  it.each([
    ['on a line of its own', `    done();\n    CREATE;\n    return 'x';`],
    ['without semicolons', `    done()\n    CREATE\n    return 'x'`],
    ['beside others', `    done(); CREATE; return 'x';`],
    ['last', `    done()\n    CREATE`],
    ['alone', `    CREATE`],
  ])('takes nothing with it: %s', (_, body) => {
    for (const ending of Object.values(endings)) {
      const text = (create: string): string => tool(body.replace('CREATE', create)).replaceAll('\n', ending);
      const { after } = migrated(text(raw));
      expect(shape('a.ts', after)).toBe(shape('a.ts', text('')).replaceAll('{"type":"EmptyStatement"},', ''));
      expect(migrated(after).after).toBe(after);
    }
  });

  it.each([
    ['an array', `[1].map(done)`],
    ['a parenthesis', `(() => done())()`],
    ['a template', '`x`.trim()'],
    ['an array behind a comment', `// Next.\n  /* Now. */ [1].map(done)`],
  ])('leaves a semicolon where the next line would go on: %s', (_, next) => {
    const output = `{ type: 'conversation.item.create', item: { type: 'function_call_output' } }`;
    const text = (create: string): string =>
      `${opened.replace(' });', ', tools: [] });')}session.on('call', () => {\n  session.send(${output})\n  ${create};${next}\n});\n`;
    const { after, steps } = migrated(text(`${raw}\n  `));
    expect(steps.map(({ does }) => does)).toEqual(['removed']);
    expect(shape('a.ts', after)).toBe(shape('a.ts', text('')));
  });
});
