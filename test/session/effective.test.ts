import { describe, expect, it } from 'vitest';
import { jsonSchema, MisuseError, sessionParameters, tool } from '../../src/index.js';
import { ServerByHand } from './by-hand.js';

describe('effective', () => {
  it('is the session as the server last told it, with all that it filled in', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: { instructions: 'Be brief.' } });
    server.says({
      type: 'session.updated',
      session: { id: 'sess_1', audio: { output: { voice: 'marin' } }, expires_at: 7 },
    });
    expect(session.effective).toEqual({ id: 'sess_1', audio: { output: { voice: 'marin' } }, expires_at: 7 });
  });

  it('is a copy: changing it changes nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: { instructions: 'Be brief.' } });
    (session.effective as { instructions: string }).instructions = 'Sing.';
    expect(session.effective).toMatchObject({ instructions: 'Be brief.' });
  });

  it('follows an update', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const update = session.update({ session: { instructions: 'Sing.' } });
    server.confirms();
    await update;
    expect(session.effective).toMatchObject({ instructions: 'Sing.' });
  });
});

describe('sessionParameters()', () => {
  const look = tool({
    name: 'look_up',
    description: 'Looks.',
    parameters: jsonSchema({ type: 'object' }),
    run: () => 1,
  });
  const hosted = { type: 'mcp', server_label: 'docs', server_url: 'https://example.com' } as const;

  it('is a plan’s settings and tools in the wire’s form', () => {
    const parameters = sessionParameters({ session: { instructions: 'Be brief.' }, tools: [look, hosted] });
    expect(parameters).toEqual({
      type: 'realtime',
      instructions: 'Be brief.',
      tools: [{ type: 'function', name: 'look_up', description: 'Looks.', parameters: { type: 'object' } }, hosted],
    });
  });

  it('is what configure() sends', async () => {
    const plan = { session: { instructions: 'Be brief.' }, tools: [look] };
    const server = new ServerByHand();
    void (await server.connected()).configure(plan);
    expect(server.last('session.update')?.['session']).toEqual(sessionParameters(plan));
  });

  it('leaves out the fields of turn detection that are refused when a call is accepted', () => {
    const turn_detection = {
      type: 'server_vad',
      threshold: 0.6,
      prefix_padding_ms: 200,
      silence_duration_ms: 400,
      create_response: false,
    } as const;
    expect(sessionParameters({ session: { audio: { input: { turn_detection } } } })).toEqual({
      type: 'realtime',
      audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } },
    });
  });

  it('leaves the plan as it was', () => {
    const turn_detection = { type: 'server_vad', threshold: 0.6 } as const;
    const plan = { session: { audio: { input: { turn_detection } } } };
    sessionParameters(plan);
    expect(plan.session.audio.input.turn_detection).toEqual({ type: 'server_vad', threshold: 0.6 });
  });

  it.each<[string, object | null]>([
    ['null', null],
    ['instructions that clear nothing', { session: { instructions: '' } }],
    ['two tools of one name', { tools: [look, look] }],
    ['tools that are none', { tools: [1] }],
  ])('throws MisuseError for %s', (_, plan) => {
    expect(() => sessionParameters(plan as never)).toThrow(MisuseError);
  });
});

describe('instructions that are empty', () => {
  it('are misuse in a plan, before anything is sent: the server would answer with its own', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    await expect(session.configure({ session: { instructions: '' } })).rejects.toThrow(MisuseError);
    expect(server.written).toEqual([]);
  });

  it('are misuse in an update, and the session stands', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    await expect(session.update({ session: { instructions: '' } })).rejects.toThrow(MisuseError);
    expect([server.written, session.state.shut]).toEqual([[], []]);
  });
});
