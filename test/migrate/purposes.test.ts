/** The purpose of a migrated create: the lint rules suggest the same one for the same place. */
import { describe, expect, it } from 'vitest';
import { fileOf, purposeAt, purposeFor, rawCreates } from '../../src/detector/index.js';
import { migrated, parse } from './run.js';

const create = `raw.send({ type: 'response.create' })`;
const opened = (plan: string): string =>
  `import { openSession } from 'gated-realtime';\nconst session = await openSession({ transport: raw, ${plan} });\n`;

/** The purpose suggested by the rules, the one of the migration, and the migrated program. */
function named(program: string) {
  const file = fileOf(parse('agent.ts', program), program);
  const [finding] = rawCreates(file);
  const written = /respond\('([^']*)'/.exec(migrated(program).after)?.[1];
  return {
    rules: finding && purposeAt(file, finding.node),
    written,
    always: finding && purposeFor(file, finding.node),
  };
}

describe('a purpose', () => {
  it.each([
    ['what the function says beside its verb', `const sendGreeting = () => ${create};\n`, 'greeting'],
    ['what is declared, in another form', `const greet = () => ${create};\n`, 'greeting'],
    [
      'what a method says',
      `class Agent {\n  hi() {\n    const checkSilence = () => ${create};\n  }\n}\n`,
      'check-silence',
    ],
  ])('is the same in the rules and in the migration: %s', (_, body, purpose) => {
    expect(named(opened(`purposes: ['greeting']`) + body)).toEqual({
      ...{ rules: purpose, written: purpose, always: purpose },
    });
  });

  it('that a constant declares is known', () => {
    const program = `const purposes = ['greeting'] as const;\n${opened('purposes')}const greet = () => ${create};\n`;
    expect(named(program)).toMatchObject({ rules: 'greeting', written: 'greeting' });
  });

  it.each([
    ['the name of its function', `const sendResponse = () => ${create};\n`, 'send-response'],
    ['the event that is listened to', `raw.on('session.updated', () => ${create});\n`, 'on-session-updated'],
    ['a word that says nothing', `setTimeout(() => ${create});\n`, 'response'],
  ])('that the rules have no name for is written all the same: %s', (_, body, purpose) => {
    expect(named(opened('purposes: []') + body)).toEqual({ ...{ rules: null, written: purpose, always: purpose } });
  });
});
