import { ask, briefly, caughtUp, forLong, long } from './asking.js';
import { codeOf, ending } from './line.js';
import type { Scenario } from './scenarios.js';

const aside = { conversation: 'none', output_modalities: ['text' as const] };

/** Scenarios of what happens besides a conversation, or during it. */
export const asideScenarios: readonly Scenario[] = [
  {
    asks: 'Are the items of an out-of-band response announced as conversation.item.*?',
    detection: null,
    async find(line) {
      line.send({ type: 'response.create', response: { ...aside, instructions: briefly } });
      const { response } = await line.next('response.done');
      await caughtUp(line);
      const ours = new Set(response.output?.map(({ id }) => id));
      const announced = line.events.filter(
        (event) => event.type.startsWith('conversation.item.') && 'item' in event && ours.has(event.item?.id),
      );
      const names = announced.map(({ type }) => type).join(', ');
      return `${names || 'no'}; conversation_id is ${response.conversation_id ?? 'null'}`;
    },
  },
  {
    asks: 'How many out-of-band responses may run beside one of the conversation?',
    detection: null,
    async find(line) {
      ask(line, briefly);
      for (let count = 0; count < 4; count += 1) {
        line.send({ type: 'response.create', response: { ...aside, instructions: briefly } });
      }
      await line.nextOf(['response.done', 'error'], 5);
      let open = 0;
      let most = 0;
      for (const { type } of line.events) {
        if (type === 'response.created') most = Math.max(most, ++open);
        else if (type === 'response.done') open -= 1;
      }
      const codes = line.events.flatMap((event) => (event.type === 'error' ? [codeOf(event)] : []));
      return `${5 - codes.length} of 5 are accepted, ${most} at once${codes.length > 0 ? `; ${codes.join(', ')}` : ''}`;
    },
  },
  {
    asks: 'Is a session updated while a response is active?',
    detection: null,
    simulated: [long],
    async find(line) {
      ask(line, forLong);
      await line.next('response.output_audio.delta');
      line.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be even briefer.' } });
      const answer = await line.nextOf(['session.updated', 'error'], 2);
      if (answer.type === 'error') return `no: ${codeOf(answer)}`;
      const isActive = !line.events.some(({ type }) => type === 'response.done');
      line.send({ type: 'response.cancel' });
      return isActive ? 'at once' : 'after it';
    },
  },
  {
    asks: 'Is an item truncated that is still being made, and does its audio go on?',
    detection: null,
    simulated: [long],
    async find(line) {
      ask(line, forLong);
      const { item_id, content_index, response_id } = await line.next('response.output_audio.delta');
      line.send({ type: 'conversation.item.truncate', item_id, content_index, audio_end_ms: 100 });
      const answer = await line.nextOf(['conversation.item.truncated', 'error']);
      if (answer.type === 'error') return `no: ${codeOf(answer)}`;
      const audioSoFar = line.events.filter(({ type }) => type === 'response.output_audio.delta').length;
      const more = await line.soon(line.next('response.output_audio.delta', audioSoFar + 1), 3_000);
      line.send({ type: 'response.cancel', response_id });
      const { response } = await line.next('response.done');
      return `yes, and its audio ${more ? 'goes on' : 'ends'}; cancelled then, it is ${ending(response)}`;
    },
  },
  {
    asks: 'Truncated at 300 ms, there again, 400, an hour, 0, and an item that never was: what is answered?',
    detection: null,
    async find(line) {
      ask(line, briefly);
      const { item_id, content_index } = await line.next('response.output_audio.done');
      await line.next('response.done');
      const answers: string[] = [];
      const truncate = async (id: string, audio_end_ms: number): Promise<void> => {
        line.send({ type: 'conversation.item.truncate', item_id: id, content_index, audio_end_ms });
        const answer = await line.nextOf(['conversation.item.truncated', 'error'], answers.length + 1);
        answers.push(answer.type === 'error' ? codeOf(answer) : `${answer.audio_end_ms} ms`);
      };
      for (const ms of [300, 300, 400, 3_600_000, 0]) await truncate(item_id, ms);
      await truncate('item_that_never_was', 0);
      return answers.join(', ');
    },
  },
];
