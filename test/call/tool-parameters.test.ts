import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as v from 'valibot';
import { z } from 'zod';
import { jsonSchema, MisuseError, tool } from '../../src/index.js';
import type { AnyTool } from '../../types/index.js';
import { call, next } from './call.js';

describe('a tool that is an instance of a class', () => {
  class Calendar {
    readonly #free = ['Monday'];
    readonly name = 'check_availability';
    get description() {
      return `Looks a day up: ${this.#free.join()}.`;
    }
    get parameters() {
      return jsonSchema({ type: 'object' });
    }
    run() {
      return { free: this.#free };
    }
    reply() {
      return this.#free.length > 0 ? ('silent' as const) : ('respond' as const);
    }
  }

  test.each([
    ['made by tool()', (): AnyTool => tool(new Calendar())],
    ['written down without it', (): AnyTool => new Calendar()],
  ])('keeps its methods, and they keep it: %s', async (_, made) => {
    const { session, server, watch } = await call({ tools: [made()] });
    const [update] = watch.sent('session.update') as unknown as readonly [{ session: { tools: object[] } }];
    expect(update.session.tools[0]).toMatchObject({
      description: 'Looks a day up: Monday.',
      parameters: { type: 'object' },
    });
    server.calls('check_availability', {});
    session.respond('greeting');
    expect(await next(session, 'tools')).toMatchObject({ followUp: 'silent' });
    expect(watch.outputs).toEqual([{ free: ['Monday'] }]);
    expect(watch.faults).toEqual([]);
  });
});

describe('the parameters of a tool', () => {
  const wire = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] };
  const schemas = [
    { by: 'zod', parameters: z.object({ day: z.string() }) },
    { by: 'arktype', parameters: type({ day: 'string' }) },
    { by: 'valibot', parameters: toStandardJsonSchema(v.object({ day: v.string() })) },
  ] as const;

  test.each(schemas)('by $by: are told to the server, checked, and typed', async ({ parameters }) => {
    const given: string[] = [];
    const check = tool({
      name: 'check_availability',
      description: 'Looks a day up.',
      parameters: parameters,
      run: ({ day }) => {
        expectTypeOf(day).toEqualTypeOf<string>();
        given.push(day);
        return { free: true };
      },
    });
    const { session, server, watch } = await call({ tools: [check] });
    const [update] = watch.sent('session.update') as unknown as readonly [{ session: { tools: object[] } }];
    expect(update.session.tools[0]).toMatchObject({ type: 'function', name: 'check_availability', parameters: wire });
    server.calls('check_availability', { day: 'Monday' });
    session.respond('greeting');
    await next(session, 'tools');
    expect(given).toEqual(['Monday']);
    expect(watch.outputs).toEqual([{ free: true }]);
  });

  test.each(schemas)('by $by: what does not fit is not run, and the model is told what to correct', async (schema) => {
    let runs = 0;
    const { parameters } = schema;
    const check = tool({ name: 'check', description: '', parameters, run: () => void runs++ });
    const { session, server, watch } = await call({ tools: [check] });
    server.calls('check', { day: 7 });
    session.respond('greeting');
    await next(session, 'tools');
    expect(runs).toBe(0);
    expect(watch.outputs).toMatchObject([{ error: expect.any(String) as string, issues: [{ path: 'day' }] }]);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'invalid' }], followUp: 'asked' }]);
  });

  test('that are known as data only are passed on unchecked', async () => {
    const given: unknown[] = [];
    const any = tool({
      name: 'anything',
      description: '',
      parameters: jsonSchema({ type: 'object' }),
      run: (args) => {
        expectTypeOf(args).toEqualTypeOf<unknown>();
        given.push(args);
      },
    });
    const { session, server } = await call({ tools: [any] });
    server.calls('anything', { day: 7 });
    session.respond('greeting');
    await next(session, 'tools');
    expect(given).toEqual([{ day: 7 }]);
  });

  test('reach the tool as the schema makes them, defaults and transformations included', async () => {
    const given: unknown[] = [];
    const parameters = z.object({ day: z.string().default('today'), seats: z.coerce.number() });
    const book = tool({ name: 'book', description: '', parameters, run: (args) => given.push(args) });
    const { session, server } = await call({ tools: [book] });
    server.calls('book', { seats: '4' });
    session.respond('greeting');
    await next(session, 'tools');
    expect(given).toEqual([{ day: 'today', seats: 4 }]);
  });

  test('of a tool that was written without tool() are used as well', async () => {
    const look = { name: 'look', description: 'Looks.', parameters: jsonSchema({ type: 'object' }) };
    const { session, server, watch } = await call({ tools: [{ ...look, run: () => Promise.resolve({ seen: true }) }] });
    server.calls('look', {});
    session.respond('greeting');
    expect(await next(session, 'tools')).toMatchObject({ calls: [{ result: 'answered' }], followUp: 'asked' });
    expect(watch.outputs).toEqual([{ seen: true }]);
  });

  test('that cannot print themselves are misuse where they are written', () => {
    const bare = v.object({ day: v.string() }) as never;
    const make = () => tool({ name: 'check', description: '', parameters: bare, run: () => 1 });
    expect(make).toThrow(MisuseError);
    expect(make).toThrow(/JSON Schema/);
  });
});
