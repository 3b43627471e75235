/** A package over this one: it shows our types, and writes none of them down. */
import { jsonSchema, plan, tool } from 'gated-realtime';
import type { AnySession, AnyTool, ConfirmedSession, SessionPlan } from 'gated-realtime';
import { simulate } from 'gated-realtime/simulator';
import { openSession } from 'gated-realtime/ws';
export * from 'gated-realtime';

export const nextDone = (session: AnySession) => session.once('response.done');
export const anyEvent = (session: AnySession) => session.once('event');
export const everyEvent = (session: AnySession) => session.events();
export const effective = (session: AnySession) => session.effective;
export const audio = (session: AnySession) => session.effective.audio;
export const turnDetection = (session: AnySession) => session.effective.audio?.input?.turn_detection;
export const outcome = async (session: ConfirmedSession<'greeting'>) => session.respond('greeting').done;
export const usage = async (session: AnySession) => (await session.once('response.done')).response.usage;
export const items = async (session: AnySession) => (await session.once('response.done')).response.output;
export const rates = async (session: AnySession) => (await session.once('rate_limits.updated')).rate_limits;
export const onDone = (session: AnySession) => ({
  of: (write: (event: Awaited<ReturnType<typeof nextDone>>) => void) => session.on('response.done', write),
});

export const hours = tool({
  name: 'opening_hours',
  description: 'Tells when the shop is open.',
  parameters: jsonSchema({ type: 'object' }),
  run: () => 'from nine to six',
});
export const tools = [hours, { type: 'mcp', server_label: 'crm', server_url: 'https://crm.example.com' }] as const;
export const sales = plan({ purposes: ['greeting'], tools: [hours], guards: { 'after-hours': () => false } });

export const open = <
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  written: SessionPlan<Purpose, Tools, Guard>,
) => openSession({ model: 'gpt-realtime-2.1', ...written });
export const openSales = () => open(sales);
export const rehearse = () => simulate(sales);
