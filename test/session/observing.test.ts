import { describe, expect, it } from 'vitest';
import { connect } from '../../src/session/connect.js';
import type { ConfirmedSession, ObservedStep, SessionPlan, Watch } from '../../types/index.js';
import { rejection, ServerByHand } from './by-hand.js';

/** Opens a session with a scripted server, observed by `watch`. */
async function watched(watch: Watch, plan: SessionPlan = {}, server = new ServerByHand()) {
  const abouts: object[] = [];
  const observer = {
    watch: (about: object): Watch => {
      abouts.push(about);
      return watch;
    },
  };
  const unconfirmed = await connect({
    ...{ transport: server, clock: server.clock, model: 'gpt-realtime-2.1', callId: 'call_7', observe: [observer] },
  });
  const configuring = unconfirmed.configure(plan);
  server.confirms();
  const session: ConfirmedSession<string> = await configuring;
  server.clock.advance(0);
  return { session, server, abouts };
}

describe('an observer', () => {
  it('is told of the session before its first byte', async () => {
    const { abouts } = await watched({});
    expect(abouts).toMatchObject([{ model: 'gpt-realtime-2.1', callId: 'call_7', rules: { line: 'own' } }]);
  });

  it('sees every step: what came in, what was answered in it, what it sent', async () => {
    const steps: ObservedStep[] = [];
    const { session } = await watched({ stepped: (step) => steps.push(step) }, { guards: { mine: () => false } });
    session.respond('greeting');
    expect(steps.map(({ input }) => input.type).slice(0, 3)).toEqual(['frame', 'alive', 'rules']);
    const asked = steps.find(({ input }) => input.type === 'respond');
    expect(asked).toMatchObject({ answers: [{ yes: false }], frames: [{ type: 'response.create' }] });
  });

  it('sees audio that goes out, which is no step', async () => {
    const texts: string[] = [];
    const { session } = await watched({ appended: (text) => texts.push(text) });
    session.appendAudio('AQID');
    expect(texts).toEqual(['{"type":"input_audio_buffer.append","audio":"AQID"}']);
  });

  it('sees faults, also where nobody else listens', async () => {
    const faults: Error[] = [];
    const { server } = await watched({ fault: (error) => faults.push(error) });
    server.saysText('not JSON');
    expect(faults.map(({ message }) => message)).toEqual(['The server sent a frame that cannot be read: not-json.']);
  });

  it.each(['alive', 'tick'])('sees the fault of a frame that says %s: it is no sign of the line', async (text) => {
    const faults: Error[] = [];
    const { server } = await watched({ fault: (error) => faults.push(error) });
    server.saysText(text);
    expect(faults).toHaveLength(1);
  });

  it('is told how the session ended, last', async () => {
    const seen: string[] = [];
    const { session } = await watched({
      stepped: ({ input }) => seen.push(input.type),
      ended: ({ kind }) => seen.push(`ended: ${kind}`),
    });
    await session.close();
    expect(seen.at(-1)).toBe('ended: closed');
  });

  it('that throws is a fault, and breaks nothing', async () => {
    const { session } = await watched({
      stepped: ({ input }) => {
        if (input.type === 'respond') throw new Error('no room');
      },
    });
    const faults: Error[] = [];
    session.on('fault', (error) => faults.push(error));
    expect(session.respond('greeting').kind).toBe('admit');
    expect(faults).toMatchObject([{ message: 'no room' }]);
  });

  it('that throws at faults is heard by nobody, and does not go round', async () => {
    const { session, server } = await watched({
      fault: () => {
        throw new Error('no room');
      },
    });
    const faults: Error[] = [];
    session.on('fault', (error) => faults.push(error));
    server.saysText('not JSON');
    expect(faults).toHaveLength(1);
  });

  it('that is none is a misuse', async () => {
    const observe = [{ watches: true }] as never;
    expect(await rejection(connect({ transport: new ServerByHand(), observe }))).toMatchObject({ name: 'MisuseError' });
  });
});
