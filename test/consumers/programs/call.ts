/** A call over a loopback socket, as a project would hold it. */
import { match } from 'ts-pattern';
import { z } from 'zod';
import { tool, userMessage } from 'gated-realtime';
import { listen } from 'gated-realtime/simulator';
import { openSession } from 'gated-realtime/ws';

export async function call(): Promise<void> {
  const server = await listen({ seed: 7, pace: 20 });
  server.says('Good morning.', { ms: 400 });
  server.calls('save_lead_info', { name: 'Ada' });
  server.says('I have written it down.', { ms: 400 });
  server.says('Goodbye.', { ms: 400 });
  let saved = '';
  const saveLead = tool({
    name: 'save_lead_info',
    description: 'Save what the caller told us.',
    parameters: z.object({ name: z.string() }),
    run({ name }, { signal }) {
      saved = signal.aborted ? '' : name.trim();
      return { saved: true };
    },
    reply: (result) => (result.saved ? 'respond' : 'silent'),
  });
  const session = await openSession({
    model: 'gpt-realtime-2.1',
    url: server.url,
    apiKey: 'simulated',
    session: { instructions: 'You answer the phone of a flower shop.' },
    purposes: ['greeting', 'answer'],
    tools: [saveLead],
    guards: { 'human-takeover': () => false },
  });
  let heard = 0;
  session.on('audio', ({ bytes }) => {
    heard += bytes.byteLength;
  });
  session.on('response.done', ({ response }) => response.usage?.total_tokens);

  const verdict = session.respond('greeting', { whenBlocked: 'hold-this-turn' });
  const admitted = match(verdict)
    .with({ kind: 'admit' }, ({ response }) => response.purpose)
    .with({ kind: 'hold' }, ({ by }) => by.join())
    .with({ kind: 'refuse', by: 'human-takeover' }, () => 'an operator has the call')
    .with({ kind: 'refuse' }, ({ message }) => message)
    .exhaustive();
  const outcome = await verdict.done;
  const said = outcome.status === 'completed' ? outcome.text : outcome.status;

  const rounds = session.once('tools');
  session.send(userMessage('My name is Ada.'));
  await session.respond('answer').done;
  const { followUp } = await rounds;
  const ending = await session.hangup({ farewell: { instructions: 'Say goodbye.' } });
  await session.closed;
  await server.close();

  const story = [admitted, said, saved, followUp, ending.kind, heard > 0 ? 'heard' : 'silence'].join('; ');
  if (story !== 'greeting; Good morning.; Ada; asked; hung-up; heard') throw new Error(story);
}
