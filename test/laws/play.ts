import { unwatched } from '../limits.js';
/** Plays a script with a machine and its server in memory, to the end, and reports errors. */
import * as ours from '../../src/machine/index.js';
import { isIdle, type Answer, type Ask, type Question, type Rules } from '../../src/machine/index.js';
import { noFaults } from '../../src/simulator/server/index.js';
import type { Machine, Recording } from '../support/recorder.js';
import { Hosting } from './hosting.js';
import { unsettled } from './ledger.js';
import * as plots from './plots.js';
import type { Act, Asking, Change, MachineScene, Play } from './script.js';
import { snapshot } from './snapshot.js';
import { Restless, World } from './world.js';

export interface Outcome {
  readonly steps: number;
  readonly wrong: readonly string[];
  readonly recordings: readonly Recording[];
}

/** `machine`: another machine than ours, to test whether its errors are detected. */
export function play({ scene, acts, ending }: Play, machine: Machine = ours): Outcome {
  const stage = new Stage(scene, machine);
  try {
    stage.world.run(1_000);
    stage.act(['update', 'answers']);
    for (const act of acts) {
      stage.act(act);
      if (stage.world.wrong.length > 0) break;
    }
    if (stage.world.wrong.length === 0) stage.end(ending);
  } catch (error) {
    stage.world.wrong.push(
      error instanceof Restless ? error.message : `L10: it crashed: ${String((error as Error).stack)}`,
    );
  }
  stage.world.replay();
  const { steps, wrong, recorder } = stage.world;
  return { steps, wrong, recordings: recorder.recordings };
}

/** Everything involved in playing a script. */
class Stage {
  readonly world: World;
  readonly #hosting: Hosting;
  #mood: Extract<Act, readonly ['mood', unknown]>[1] = 'open';
  #asked = 0;
  #updates = 0;

  constructor(scene: MachineScene, machine: Machine) {
    this.world = new World({
      machine,
      rules: rulesOf(scene),
      farewells: plots.farewellsOf(scene),
      server: {
        audio: 'tiny',
        speed: scene.speed === 'at once' ? Infinity : scene.speed,
        latency: plots.latencies[scene.latency],
        faults: scene.faults,
        ...(scene.line === 'sideband' && { media: 'webrtc' }),
        ...(scene.reconnect === 'rotates' && { lifetimeMs: plots.LIFETIME_MS }),
      },
      ...scene,
      answer: (question) => this.#answer(question),
    });
    this.#hosting = new Hosting(this.world);
  }

  #answer(question: Question): Answer {
    const mood = this.#mood;
    if (mood === 'throws' || mood === 'meddles') return { threw: { ref: 1, words: 'in no mood' } };
    return { yes: 'guard' in question && mood === 'shut' };
  }

  act(act: Act): void {
    const { world } = this;
    switch (act[0]) {
      case 'respond':
        return this.#respond(act[1]);
      case 'withdraw':
        return void world.tell({ type: 'withdraw', request: this.#asked - act[1] });
      case 'cancel':
        return this.#cancel(act[1]);
      case 'interrupt':
      case 'reconsider':
        return void world.tell({ type: act[0] });
      case 'close':
        return void world.tell({ type: 'close', ending: { kind: 'closed' } });
      case 'hangup': {
        // Before the first confirmation, nobody has a session to hang up.
        if (world.session.configuration.epoch === 0) return;
        const { farewell = null, onBargeIn = 'resume', deadlineMs = 30_000 } = act[1];
        const asked = { purpose: 'farewell', farewell: farewell as Ask['params'], onBargeIn, deadlineMs };
        return void world.tell({ type: 'hang-up', asked: { ...asked, why: 'asked', root: null } });
      }
      case 'abandon':
        return void world.tell({ type: 'abandon', update: this.#updates });
      case 'commit':
      case 'clear':
        return this.#send({ type: `input_audio_buffer.${act[0]}` });
      case 'item':
        return this.#send({ type: 'conversation.item.create', item: plots.items[act[1]] });
      case 'append':
        return world.append(plots.append(act[1]));
      case 'turn':
        return void world.tell({ type: 'turn', edge: act[1] });
      case 'update':
        return this.#update(act[1]);
      case 'budget':
        return void world.tell({ type: 'budget', limit: act[1] * 1e9, warnAt: null });
      case 'mood':
        this.#mood = act[1];
        return;
      case 'heard':
        return world.outside.hears(act[1]);
      case 'returns': {
        const call = [...world.outside.running.keys()].at(-1 - act[1]);
        return call === undefined ? undefined : world.outside.returns(call);
      }
      case 'backlog':
        return void world.tell({ type: 'backlog', is: act[1] });
      default:
        return this.#serve(act);
    }
  }

  #serve(act: Act): void {
    const { world } = this;
    switch (act[0]) {
      case 'caller':
        return world.serve({
          type: 'caller',
          ...(act[1] === 'presses' ? { does: act[1], key: '1' } : { does: act[1] }),
        });
      case 'speaks':
        return world.serve({ type: 'caller', does: 'speaks', says: 'Well then', ms: act[1] });
      case 'calls':
        return world.serve({ type: 'reply', reply: { items: act[1].map((calls) => ({ calls, args: '{}' })) } });
      case 'reply':
        return world.serve({ type: 'reply', reply: plots.replies[act[1]] });
      case 'faults':
        return world.serve({ type: 'faults', faults: act[1] });
      case 'inject':
        return world.serve({ type: 'inject', event: ofLine(world.wire.number, plots.injected[act[1]]) });
      case 'hosted':
        return this.#hosting.does(act[1]);
      case 'wait':
        return world.run(act[1]);
      case 'lose':
        return world.network.lose(act[1], act[2]);
      case 'refuse':
        return world.network.refuse(act[1]);
      case 'lags':
        return world.network.hold(world.now + act[1]);
      case 'expire':
      case 'hang-up':
      case 'die':
        return world.serve({ type: act[0] });
      case 'drop':
        return world.lose(null);
      default:
        throw new Error(`Without a session around it nobody can do '${act[0]}'.`);
    }
  }

  /** Ends the play, and checks that every promise was kept. */
  end(how: Play['ending']): void {
    const { world } = this;
    if (how === 'silence' || how === 'dead') world.mute(how === 'dead' ? 'dead' : 'alive');
    if (how === 'close') world.tell({ type: 'close', ending: { kind: 'closed' } });
    if (how === 'gone') world.lose(1006);
    if (how !== 'gone' && how !== 'close') this.#mood = 'open';
    if (how === 'peace') this.#calm();
    world.run(600_000);
    // The machine may be checking at this very moment whether the server is alive.
    for (let waits = 0; waits < 20 && !isIdle(world.session); waits++) world.run(100);
    if (how === 'dead' && !world.isClosed) world.wrong.push('L14: the peer is dead, and the session lives on');
    world.judge.end(world.session);
    if (!world.isClosed) world.lose(1000);
    world.wrong.push(...unsettled(world.judge.records.ledger), ...world.decided.end(world.session));
  }

  /** Ends all disturbances and all speech. */
  #calm(): void {
    const { world } = this;
    world.heal();
    world.serve({ type: 'faults', faults: noFaults });
    world.serve({ type: 'caller', does: 'ends' });
    world.tell({ type: 'turn', edge: 'ends' });
    this.#update('answers');
  }

  #respond(asking: Asking): void {
    const { what, whenBlocked = 'hold', override = [], interrupt = false, origin = 'user' } = asking;
    const { world } = this;
    const id = ++this.#asked;
    const holdForMs = asking.holdForMs ?? world.session.rules.limits.holdForMs;
    const params = plots.parameters[what];
    const ask: Ask = {
      ...plain,
      id,
      purpose: `reply-${id}`,
      params,
      whenBlocked,
      override,
      interrupt,
      holdForMs,
      origin,
    };
    world.tell({ type: 'reconsider' });
    const before = snapshot(world.session);
    const { frames } = world.tell({ type: 'respond', ask });
    if (world.judge.records.ledger.requests[id]?.ended !== 1) return;
    if (frames.length > 0) world.wrong.push('L9: a refused request wrote a frame');
    if (snapshot(world.session) !== before) world.wrong.push('L9: a refused request changed the session');
  }

  /** Cancels a request of ours, or else an open response. */
  #cancel(place: number): void {
    const response = [...this.world.session.responses.open.keys()].at(-place);
    const of = place > 3 && response !== undefined ? { response } : { request: this.#asked - place };
    this.world.tell({ type: 'cancel', of });
  }

  #send(event: { readonly type: string; readonly item?: object | undefined }): void {
    this.world.send(event);
  }

  #update(change: Change): void {
    const id = ++this.#updates;
    const tools = id === 1 ? plots.toolSets.all : change === 'tools' ? plots.toolSets.first : null;
    const session = { ...plots.changes[change] };
    const timeoutMs = this.world.session.rules.limits.confirmMs;
    this.world.tell({ type: 'update', update: { id, session, timeoutMs, tools } });
  }
}

/** No two servers give two things the same id. */
const ofLine = <Event>(line: number, event: Event): Event =>
  JSON.parse(JSON.stringify(event).replaceAll('resp_foreign', `resp_foreign_${line}`)) as Event;

const plain = { depth: 0, attempt: 0, root: null, unseenBefore: 0, withdrawn: false } as const;

const rulesOf = (scene: MachineScene): Rules => ({
  limits: plots.limitsOf(scene),
  turnEnds: scene.turnEnds,
  line: scene.line,
  prefix: 'gr',
  guards: [{ name: 'mood', kind: 'transient' }],
  accept: 'asked',
  unknownTools: scene.unknownTools,
  playback: scene.playback,
  endsCall: scene.endsCall,
  pings: scene.pings,
  keys: 'fixed',
  recovery: plots.policies[scene.recovery],
  ...{ ...unwatched, budget: plots.budgets[scene.budget], reconnect: plots.reconnects[scene.reconnect] },
  unixMsAtZero: plots.UNIX_MS,
});
