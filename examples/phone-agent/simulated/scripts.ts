import type { SimulatedSocket } from 'gated-realtime/simulator';
import type { CallLimits } from '../config.js';
import type { Stage } from './stage.js';
import type { World } from './world.js';

/** A scripted call, with one caller or more. */
export interface Script {
  readonly title: string;
  /** Resolves once all its calls are over. */
  play(world: World): Promise<readonly Stage[]>;
}

const GREETING = 'Oak Street Dental, good morning. What can I do for you?';
const TUESDAY = '2026-11-24';

type Play = (stage: Stage, world: World) => Promise<void>;

/** A call with one caller, whom the agent has greeted when `play` begins. */
const call = (title: string, play: Play, limits: Partial<CallLimits> = {}): Script => ({
  title,
  async play(world) {
    const stage = await answered(world, limits);
    await play(stage, world);
    await stage.over();
    return [stage];
  },
});

async function answered(world: World, limits: Partial<CallLimits> = {}): Promise<Stage> {
  const stage = await world.dial({ limits, prepare: (model) => model.says(GREETING) });
  await stage.hears(GREETING);
  return stage;
}

export const scripts: readonly Script[] = [
  call('books', async (stage) => {
    stage.model.calls('check_availability', { date: TUESDAY });
    stage.model.calls('schedule_appointment', { name: 'Ada Byron', date: TUESDAY, time: '10:00' });
    stage.model.says('You are booked for Tuesday at ten.');
    await stage.says('This is Ada Byron. Have you anything on Tuesday at ten?');
    await stage.hears('You are booked for Tuesday at ten.');
    await goodbye(stage);
  }),

  call('interrupts', async (stage) => {
    const long =
      'We are open from nine to five, and on Thursdays we have a special offer on whitening, which I can explain.';
    stage.model.says(long);
    void stage.says('When are you open?');
    await stage.hears(long, 1_000);
    stage.model.says('Of course. No more about whitening.');
    await stage.says('Stop, stop. That is all I wanted.');
    await stage.hears('Of course. No more about whitening.');
    stage.caller.hangsUp();
  }),

  {
    title: 'double-books: two callers want the same half hour',
    async play(world) {
      const stages = await Promise.all([answered(world), answered(world)]);
      await Promise.all(
        stages.map(async (stage, index) => {
          const name = index === 0 ? 'Grace Hopper' : 'Alan Turing';
          stage.model.calls('schedule_appointment', { name, date: TUESDAY, time: '11:00' });
          const reply = stage.answersTool((output) =>
            output.includes('"booked":true') ? 'You are booked for eleven.' : 'I am sorry, eleven has just gone.',
          );
          await stage.says(`${name} here. Tuesday at eleven, please.`);
          await stage.hears(await reply);
          stage.caller.hangsUp();
        }),
      );
      await Promise.all(stages.map((stage) => stage.over()));
      return stages;
    },
  },

  call(
    'hangs up in mid-tool',
    async (stage, world) => {
      world.stall(stage.callSid, stage.caller.ended);
      stage.model.calls('schedule_appointment', { name: 'Vera Molnar', date: TUESDAY, time: '12:00' });
      stage.model.says('One moment, please.');
      await stage.says('Vera Molnar. Tuesday at twelve. Are you there?');
      await stage.hears('One moment, please.');
      stage.caller.hangsUp();
    },
    { patienceMs: 1_500 },
  ),

  call('speaks over the goodbye', async (stage) => {
    stage.model.calls('end_call');
    stage.model.says('Thank you for calling Oak Street Dental, have a very nice day, and goodbye!');
    stage.model.says('On the left, right beside the baker.');
    await stage.says('That was all, thanks.');
    await stage.hears('Thank you for calling Oak Street Dental, have a very nice day, and goodbye!', 500);
    await stage.says('Oh, wait. Where do I find you?');
    await stage.hears('On the left, right beside the baker.');
    await goodbye(stage);
  }),

  call('two tools at once', async (stage) => {
    const lead = { name: 'Emmy Noether', phone: '5550199', wish: 'a check-up' };
    stage.model.replies({
      items: [
        { calls: 'save_lead_info', args: JSON.stringify(lead) },
        { calls: 'check_availability', args: JSON.stringify({ date: TUESDAY }) },
      ],
    });
    stage.model.says('Noted. Tuesday has room in the afternoon.');
    await stage.says('Emmy Noether, 555 0199, for a check-up. What about Tuesday?');
    await stage.hears('Noted. Tuesday has room in the afternoon.');
    await goodbye(stage);
  }),

  call('server error', async (stage) => {
    stage.model.fails('server_error');
    stage.model.fails('server_error');
    stage.model.says('I am sorry, we have a technical problem. A colleague will call you back. Goodbye.');
    await stage.says('Do you take children?');
  }),

  {
    title: 'silence',
    async play(world) {
      const prepare = (model: SimulatedSocket) => {
        model.says(GREETING);
        model.says('Are you still there?');
        model.says('Hello? Can you hear me?');
        model.says('I cannot hear anybody. Do call again. Goodbye.');
      };
      const stage = await world.dial({ prepare, limits: { silenceMs: 6_000 } });
      await stage.over();
      return [stage];
    },
  },

  call('DTMF', async (stage) => {
    stage.model.calls('save_lead_info', { name: 'Mary Jackson', phone: '5550142', wish: 'a call back' });
    stage.model.says('Thank you, somebody will call you back.');
    for (const digit of '5550142#') stage.caller.presses(digit);
    await stage.hears('Thank you, somebody will call you back.');
    await goodbye(stage);
  }),

  call('carrier drops', async (stage) => {
    const long = 'We are on Oak Street, beside the baker, and there is room for your car behind the house.';
    stage.model.says(long);
    void stage.says('Where are you?');
    await stage.hears(long, 1_000);
    stage.caller.drops();
  }),

  call('operator takes over', async (stage) => {
    stage.model.says('Please calm down.');
    void stage.says('I want to speak to a human being!');
    await stage.hears('Please calm down.', 250);
    await stage.operator.takesOver();
    stage.log.line('the operator has the call');
    await stage.says('Finally. Can I have my money back? You can? Good.');
    stage.model.says('I am back. Is there anything else?');
    await stage.operator.leaves();
    stage.log.line('the operator has left');
    await stage.hears('I am back. Is there anything else?');
    await goodbye(stage);
  }),

  call(
    'budget of turns reached',
    async (stage) => {
      for (const [question, answer] of smallTalk) {
        stage.model.says(answer);
        await stage.says(question);
        await stage.hears(answer);
      }
      stage.model.says('Chess, of course.');
      stage.model.says('I must end the call here, a colleague will call you back. Goodbye!');
      await stage.says('And what do you play?');
    },
    { turns: 4 },
  ),
];

const smallTalk = [
  ['How are you?', 'Very well, thank you.'],
  ['What is the weather like?', 'Rain, I hear.'],
  ['Do you like it here?', 'I do.'],
] as const;

/** Plays the end of a call, when both sides are done. */
async function goodbye(stage: Stage): Promise<void> {
  stage.model.calls('end_call');
  stage.model.says('Goodbye!');
  await stage.says('That is all. Thanks, bye.');
}
