import { describe, expect, it, vi } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { jsonSchema, tool } from '../../src/tool.js';
import type { AnySession, SessionPlan } from '../../types/index.js';
import { functionCall, rejection, ServerByHand, settles } from './by-hand.js';

const calls: readonly [string, (session: AnySession) => unknown][] = [
  ['send()', (session) => session.send({ type: 'input_audio_buffer.clear' })],
  ['appendAudio()', (session) => session.appendAudio('AQID')],
  ['userTurn()', (session) => session.userTurn('begins')],
  ['heard()', (session) => session.heard({ itemId: 'item_1', ms: 1 })],
  ['update()', (session) => session.update({})],
  ['interrupt()', (session) => session.interrupt()],
  ['reconsider()', (session) => session.reconsider()],
  ['hangup()', (session) => session.hangup()],
  ['close()', (session) => session.close()],
  ['disposal', (session) => session[Symbol.asyncDispose]()],
  ['respond()', (session) => (session as AnySession & { respond(purpose: string): unknown }).respond('again')],
];

describe('from inside a guard', () => {
  it.each(calls)('%s is a misuse, sends nothing and changes nothing', async (_, call) => {
    const thrown: unknown[] = [];
    const server = new ServerByHand();
    const session = await server.opened({
      guards: {
        mine: (asked) => {
          try {
            call(asked);
          } catch (error) {
            thrown.push(error);
          }
          return false;
        },
      },
    });
    const verdict = session.respond('greeting');
    expect(thrown).toHaveLength(1);
    expect(thrown[0]).toBeInstanceOf(MisuseError);
    expect(verdict.kind).toBe('admit');
    expect(server.types()).toEqual(['response.create']);
    expect(session.state).toMatchObject({ shut: ['response-active'], held: [], connection: 'open' });
  });

  it('an uncaught misuse is a throw like any other: the guard is shut, and it is a fault', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ guards: { mine: (asked) => (asked.interrupt(), false) } });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    expect(session.respond('greeting')).toMatchObject({ kind: 'hold', by: ['mine'] });
    expect(faults[0]).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
  });

  it('the state may be looked at', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ guards: { busy: ({ state }) => state.responses.length > 0 } });
    server.says({ type: 'response.created', response: { id: 'resp_1', conversation_id: null } });
    expect(session.respond('greeting')).toMatchObject({ kind: 'hold', by: ['busy'] });
    server.completes('resp_1');
    expect(server.types()).toEqual(['response.create']);
  });

  it('handles may not be cancelled, nor requests withdrawn', async () => {
    const thrown: unknown[] = [];
    const server = new ServerByHand();
    let touch = (): void => undefined;
    const session = await server.opened({
      guards: {
        mine: () => {
          try {
            touch();
          } catch (error) {
            thrown.push(error);
          }
          return false;
        },
      },
    });
    const asked = session.respond('greeting');
    touch = () => asked.kind === 'admit' && asked.response.cancel();
    const held = session.respond('reply');
    touch = () => held.kind === 'hold' && held.withdraw();
    session.reconsider();
    expect(thrown.length).toBeGreaterThanOrEqual(2);
    expect(thrown.every((error) => error instanceof MisuseError)).toBe(true);
    expect(session.state.held).toHaveLength(1);
  });

  it('accept() may not touch the session either', async () => {
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const thrown: unknown[] = [];
    const configured = unconfirmed.configure({
      session: { instructions: 'Be brief.' },
      accept: () => {
        try {
          void unconfirmed.close();
        } catch (error) {
          thrown.push(error);
        }
        return true;
      },
    });
    server.confirms({ instructions: 'Sing.' });
    expect((await configured).state.connection).toBe('open');
    expect(thrown[0]).toBeInstanceOf(MisuseError);
  });
});

describe('a guard that does not answer at once: true or false', () => {
  it.each<[string, () => unknown]>([
    ['a promise of false', () => Promise.resolve(false)],
    ['a promise that is rejected', () => Promise.reject(new Error('The office does not answer.'))],
    ['nothing', () => undefined],
    ['a number', () => 0],
    ['a word', () => 'open'],
  ])('is shut, and a fault: %s', async (_, shut) => {
    const server = new ServerByHand();
    const session = await server.opened({ guards: { mine: shut as never } });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    expect(session.respond('greeting')).toMatchObject({ kind: 'hold', by: ['mine'] });
    // An unhandled rejection would fail the whole run.
    await settles();
    expect(faults[0]).toBeInstanceOf(MisuseError);
    expect(faults[0]!.message).toContain("'mine' answers at once: true or false");
    expect(server.written).toEqual([]);
  });

  it('accept() likewise accepts nothing', async () => {
    const server = new ServerByHand();
    const accept = (() => Promise.reject(new Error('The office does not answer.'))) as never;
    // Before listeners can be added, a fault is a warning of the process.
    vi.spyOn(process, 'emitWarning').mockReturnValueOnce();
    const configured = (await server.connected()).configure({ session: { instructions: 'Be brief.' }, accept });
    server.confirms({ instructions: 'Sing.' });
    expect((await rejection(configured)).failure.kind).toBe('mismatch');
    await settles();
  });
});

describe('guards of a plan', () => {
  it('are asked again by reconsider()', async () => {
    let shut = true;
    const server = new ServerByHand();
    const session = await server.opened({ guards: { mine: () => shut } });
    const asked = session.respond('greeting');
    shut = false;
    expect(server.written).toEqual([]);
    session.reconsider();
    expect(asked.kind === 'hold' && (await asked.settled).kind).toBe('admit');
  });

  it('may be terminal', async () => {
    const session = await new ServerByHand().opened({ guards: { mine: { kind: 'terminal', shut: () => true } } });
    expect(session.respond('greeting')).toMatchObject({ kind: 'refuse', by: 'mine' });
  });

  it.each<[string, SessionPlan]>([
    ['a name that is built in', { guards: { loop: () => true } }],
    ['a name that says why a request lapsed', { guards: { expired: () => true } }],
    ['what is no guard', { guards: { mine: 'shut' as never } }],
    ['a kind that does not exist', { guards: { mine: { kind: 'final', shut: () => true } as never } }],
    ['a limit that is none', { limits: { held: NaN } }],
  ])('are no guards with %s', async (_, plan) => {
    const session = await new ServerByHand().connected();
    await expect(session.configure(plan)).rejects.toBeInstanceOf(MisuseError);
  });
});

describe('a signal that is aborted from inside a step', () => {
  it('by a guard takes effect right after it: what waits is withdrawn, and what is asked for cancelled', async () => {
    const abort = new AbortController();
    let armed = false;
    const server = new ServerByHand();
    const mine = (): boolean => {
      if (armed) abort.abort();
      return true;
    };
    const session = await server.opened({ guards: { mine } });
    const held = session.respond('greeting', { signal: abort.signal });
    armed = true;
    const own = session.respond('reply', { signal: abort.signal });
    expect([held.kind, own.kind, session.state.held]).toEqual(['hold', 'hold', []]);
    const by = [held, own].map(async (each) => each.kind === 'hold' && (await each.settled));
    expect(await Promise.all(by)).toMatchObject([{ by: 'withdrawn' }, { by: 'withdrawn' }]);
  });

  it('by a guard that lets the request through cancels it', async () => {
    const abort = new AbortController();
    const server = new ServerByHand();
    const session = await server.opened({ guards: { mine: () => (abort.abort(), false) } });
    expect(session.respond('greeting', { signal: abort.signal }).kind).toBe('admit');
    server.creates('resp_1');
    expect(server.types()).toEqual(['response.create', 'response.cancel']);
  });

  it('by accept() comes too late for the configuration that it accepts', async () => {
    const abort = new AbortController();
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const configured = unconfirmed.configure(
      { session: { instructions: 'Be brief.' }, accept: () => (abort.abort(), true) },
      { signal: abort.signal },
    );
    server.confirms({ instructions: 'Sing.' });
    expect((await configured).state).toMatchObject({ connection: 'open', configuration: 'confirmed' });
  });

  it('by accept() that does not let it stand rejects, and the process goes on', async () => {
    const abort = new AbortController();
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const configured = unconfirmed.configure(
      { session: { instructions: 'Be brief.' }, accept: () => (abort.abort(), false) },
      { signal: abort.signal },
    );
    server.confirms({ instructions: 'Sing.' });
    expect((await rejection(configured)).failure.kind).toBe('mismatch');
    const again = unconfirmed.configure({});
    server.confirms();
    await again;
  });
});

describe('the fault of a function of the plan names it, in its words, and has what was thrown as its cause:', () => {
  const thrown = new Error('The database is away.');
  const fails = (): never => {
    throw thrown;
  };

  it('a guard', async () => {
    const session = await new ServerByHand().opened({ guards: { office: fails } });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    session.respond('greeting');
    expect(faults[0]).toBeInstanceOf(MisuseError);
    expect(faults[0]?.message).toMatch(/guard 'office' threw.* The database is away\./);
    expect(faults[0]?.cause).toBe(thrown);
  });

  it('accept()', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ accept: fails });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    void session.update({ session: { instructions: 'Be brief.' } });
    server.confirms({ instructions: 'Sing.' });
    expect(faults[0]?.message).toMatch(/accept\(\) threw for 'instructions'.* The database is away\./);
    expect(faults[0]?.cause).toBe(thrown);
  });

  it('hangUp', async () => {
    const session = await new ServerByHand().opened({ hangUp: fails });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    void session.hangup();
    await settles();
    expect(faults.map(({ message }) => message)).toEqual(['The call could not be ended: The database is away.']);
    expect(faults[0]?.cause).toBe(thrown);
  });

  it('a tool', async () => {
    const run = { name: 'look_up', description: 'Looks up.', parameters: jsonSchema({ type: 'object' }), run: fails };
    const server = new ServerByHand();
    const session = await server.opened({ tools: [tool(run)] });
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'look_up'));
    await settles();
    expect(faults.map(({ message }) => message)).toEqual(["The tool 'look_up' failed: The database is away."]);
    expect(faults[0]?.cause).toBe(thrown);
  });
});
