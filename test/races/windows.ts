import { expect } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/tool.js';
import { ConfigureError } from '../../src/errors.js';
import { isAbout, type Setting, type Stage } from './stage.js';

export interface Window extends Setting {
  readonly number: number;
  readonly promise: string;
  play(stage: Stage): Promise<void>;
}

const look = tool({ name: 'look', description: 'Looks.', parameters: z.object({}), run: () => 'A cat.' });
/** Speech so long that everything in the test happens during it, even on a busy machine. */
const long = { ms: 60_000 };
const slowToAnswer = { faults: { conflictErrorBeforeCreated: true }, latency: { create: 2_000 } };
const settled = (verdict: ReturnType<Stage['session']['respond']>): Promise<unknown> =>
  verdict.kind === 'hold' ? verdict.settled.then(({ kind }) => kind) : Promise.resolve(verdict.kind);

/** The race windows of the protocol, each with the session's promise for it. */
export const windows: readonly Window[] = [
  {
    number: 1,
    promise: 'a create that meets a turn that was just committed is answered by the answer to that turn',
    async play(stage) {
      const { session } = stage;
      await stage.item();
      stage.server.says('A long answer.', long);
      const automatic = stage.automatic();
      stage.callerSpeaks();
      const reply = session.respond('reply');
      expect(reply.kind).toBe('admit');
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(reply.kind === 'admit' && (await reply.response.created)).toBe(await (await automatic).created);
      expect(stage.errors).toEqual(['conversation_already_has_active_response']);
      expect(stage.asked).toEqual(['reply']);
    },
  },
  {
    number: 1,
    promise: 'the same, when the conflict is read before the created of what it names',
    server: { faults: { conflictErrorBeforeCreated: true } },
    async play(stage) {
      await stage.item();
      stage.server.says('A long answer.', long);
      stage.callerSpeaks();
      const reply = stage.session.respond('reply');
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(stage.at('read', 'error')).toBeLessThan(stage.at('read', 'response.created'));
      expect(stage.asked).toEqual(['reply']);
    },
  },
  {
    number: 1,
    promise: 'a create of its own is put back, and goes once the answer to the turn is over',
    async play(stage) {
      stage.server.says('A long answer.', long);
      const automatic = stage.automatic();
      stage.callerSpeaks();
      const remark = stage.session.respond('remark', { response: { instructions: 'Remark.' } });
      expect(await remark.done).toMatchObject({ status: 'completed' });
      expect(stage.asked).toEqual(['remark', 'remark']);
      const answer = await (await automatic).created;
      expect(stage.at('read', 'response.done', isAbout(answer))).toBeLessThan(
        stage.log.findLastIndex(({ frame }) => frame.type === 'response.create'),
      );
    },
  },
  {
    number: 2,
    promise: 'nothing is written between the end of a turn and the answer to it',
    plan: { limits: { imminentMs: 5_000 } },
    server: slowToAnswer,
    async play(stage) {
      stage.callerSpeaks();
      await stage.next('input_audio_buffer.speech_stopped');
      const nudge = stage.session.respond('nudge');
      expect(nudge).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
      expect(await nudge.done).toMatchObject({ status: 'completed' });
      expect(stage.at('read', 'response.done')).toBeLessThan(stage.at('wrote', 'response.create'));
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 3,
    promise: 'nothing is said over the user, but what overrides it by name',
    async play(stage) {
      const { session, server } = stage;
      server.caller.begins();
      await stage.next('input_audio_buffer.speech_started');
      const reply = session.respond('reply');
      expect(reply).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
      const urgent = session.respond('urgent', { override: ['user-speaking'] });
      expect(urgent.kind).toBe('admit');
      expect(await urgent.done).toMatchObject({ status: 'completed' });
      expect(stage.asked).toEqual(['urgent']);
      server.caller.ends('What?');
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(stage.asked).toEqual(['urgent', 'reply']);
    },
  },
  {
    number: 4,
    promise: 'a conflict that names a response which has ended is tried again at once',
    server: { latency: { acknowledge: 8_000 }, speed: Infinity },
    async play(stage) {
      stage.server.says('A short answer.', { afterMs: 2_000 });
      stage.callerSpeaks();
      const remark = stage.session.respond('remark', { response: { instructions: 'Remark.' } });
      expect(await remark.done).toMatchObject({ status: 'completed' });
      const conflict = stage.at('read', 'error');
      expect(stage.at('read', 'response.done')).toBeLessThan(conflict);
      expect(stage.log[conflict + 1]).toMatchObject({ way: 'wrote', frame: { type: 'response.create' } });
    },
  },
  {
    number: 5,
    promise: 'of two requests back to back one waits: the server refuses neither',
    async play(stage) {
      const first = stage.session.respond('first', { response: { instructions: 'One.' } });
      const second = stage.session.respond('second', { response: { instructions: 'Two.' } });
      expect([first.kind, second.kind]).toEqual(['admit', 'hold']);
      await Promise.all([first.done, second.done]);
      expect(stage.asked).toEqual(['first', 'second']);
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 6,
    promise: 'a cancel before the created goes out, by id, with the created',
    async play(stage) {
      stage.server.says('A long story.', long);
      const story = stage.session.respond('story');
      if (story.kind === 'admit') story.response.cancel();
      expect(stage.wrote('response.cancel')).toEqual([]);
      expect(await story.done).toMatchObject({ status: 'cancelled', by: 'client' });
      const [created] = stage.read('response.created');
      expect(stage.wrote('response.cancel')).toMatchObject([{ response_id: created?.['response'].id }]);
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 7,
    promise: 'a cancel that comes too late harms nobody',
    server: { latency: { done: 0 } },
    async play(stage) {
      const { session } = stage;
      session.on('response.output_item.done', (_, response) => response?.cancel());
      const story = session.respond('story', { response: { instructions: 'Tell.' } });
      expect(await story.done).toMatchObject({ status: 'completed' });
      expect((await stage.next('error'))['error'].code).toBe('response_cancel_not_active');
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 8,
    promise: 'an interruption that races the server’s own never hits the next response',
    server: { faults: { cancelHitsNext: true } },
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      server.caller.begins();
      session.interrupt();
      expect(await story.done).toMatchObject({ status: 'cancelled', by: 'user' });
      const automatic = stage.automatic();
      server.caller.ends('Stop.');
      expect(await (await automatic).done).toMatchObject({ status: 'completed' });
      expect(stage.wrote('response.cancel')).toMatchObject([{ response_id: expect.stringMatching(/^resp_/) }]);
    },
  },
  {
    number: 9,
    promise: 'who interrupts is written only after the done of what was interrupted',
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      const alarm = session.respond('alarm', { interrupt: true });
      expect(alarm).toMatchObject({ kind: 'hold', by: ['response-active'] });
      expect(await story.done).toMatchObject({ status: 'cancelled', by: 'client' });
      expect(await alarm.done).toMatchObject({ status: 'completed' });
      expect(stage.at('read', 'response.done')).toBeLessThan(
        stage.at('wrote', 'response.create', (frame) => frame['response'].metadata.gated_purpose === 'alarm'),
      );
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 10,
    promise: 'the late done of an old response does not free the slot of the new one',
    server: { faults: { lateDone: 1_000 } },
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      server.says('A long answer.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      const automatic = stage.automatic();
      stage.callerSpeaks('Stop.');
      const answer = await automatic;
      const reply = session.respond('reply', { response: { instructions: 'Reply.' } });
      expect(await story.done).toMatchObject({ status: 'cancelled' });
      expect(session.state.shut).toContain('response-active');
      expect(stage.asked).toEqual(['story']);
      expect(await answer.done).toMatchObject({ status: 'completed' });
      expect(await settled(reply)).toBe('admit');
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 11,
    promise: 'a response whose created was never read ends all the same, and frees the slot',
    server: { faults: { dropCreated: true } },
    async play(stage) {
      const { session, server } = stage;
      expect(await session.respond('story').done).toMatchObject({ status: 'completed' });
      expect(session.state).toMatchObject({ shut: [], outstanding: null, responses: [] });
      stage.callerSpeaks();
      await stage.next('response.done');
      await stage.fault();
      expect(session.state.shut).toEqual([]);
      server.misbehaves({ dropCreated: false });
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 12,
    promise: 'an answer that is cancelled within the second of its created frees the slot for the next',
    async play(stage) {
      stage.server.says('Nobody hears this.', { afterMs: 60_000 });
      const first = stage.automatic();
      stage.callerSpeaks('One thing…');
      const cancelled = await first;
      const second = stage.automatic();
      stage.callerSpeaks('…and another.');
      expect(await cancelled.done).toMatchObject({ status: 'cancelled', by: 'user', text: '' });
      expect(await (await second).done).toMatchObject({ status: 'completed' });
      expect(stage.session.state.shut).toEqual([]);
    },
  },
  {
    number: 13,
    promise: 'a tool’s output goes out at once, its follow-up only after the done',
    plan: { tools: [look] },
    server: { latency: { done: 2_000 } },
    async play(stage) {
      const { session, server } = stage;
      server.calls('look');
      const asked = session.respond('look');
      await asked.done;
      await stage.next('response.created', (frame) => frame['response'].metadata.gated_purpose === 'tool:look');
      const output = stage.at('wrote', 'conversation.item.create');
      const done = stage.at('read', 'response.done');
      const followUp = stage.log.findLastIndex(({ frame }) => frame.type === 'response.create');
      expect(output).toBeLessThan(done);
      expect(done).toBeLessThan(followUp);
      expect(stage.asked).toEqual(['look', 'tool:look']);
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 14,
    promise: 'a tool round that was cut off is not continued by itself',
    plan: { tools: [look] },
    async play(stage) {
      const { session, server } = stage;
      server.replies({
        items: [{ calls: 'look', args: '{}' }, { says: 'And…' }],
        status: 'incomplete',
        reason: 'max_output_tokens',
      });
      expect(await session.respond('look').done).toMatchObject({ status: 'incomplete', reason: 'max_output_tokens' });
      await stage.item();
      expect(stage.asked).toEqual(['look']);
      expect(session.state.held).toEqual([]);
    },
  },
  {
    number: 15,
    promise: 'a commit that the voice detection has forestalled harms nobody',
    async play(stage) {
      const { session } = stage;
      const automatic = stage.automatic();
      stage.callerSpeaks();
      session.send({ type: 'input_audio_buffer.commit' });
      expect(await (await automatic).done).toMatchObject({ status: 'completed' });
      expect(stage.errors).toEqual(['input_audio_buffer_commit_empty']);
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 15,
    promise: 'its error, should it name nothing, rejects no update that is under way',
    server: { faults: { errorWithoutEventId: true } },
    async play(stage) {
      const { session } = stage;
      session.send({ type: 'input_audio_buffer.commit' });
      await session.update({ session: { instructions: 'Sing.' } });
      await stage.next('error');
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 16,
    promise: 'an item that is truncated too far, twice, or after it is gone harms nobody',
    async play(stage) {
      const { session } = stage;
      const story = session.respond('story');
      const item_id = (await stage.next('response.output_item.added'))['item'].id as string;
      await story.done;
      const truncate = { type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 0 } as const;
      session.send({ ...truncate, audio_end_ms: 10_000_000 });
      session.send(truncate);
      session.send(truncate);
      session.send({ type: 'conversation.item.delete', item_id });
      session.send({ type: 'conversation.item.delete', item_id });
      session.send(truncate);
      await stage.item();
      expect(stage.errors).toEqual(['invalid_value', 'item_delete_invalid_item_id', 'item_truncate_invalid_item_id']);
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 17,
    promise: 'what depends on an update waits for its confirmation, also while a response is open',
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      const update = session.update({ session: { instructions: 'Sing.' } });
      const reply = session.respond('reply', { response: {} });
      expect(reply).toMatchObject({ kind: 'hold', by: ['unconfirmed', 'response-active'] });
      await update;
      expect(await story.done).toMatchObject({ status: 'completed' });
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(stage.asked).toEqual(['story', 'reply']);
    },
  },
  {
    number: 17,
    promise: 'a voice that is locked by then is rejected, and the gate opens again on what stands',
    async play(stage) {
      const { session } = stage;
      await session.respond('story').done;
      const rejected = await session
        .update({ session: { audio: { output: { voice: 'cedar' } } } })
        .catch((error: unknown) => error as ConfigureError);
      expect(rejected).toBeInstanceOf(ConfigureError);
      expect(rejected).toMatchObject({ failure: { kind: 'rejected', code: 'cannot_update_voice' } });
      expect(session.state.shut).toEqual(['unconfirmed']);
      expect(await session.respond('next').done).toMatchObject({ status: 'completed' });
      expect(stage.wrote('session.update')).toHaveLength(3);
    },
  },
  {
    number: 18,
    promise: 'the answer to a silence is treated like the answer to a turn',
    plan: {
      session: { audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5_000 } } } },
      limits: { imminentMs: 5_000 },
    },
    server: slowToAnswer,
    async play(stage) {
      const { session } = stage;
      await session.respond('greeting').done;
      await stage.next('input_audio_buffer.timeout_triggered');
      const nudge = session.respond('nudge');
      expect(nudge).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
      await nudge.done;
      expect(stage.errors).toEqual([]);
      expect(stage.at('read', 'response.done')).toBeLessThan(stage.at('read', 'input_audio_buffer.timeout_triggered'));
    },
  },
  {
    number: 19,
    promise: 'what is out of band neither takes the slot nor frees it',
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const aside = { response: { conversation: 'none' } } as const;
      const first = session.respond('aside', aside);
      const story = session.respond('story');
      expect([first.kind, story.kind]).toEqual(['admit', 'admit']);
      await stage.next('response.output_audio.delta');
      const reply = session.respond('reply', { response: {} });
      expect(await session.respond('aside', aside).done).toMatchObject({ status: 'completed' });
      expect(reply).toMatchObject({ kind: 'hold', by: ['response-active'] });
      expect(session.state.held).toHaveLength(1);
      expect(await story.done).toMatchObject({ status: 'completed' });
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(await first.done).toMatchObject({ status: 'completed' });
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 20,
    promise: 'another connection’s response holds the slot here too, and is nobody’s here',
    kind: 'sideband',
    async play(stage) {
      const { session, server } = stage;
      const other = await stage.joins();
      server.says('A long story.', long);
      const story = other.respond('story');
      await stage.next('response.created');
      expect(session.state.responses).toMatchObject([{ purpose: null, outOfBand: false }]);
      const reply = session.respond('reply', { response: {} });
      expect(reply).toMatchObject({ kind: 'hold', by: ['response-active'] });
      expect(await story.done).toMatchObject({ status: 'completed' });
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(stage.errors).toEqual([]);
    },
  },
  {
    number: 20,
    promise: 'of two connections that ask at once, one is put back, and both are heard',
    kind: 'sideband',
    async play(stage) {
      const { session } = stage;
      const other = await stage.joins();
      const here = session.respond('here', { response: {} });
      const there = other.respond('there', { response: {} });
      expect([here.kind, there.kind]).toEqual(['admit', 'admit']);
      expect(await here.done).toMatchObject({ status: 'completed' });
      expect(await there.done).toMatchObject({ status: 'completed' });
    },
  },
  {
    number: 21,
    promise: 'a socket that dies settles all that was in flight, and all that waited',
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      const reply = session.respond('reply');
      const update = session.update({ session: { instructions: 'Sing.' } }).catch((error: unknown) => error);
      server.die();
      expect(await story.done).toMatchObject({ status: 'lost' });
      expect(await reply.done).toMatchObject({ status: 'unsent', by: 'closed' });
      expect(await update).toMatchObject({ failure: { kind: 'lost' } });
      expect(await session.closed).toMatchObject({ kind: 'lost', code: null });
    },
  },
  {
    number: 21,
    promise: 'so does a session that expires',
    async play(stage) {
      const { session, server } = stage;
      server.says('A long story.', long);
      const story = session.respond('story');
      await stage.next('response.output_audio.delta');
      server.expire();
      expect(await story.done).toMatchObject({ status: 'lost' });
      expect(await session.closed).toEqual({ kind: 'expired' });
    },
  },
  {
    number: 22,
    promise: 'a response that fails frees the slot, and the gate asks for nothing by itself',
    async play(stage) {
      const { session, server } = stage;
      server.fails('server_error', 'Sorry.');
      const story = session.respond('story', { response: {} });
      const reply = session.respond('reply', { response: {} });
      expect(await story.done).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
      expect(await reply.done).toMatchObject({ status: 'completed' });
      expect(stage.asked).toEqual(['story', 'reply']);
    },
  },
];
