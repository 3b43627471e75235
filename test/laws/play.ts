/** Plays a script to a gate and its server in memory, to the end, and says what went wrong. */
import type { Ask, Rules } from '../../src/gate/index.js';
import { noLatency, type Latency, type Reply } from '../../src/simulator/server/index.js';
import { unsettled } from './ledger.js';
import type { Act, Asking, Change, Injected, Play, Scene } from './script.js';
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

export const limits: Rules['limits'] = {
  held: 16,
  holdForMs: 15_000,
  responsesInARow: 5,
  imminentMs: 400,
  turnMs: 60_000,
  transcriptMs: 1_800,
  createdMs: 10_000,
  responseMs: 60_000,
  confirmMs: 10_000,
  conflicts: 5,
};
const tight = { ...limits, held: 2, responsesInARow: 2, turnMs: 900, createdMs: 300, responseMs: 700, confirmMs: 400 };

export const latencies: Readonly<Record<Scene['latency'], Partial<Latency>>> = {
  none: noLatency,
  brisk: { ...noLatency, update: 5, item: 5, create: 10, firstItem: 20, done: 5, transcription: 100 },
  'as measured': {},
};

const detection = (change: object): object => ({
  audio: { input: { turn_detection: { type: 'server_vad', create_response: true, ...change } } },
});

export const changes: Readonly<Record<Change, object>> = {
  instructions: { instructions: 'Be brief.' },
  rejected: { nonsense: true },
  'rejected without an id': { reasoning: { effort: 'low' }, output_modalities: ['audio', 'text'] },
  secret: { tracing: null, max_output_tokens: 1_000 },
  voice: { audio: { output: { voice: 'cedar' } } },
  'no detection': { audio: { input: { turn_detection: null } } },
  answers: detection({ interrupt_response: true }),
  'no answers': detection({ create_response: false }),
  'no interrupting': detection({ interrupt_response: false }),
  semantic: { audio: { input: { turn_detection: { type: 'semantic_vad' }, transcription: { model: 'whisper-1' } } } },
  idle: detection({ idle_timeout_ms: 1_000 }),
};

export const replies: Readonly<Record<Extract<Act, readonly ['reply', unknown]>[1], Reply>> = {
  speech: { items: [{ says: 'Yes, of course.' }] },
  long: { items: [{ says: 'That is a long story, and I shall tell you all of it.', ms: 4_000 }] },
  call: { items: [{ calls: 'look_up', args: '{}' }] },
  'two items': {
    items: [
      { says: 'One moment.', phase: 'commentary' },
      { calls: 'look_up', args: '{}' },
    ],
  },
  fails: { items: [], status: 'failed', code: 'server_error' },
  incomplete: { items: [{ says: 'Well' }], status: 'incomplete', reason: 'max_output_tokens' },
  nothing: { items: [] },
};

export const injected: Readonly<Record<Injected, { readonly type: string }>> = {
  'another session': { type: 'session.updated', ...{ session: { type: 'realtime', instructions: 'Another.' } } },
  'error without an id': {
    type: 'error',
    ...{ error: { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param: null, event_id: null } },
  },
  'foreign response': {
    type: 'response.created',
    ...{ response: { id: 'resp_foreign', conversation_id: 'conv_1', status: 'in_progress', metadata: null } },
  },
  'a done': {
    type: 'response.done',
    ...{ response: { id: 'resp_foreign', conversation_id: 'conv_1', status: 'completed', output: [], metadata: null } },
  },
  'a delta': { type: 'response.output_text.delta', ...{ response_id: 'resp_unheard_of', delta: 'Hm' } },
  nonsense: { type: 'response.created', ...{ response: 7 } },
};

const parameters: Readonly<Record<Asking['what'], Ask['params']>> = {
  plain: null,
  'with parameters': { instructions: 'Say hello.' },
  beside: { conversation: 'none', instructions: 'Sum up.' },
  'beside, aloud': { conversation: 'none', output_modalities: ['audio'] },
};

/** What is on the stage while a script is played. */
class Stage {
  readonly world: World;
  #mood: 'open' | 'shut' | 'throws' = 'open';
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
      if (this.#mood === 'throws') throw new Error('in no mood');
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
    const id = ++this.#asked;
    const ask: Ask = {
      ...{
        id,
        purpose: 'reply',
        params: parameters[what],
        whenBlocked,
        override,
        interrupt,
        holdForMs,
        origin: 'user',
      },
    };
    this.world.tell({ type: 'respond', ask });
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

const message = (role: string) => ({ type: 'message', role, content: [{ type: 'input_text', text: 'Well?' }] });
const items: Readonly<Record<Extract<Act, readonly ['item', unknown]>[1], object>> = {
  user: message('user'),
  system: message('system'),
  'unknown output': { type: 'function_call_output', call_id: 'call_nobody_made', output: '{}' },
  duplicate: { id: 'item_twice', ...message('user') },
};

/** Audio passes by the gate: so many milliseconds of silence. */
const append = (ms: number): string =>
  JSON.stringify({ type: 'input_audio_buffer.append', audio: Buffer.alloc(ms * 48).toString('base64') });
