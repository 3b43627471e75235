/** Plays a script to a gate and its server in memory, to the end, and says what went wrong. */
import type { Ask, Rules } from '../../src/machine/index.js';
import { unsettled } from './ledger.js';
import { append, changes, injected, items, latencies, limits, parameters, replies, tight } from './plots.js';
import type { Act, Asking, Change, Play, Scene } from './script.js';
import { snapshot } from './snapshot.js';
import { World } from './world.js';

export interface Outcome {
  readonly steps: number;
  readonly wrong: readonly string[];
}

export function play({ scene, acts, ending }: Play): Outcome {
  const stage = new Stage(scene);
  stage.world.run(1_000);
  stage.act(['update', 'answers']);
  for (const act of acts) stage.act(act);
  stage.end(ending);
  return { steps: stage.world.steps, wrong: stage.world.wrong };
}

/** What is on the stage while a script is played. */
class Stage {
  readonly world: World;
  #mood: Extract<Act, readonly ['mood', unknown]>[1] = 'open';
  #asked = 0;
  #updates = 0;

  constructor(scene: Scene) {
    this.world = new World({
      rules: this.#rules(scene),
      server: {
        audio: 'tiny',
        speed: scene.speed === 'at once' ? Infinity : scene.speed,
        latency: latencies[scene.latency],
        faults: scene.faults,
      },
      toServerMs: scene.toServerMs,
      toClientMs: scene.toClientMs,
      whenClosed: scene.limits === 'tight' ? 'dropped' : 'gone',
    });
  }

  #rules(scene: Scene): Rules {
    const shut = (): boolean => {
      if (this.#mood === 'throws' || this.#mood === 'meddles') throw new Error('in no mood');
      return this.#mood === 'shut';
    };
    return {
      limits: scene.limits === 'tight' ? tight : limits,
      turnEnds: scene.turnEnds,
      sideband: false,
      prefix: 'gr',
      guards: [{ name: 'mood', kind: 'transient', shut }],
      accept: () => false,
    };
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
      case 'close':
        return void world.tell({ type: act[0] });
      case 'know':
        return void world.tell({ type: 'know', fact: act[1] });
      case 'abandon':
        return void world.tell({ type: 'abandon', update: this.#updates });
      case 'commit':
      case 'clear':
        return this.#send({ type: `input_audio_buffer.${act[0]}` });
      case 'item':
        return this.#send({ type: 'conversation.item.create', item: items[act[1]] });
      case 'append':
        return world.serve({ type: 'text', connection: world.connection, text: append(act[1]) });
      case 'turn':
        return void world.tell({ type: 'turn', edge: act[1] });
      case 'update':
        return this.#update(act[1]);
      case 'mood':
        this.#mood = act[1];
        return;
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
        return world.serve({ type: 'reply', reply: replies[act[1]] });
      case 'faults':
        return world.serve({ type: 'faults', faults: act[1] });
      case 'inject':
        return world.serve({ type: 'inject', event: injected[act[1]] });
      case 'wait':
        return world.run(act[1]);
      case 'expire':
      case 'hang-up':
      case 'die':
        return world.serve({ type: act[0] });
      case 'drop':
        return world.lose('dropped', null);
      case 'reconnect':
        return world.reconnect();
      default:
        throw new Error(`Without a session around it nobody can do '${act[0]}'.`);
    }
  }

  /** Whatever has become of it: everything that was promised must be kept. */
  end(how: Play['ending']): void {
    const { world } = this;
    if (how === 'silence') {
      world.mute();
      world.run(600_000);
      world.wrong.push(...unsettled(world.ledger));
      if (world.gate.due !== Infinity) world.wrong.push('L6: something is due though nothing is left');
    }
    if (how === 'close') world.tell({ type: 'close' });
    world.run(100);
    world.tell({ type: 'gone', code: 1000, reason: '' });
    world.wrong.push(...unsettled(world.ledger));
  }

  #respond(asking: Asking): void {
    const { what, whenBlocked = 'hold', override = [], interrupt = false, holdForMs = limits.holdForMs } = asking;
    const { origin = 'user' } = asking;
    const { world } = this;
    const id = ++this.#asked;
    const purpose = origin === 'farewell' ? 'farewell' : 'reply';
    const ask: Ask = { id, purpose, params: parameters[what], whenBlocked, override, interrupt, holdForMs, origin };
    world.tell({ type: 'reconsider' });
    const before = snapshot(world.gate);
    const wrote = world.tell({ type: 'respond', ask });
    if (world.ledger.requests[id]?.ended !== 1) return;
    if (wrote.length > 0) world.wrong.push('L9: a refused request wrote a frame');
    if (snapshot(world.gate) !== before) world.wrong.push('L9: a refused request changed the gate');
  }

  /** A request of ours, or else a response that is open. */
  #cancel(place: number): void {
    const { gate } = this.world;
    const response = [...gate.responses.keys()].at(-place);
    const of = place > 3 && response !== undefined ? { response } : { request: this.#asked - place };
    this.world.tell({ type: 'cancel', of });
  }

  #send(event: { readonly type: string; readonly item?: object | undefined }): void {
    this.world.tell({ type: 'send', event });
  }

  #update(change: Change): void {
    const id = ++this.#updates;
    this.world.tell({
      type: 'update',
      update: { id, session: { ...changes[change] }, timeoutMs: this.world.gate.rules.limits.confirmMs },
    });
  }
}
