import type { Audit } from '../../examples/phone-agent/simulated/audit.js';
import { audit } from '../../examples/phone-agent/simulated/audit.js';
import type { Stage } from '../../examples/phone-agent/simulated/stage.js';
import { startWorld, type World } from '../../examples/phone-agent/simulated/world.js';

// Many calls at once to one phone agent, competing for few appointments, and ending at every inconvenient moment.
// Nothing may be lost. `npx tsx test/load/calls.ts [calls] [pace]`; exits with 1 if anything was.

const [calls = 50, pace = 4] = process.argv.slice(2).map(Number);

const GREETING = 'Good morning.';
const times = ['09:00', '09:30', '10:00', '10:30', '11:00', '11:30', '12:00', '12:30'];
const days = ['2026-11-24', '2026-11-25'];

/** The ways in which a caller leaves. */
const departures = [
  'says goodbye',
  'hangs up',
  'hangs up in mid-tool',
  'drops in mid-tool',
  'interrupts, and drops',
] as const;

async function play(world: World, index: number): Promise<Stage> {
  const departure = departures[index % departures.length] ?? 'hangs up';
  const stage = await world.dial({ prepare: (model) => model.says(GREETING) });
  await stage.hears(GREETING);
  stage.model.replies({ items: [lead(index), booking(index)] });
  const inMidTool = departure.endsWith('in mid-tool');
  if (inMidTool) stage.log.onFrame(({ event }) => leaveAt(stage, departure, event.type));
  const reply = stage.answersTool((output) => `The calendar says ${output.slice(0, 60)}`);
  await stage.says('I would like to come as soon as possible.');
  if (!inMidTool) await leave(stage, departure, await reply);
  await stage.over();
  return stage;
}

const lead = (index: number) => ({
  calls: 'save_lead_info',
  args: JSON.stringify({ name: `Caller ${index}`, phone: `555${index}`, wish: 'an appointment' }),
});

const booking = (index: number) => ({
  calls: 'schedule_appointment',
  args: JSON.stringify({
    name: `Caller ${index}`,
    date: days[index % days.length],
    time: times[index % times.length],
  }),
});

/** Leaves as soon as the model has called a tool: the tool may be before, in or after its commit. */
function leaveAt({ caller }: Stage, departure: string, type: string): void {
  if (type !== 'response.output_item.done') return;
  if (departure.startsWith('drops')) caller.drops();
  else caller.hangsUp();
}

async function leave(stage: Stage, departure: string, reply: string): Promise<void> {
  if (departure === 'interrupts, and drops') {
    await stage.hears(reply, 250);
    await stage.says('No, wait.');
    return stage.caller.drops();
  }
  await stage.hears(reply);
  if (departure === 'hangs up') return stage.caller.hangsUp();
  stage.model.calls('end_call');
  stage.model.says('Goodbye.');
  await stage.says('Thank you, bye.');
}

const world = await startWorld({ pace, databaseUrl: process.env['DATABASE_URL'] });
const began = performance.now();
const stages = await Promise.all(Array.from({ length: calls }, (_, index) => play(world, index)));
const seconds = (performance.now() - began) / 1_000;

const audits = await Promise.all(stages.map((stage) => audit(stage, world.database)));
const overlapping = await world.database.query<object>(
  'select from appointments a join appointments b on a.during && b.during and a.ctid < b.ctid',
);
const strangers = await world.database.query<object>(
  'select from appointments left join calls using (call_sid) where calls.call_sid is null or calls.ending is null',
);
const sum = (of: (each: Audit) => number): number => audits.reduce((total, each) => total + of(each), 0);
const losses = audits.flatMap((each) => each.losses);
const rounds = stages.flatMap(({ log }) => log.rounds.flatMap((round) => round.calls));
const count = (result: string): number => rounds.filter((call) => call.result === result).length;

const report = [
  `${calls} calls at once in ${seconds.toFixed(1)} s, ${pace} times faster than life`,
  `  frames to the model        ${stages.reduce((total, { log }) => total + log.framesSent, 0)}`,
  `  function calls             ${sum((each) => each.functionCalls)}`,
  `    answered                 ${count('answered')}`,
  `    the call was over        ${count('unsent')}`,
  `  appointments in the book   ${sum((each) => each.bookings)}`,
  `    that overlap             ${overlapping.length}`,
  `    of no finished call      ${strangers.length}`,
  `  errors of the server       ${stages.flatMap(errorsOf).length}`,
  `  losses                     ${losses.length}`,
  ...losses.map((loss) => `    ${loss}`),
];
process.stdout.write(`${report.join('\n')}\n`);
await world.close();
if (losses.length + overlapping.length + strangers.length > 0) process.exitCode = 1;

function errorsOf({ log }: Stage): readonly string[] {
  return log.frames.flatMap(({ event }) => (event.type === 'error' ? [event.error?.code ?? ''] : []));
}
