import { type } from 'arktype';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { z } from 'zod';
import { jsonSchema, MisuseError, tool } from '../../src/index.js';
import { rejection, ServerByHand } from './by-hand.js';

const parameters = jsonSchema({ type: 'object' });
const usual = { name: 'look_up', description: 'Looks it up.', parameters };
const made = (definition: object): unknown => tool(definition as never);

describe('tool() refuses, naming the tool,', () => {
  it.each<[string, unknown]>([
    ['a type that JSON Schema cannot say', z.object({ day: z.date() })],
    ['a transform, whose input nobody can say', z.object({ day: z.bigint() })],
    ['a schema that cannot print itself', v.object({ day: v.string() })],
    ['a schema that is no object at the top', z.string()],
    ['a list at the top', z.array(z.string())],
    ['a union at the top', z.union([z.object({ a: z.string() }), z.object({ b: z.string() })])],
    ['a schema of arktype that is no object', type('string')],
    ['JSON Schema that is no object', jsonSchema({ type: 'string' })],
    ['JSON Schema without a type', jsonSchema({})],
    ['JSON Schema that JSON cannot say', jsonSchema({ type: 'object', maximum: 10n })],
    ['plain JSON Schema', { type: 'object' }],
    ['nothing', undefined],
  ])('%s', (_, schema) => {
    expect(() => made({ ...usual, parameters: schema })).toThrow(MisuseError);
    expect(() => made({ ...usual, parameters: schema })).toThrow(/look_up/);
  });

  it.each<[string, object]>([
    ['an option that does not exist', { strict: true }],
    ['a run that is no function', { run: 'now' }],
    ['no time at all', { timeoutMs: 0 }],
    ['time that is none', { timeoutMs: NaN }],
  ])('%s', (_, more) => {
    expect(() => made({ ...usual, ...more })).toThrow(/look_up/);
  });
});

describe('tool() refuses', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a name with a space', { ...usual, name: 'look up' }],
    ['a name that is too long', { ...usual, name: 'x'.repeat(65) }],
    ['no name', { ...usual, name: undefined }],
  ])('%s', (_, definition) => {
    expect(() => made(definition as object)).toThrow(MisuseError);
  });
});

describe('a tool that was written down without tool()', () => {
  it('is checked as tool() checks, before anything is sent', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const tools = [{ ...usual, parameters: z.object({ day: z.date() }) }];
    expect(await rejection(session.configure({ tools }))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
  });
});

it('two tools of one name are refused before anything is sent', async () => {
  const server = new ServerByHand();
  const session = await server.connected();
  expect(await rejection(session.configure({ tools: [tool(usual), tool(usual)] }))).toBeInstanceOf(MisuseError);
  expect(server.written).toEqual([]);
});
