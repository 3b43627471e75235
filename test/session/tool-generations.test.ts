import { describe, expect, it } from 'vitest';
import { defaultRules } from '../../src/session/plan.js';
import { Runtime } from '../../src/session/runtime.js';
import { ToolRunner } from '../../src/session/tool-runner.js';
import { virtualClock } from '../../src/simulator/clock.js';
import { jsonSchema, tool } from '../../src/tool.js';
import type { ConfirmedSession, Tool } from '../../types/index.js';
import { functionCall, rejection, ServerByHand, settles } from './by-hand.js';

/** Another version of the same tool, whose result names the version. */
const version = (number: number): Tool<'look_up'> =>
  tool({
    name: 'look_up',
    description: `Looks up, version ${number}.`,
    parameters: jsonSchema({ type: 'object' }),
    run: () => `version ${number}`,
  });

interface Call {
  readonly server: ServerByHand;
  readonly session: ConfirmedSession<string>;
}

async function opened(): Promise<Call> {
  const server = new ServerByHand();
  const session = await server.opened({ tools: [version(0)] });
  return { server, session };
}

async function confirmedUpdate({ server, session }: Call, number: number): Promise<void> {
  const updated = session.update({ tools: [version(number)] });
  server.confirms();
  await updated;
}

/** Lets the server refuse an update, and then report that the previous configuration is in force. */
async function rejectedUpdate({ server, session }: Call, number: number): Promise<void> {
  const before = session.effective;
  const updated = session.update({ tools: [version(number)] });
  const error = { event_id: server.last('session.update')?.['event_id'], code: 'invalid_value', message: 'no' };
  server.says({ type: 'error', error });
  await rejection(updated);
  server.says({ type: 'session.updated', session: before });
}

const outputs = ({ server }: Call): readonly unknown[] =>
  server.written.flatMap(({ item }) => (item?.output === undefined ? [] : [item.output]));

async function calls(call: Call, response: string, id = `call_of_${response}`): Promise<void> {
  call.server.says(functionCall(response, id, 'look_up'));
  await settles();
}

describe('the tools of a session', () => {
  it('in force run however many updates were rejected since', async () => {
    const call = await opened();
    for (let number = 1; number <= 40; number++) await rejectedUpdate(call, number);
    expect(call.session.state.configuration).toBe('confirmed');
    call.session.respond('greeting');
    call.server.creates('resp_1');
    await calls(call, 'resp_1');
    expect(outputs(call)).toEqual(['version 0']);
  });

  it('that were in force when a response began run for it, however many were confirmed since', async () => {
    const call = await opened();
    call.server.says({ type: 'response.created', response: { id: 'resp_1', conversation_id: 'conv_1' } });
    for (let number = 1; number <= 40; number++) await confirmedUpdate(call, number);
    await calls(call, 'resp_1');
    expect(outputs(call)).toEqual(['version 0']);
  });

  it('run in the version that was confirmed last, whatever other sessions of the process do', async () => {
    const [call, other] = [await opened(), await opened()];
    await confirmedUpdate(call, 1);
    for (let number = 1; number <= 40; number++) await confirmedUpdate(other, number);
    call.session.respond('greeting');
    call.server.creates('resp_1');
    await calls(call, 'resp_1');
    expect(outputs(call)).toEqual(['version 1']);
  });

  it('of an update that the server confirms after it was told to have failed run, and may be asked for', async () => {
    const call = await opened();
    const extra = tool({ ...version(1), name: 'extra', run: () => 'extra' });
    const updated = call.session.update({ tools: [extra] });
    const event_id = call.server.last('session.update')?.['event_id'];
    const session = { ...call.server.last('session.update')?.['session'], id: 'sess_1' };
    call.server.says({ type: 'error', error: { event_id, code: 'invalid_value', message: 'no' } });
    await rejection(updated);
    call.server.says({ type: 'session.updated', session });
    expect(call.session.respond('tool:extra').kind).toBe('admit');
    call.server.creates('resp_1');
    call.server.says(functionCall('resp_1', 'call_1', 'extra'));
    await settles();
    expect(outputs(call)).toEqual(['extra']);
  });

  it('stay for the calls of a round that is not over, though its response is', async () => {
    let finish = (_: string): void => undefined;
    const slow = tool({ ...version(0), run: () => new Promise<string>((resolve) => (finish = resolve)) });
    const server = new ServerByHand();
    const call = { server, session: await server.opened({ tools: [slow] }) };
    call.session.respond('greeting');
    server.creates('resp_1');
    await calls(call, 'resp_1', 'call_1');
    server.completes('resp_1');
    for (let number = 1; number <= 40; number++) await confirmedUpdate(call, number);
    await calls(call, 'resp_1', 'call_2');
    finish('the first version');
    await settles();
    expect(outputs(call)).toEqual(['the first version']);
  });

  it('that are not known any more are a fault, and the machine is told: no call is left without an end', async () => {
    const runtime = new Runtime(defaultRules('own', null), virtualClock());
    const faults: string[] = [];
    runtime.emitter.on('fault', ({ message }) => void faults.push(message));
    const runner = new ToolRunner(runtime);
    runner.run({ do: 'run-tool', call: 'call_1', tool: 'look_up', generation: 7, args: '{}' }, null as never);
    await settles();
    expect(faults).toEqual([expect.stringContaining('a configuration that the session no longer has')]);
  });
});
