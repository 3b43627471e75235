/** Tests of an agent with `node:test`, as users write them. Run by `node-test.test.ts`. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { jsonSchema, tool } from 'gated-realtime';
import { expectVerdict, simulate } from 'gated-realtime/simulator';

const parameters = jsonSchema({ type: 'object', properties: {} });

void test('a greeting waits for a caller who is speaking', async () => {
  const { session, server } = await simulate({ purposes: ['greeting'] });
  server.caller.speaks('Hello?', { ms: 2_000 });
  await session.once('input_audio_buffer.speech_started');
  expectVerdict(session.respond('greeting')).toHold('user-speaking');
  await session.close();
});

void test('a tool answers under mocked timers', async () => {
  mock.timers.enable();
  const hours = tool({ name: 'hours', description: 'Tells the hours.', parameters, run: () => 'nine to five' });
  const { session, server } = await simulate({ purposes: ['greeting'], tools: [hours] });
  const round = new Promise<string>((resolve) => session.on('tools', ({ calls }) => resolve(calls[0]!.result)));
  server.calls('hours');
  server.caller.speaks('When are you open?');
  assert.equal(await round, 'answered');
  await session.close();
  mock.timers.reset();
});

void test('a mocked timer of a tool moves where the test moves it', async () => {
  mock.timers.enable();
  const run = () => new Promise((resolve) => setTimeout(resolve, 5_000, 'nine'));
  const hours = tool({ name: 'hours', description: 'Tells the hours.', parameters, run });
  const { session, server } = await simulate({ tools: [hours] });
  const round = new Promise<string>((resolve) => session.on('tools', ({ calls }) => resolve(calls[0]!.result)));
  server.calls('hours');
  server.caller.speaks('When are you open?');
  await session.once('response.function_call_arguments.done');
  await session.once('response.done');
  mock.timers.tick(5_000);
  assert.equal(await round, 'answered');
  await session.close();
  mock.timers.reset();
});

void test('fails: it was admitted', async () => {
  const { session } = await simulate({ purposes: ['greeting'] });
  expectVerdict(session.respond('greeting')).toHold('user-speaking');
});
