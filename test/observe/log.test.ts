import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { jsonSchema, logTo, MisuseError, tool, type LogOptions, type Logger } from '../../src/index.js';
import { connect } from '../../src/session/connect.js';
import type { ConfirmedSession, SessionPlan } from '../../types/index.js';
import { delta, functionCall, ServerByHand, settles } from '../session/by-hand.js';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, any>;
}

/** A session that is logged, over a server by hand. */
async function logged(plan: SessionPlan = {}, options: LogOptions = {}) {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): unknown =>
      lines.push({ level, message, fields });
  const logger = { info: at('info'), warn: at('warn'), error: at('error') };
  return { ...(await over(logger, plan, options)), lines };
}

async function over(logger: Logger, plan: SessionPlan = {}, options: LogOptions = {}) {
  const server = new ServerByHand();
  const unconfirmed = await connect({
    ...{ transport: server, clock: server.clock, model: 'gpt-realtime-2.1', callId: 'rtc_7' },
    observe: [logTo(logger, options)],
  });
  const configuring = unconfirmed.configure(plan);
  server.confirms();
  const session: ConfirmedSession<string> = await configuring;
  server.clock.advance(0);
  const says = (purpose: string, id: string): void => {
    session.respond(purpose);
    server.creates(id);
    server.completes(id);
  };
  return { server, session, says };
}

/** A pino logger, and the lines that it writes. */
function ofPino() {
  const written: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _, next) {
      written.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      next();
    },
  });
  return { written, logger: pino(sink) };
}

const look = tool({ name: 'look', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run: () => 1 });

const said = ({ level, message }: Line): string => `${level}: ${message}`;

describe('logTo()', () => {
  it('logs each decision, with the record under `decision`', async () => {
    const { lines, says } = await logged();
    says('greeting', 'resp_1');
    expect(lines.map(said)).toEqual(['info: greeting: admitted, completed, heard: none']);
    expect(lines[0]!.fields).toMatchObject({ decision: { requestId: 'req_1', callId: 'rtc_7', sessionId: 'sess_1' } });
  });

  it('says how long a request waited, and for what', async () => {
    const { lines, session, server } = await logged();
    session.userTurn('begins');
    session.respond('greeting');
    server.clock.advance(250);
    session.userTurn('ends');
    server.creates('resp_1');
    server.completes('resp_1');
    expect(lines.map(said)).toEqual([
      'info: greeting: admitted, after 250 ms of user-speaking, completed, heard: none',
    ]);
  });

  it('warns of a request that was refused', async () => {
    const { lines, session } = await logged();
    session.userTurn('begins');
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect(lines.map(said)).toEqual(['warn: nudge: refused by user-speaking']);
  });

  it('warns of a response that failed, by its code', async () => {
    const { lines, session, server } = await logged();
    session.respond('greeting');
    server.creates('resp_1');
    const status_details = { error: { type: 'server_error', code: 'overloaded', message: 'The moon is full.' } };
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'failed', status_details, output: [] } });
    expect(lines.map(said)).toContain('warn: greeting: admitted, failed (overloaded)');
    expect(JSON.stringify(lines.map(({ fields }) => fields['decision'] as object))).not.toContain('moon');
  });

  it('does not warn of a request that was withdrawn', async () => {
    const { lines, session } = await logged();
    session.userTurn('begins');
    const verdict = session.respond('greeting');
    if (verdict.kind === 'hold') verdict.withdraw();
    expect(lines.map(said)).toEqual(['info: greeting: refused by withdrawn, after 0 ms of user-speaking']);
  });

  it('does not warn of a request that the end of the session caught', async () => {
    const { lines, session } = await logged();
    session.userTurn('begins');
    session.respond('greeting');
    await session.close();
    expect(lines.map(said)[0]).toBe('info: greeting: refused by closing, after 0 ms of user-speaking');
  });

  it('marks a request that comes right after another, and warns of it', async () => {
    const { lines, says, server } = await logged();
    says('greeting', 'resp_1');
    server.clock.advance(30);
    says('greeting', 'resp_2');
    expect(lines.map(said)).toEqual([
      'info: greeting: admitted, completed, heard: none',
      'warn: greeting: admitted, completed, heard: none, 30 ms after the request before it',
    ]);
    expect(lines.map(({ fields }) => fields['rapid'] as unknown)).toEqual([undefined, true]);
  });

  it('marks none that comes later than `rapidMs`', async () => {
    const { lines, says, server } = await logged({}, { rapidMs: 30 });
    says('greeting', 'resp_1');
    server.clock.advance(30);
    says('greeting', 'resp_2');
    expect(lines.map(({ level }) => level)).toEqual(['info', 'info']);
  });

  it('marks none of the session’s own: they follow what they answer', async () => {
    const { lines, session, says } = await logged();
    says('greeting', 'resp_1');
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    await session.close();
    expect(lines.find(({ message }) => message.startsWith('farewell'))?.fields['rapid']).toBeUndefined();
  });

  it('logs a fault under `err`, and it is no warning of the process as well', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const { lines, server } = await logged();
    server.saysText('not JSON');
    expect(warned).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    expect(lines.map(said)).toEqual(['error: The server sent a frame that cannot be read: not-json.']);
    expect(lines[0]!.fields).toMatchObject({ err: { name: 'PeerError' }, sessionId: 'sess_1', callId: 'rtc_7' });
  });

  it('logs the end of the session with what it used', async () => {
    const { lines, session, says } = await logged();
    says('greeting', 'resp_1');
    await session.close();
    expect(said(lines.at(-1)!)).toBe('info: session ended: closed; 1 responses asked for, $0.0000');
    expect(lines.at(-1)!.fields).toMatchObject({ ending: { kind: 'closed' }, ledger: { creates: 1 }, callId: 'rtc_7' });
    expect(lines.at(-1)!.fields['ledger']).not.toHaveProperty('responses');
  });

  it('says what is an estimate in it: what was in flight when the connection was lost', async () => {
    const { lines, session, server } = await logged();
    session.respond('greeting');
    server.ends(1006);
    await session.closed;
    expect(said(lines.at(-1)!)).toMatch(/ and an estimated \$0\.\d{4} for 1 lost$/);
  });

  it('logs nothing that was said or asked, also in what pino makes of it', async () => {
    const SECRET = 'the caller lives at the lighthouse';
    const { written, logger } = ofPino();
    const { session, server } = await over(logger, { session: { instructions: SECRET }, tools: [look] });
    session.respond('greeting', { response: { instructions: SECRET } });
    server.creates('resp_1');
    server.says(delta('resp_1'), functionCall('resp_1', 'call_1', 'look', `{"where": "${SECRET}"`));
    const output = [{ type: 'message', content: [{ type: 'output_audio', transcript: SECRET }] }];
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'completed', output } });
    await settles();
    await session.close();
    expect(written.length).toBeGreaterThan(2);
    expect(JSON.stringify(written)).not.toContain('lighthouse');
  });

  it('takes a logger of pino as it is, which writes one line of JSON for each', async () => {
    const { written, logger } = ofPino();
    const { server, session, says } = await over(logger);
    says('greeting', 'resp_1');
    server.saysText('not JSON');
    await session.close();
    expect(written).toMatchObject([
      { level: 30, msg: 'greeting: admitted, completed, heard: none', decision: { purpose: 'greeting' } },
      { level: 50, err: { type: 'PeerError', stack: expect.any(String) as string } },
      { level: 30, ending: { kind: 'closed' } },
    ]);
  });

  it('that throws is a fault, and breaks nothing', async () => {
    const broken = (): never => {
      throw new Error('the disk is full');
    };
    const { session } = await over({ info: broken, warn: broken, error: () => undefined });
    const faults: string[] = [];
    session.on('fault', ({ message }) => faults.push(message));
    session.userTurn('begins');
    expect(session.respond('nudge', { whenBlocked: 'refuse' }).kind).toBe('refuse');
    expect(faults).toEqual(['the disk is full']);
  });

  it.each([
    ['no logger', () => logTo(undefined as never)],
    ['a logger without levels', () => logTo({ log: () => undefined } as never)],
    ['an option that nobody knows', () => logTo(pino({ enabled: false }), { rapid: 5 } as never)],
    ['a time that is none', () => logTo(pino({ enabled: false }), { rapidMs: NaN })],
  ])('of %s is a misuse', (_, call) => {
    expect(call).toThrow(MisuseError);
  });
});
