import { ask, briefly, caughtUp, forLong, long, tell, voiceDetection } from './asking.js';
import { codeOf, ending, order, used } from './line.js';
import type { Scenario } from './scenarios.js';

/** Scenarios of who has the floor, and what happens when both want it. */
export const turnScenarios: readonly Scenario[] = [
  {
    asks: 'In which order does a barge-in arrive?',
    detection: voiceDetection,
    simulated: [long],
    async find(line) {
      ask(line, forLong);
      await line.next('response.output_audio.delta');
      line.speaks();
      const started = line.events.indexOf(await line.next('input_audio_buffer.speech_started'));
      const done = await line.next('response.done');
      return `${order(line, started, done)}; ${ending(done.response)}, ${used(done.response)}`;
    },
  },
  {
    asks: 'What becomes of the answer to a turn that is followed by speech at once?',
    detection: voiceDetection,
    simulated: [long],
    async find(line) {
      line.speaks();
      line.isSilent();
      line.speaks();
      await line.next('input_audio_buffer.speech_started', 2);
      const done = await line.soon(line.next('response.done'), 3_000);
      const isCreated = line.events.some(({ type }) => type === 'response.created');
      if (!done) return isCreated ? 'it is created, and runs on' : 'it is never created';
      return `it is created, then ${ending(done.response)}, ${used(done.response)}`;
    },
  },
  {
    asks: 'Is a turn answered that ends during a response which it may not interrupt?',
    detection: { ...voiceDetection, interrupt_response: false },
    simulated: [long],
    async find(line) {
      ask(line, forLong);
      await line.next('response.output_audio.delta');
      line.speaks();
      line.isSilent();
      await line.next('input_audio_buffer.committed');
      if (line.events.some(({ type }) => type === 'response.done')) throw new Error('The response was too short.');
      await line.next('response.done');
      const second = await line.soon(line.next('response.created', 2), 3_000);
      return second ? 'yes, once the response has ended' : 'no';
    },
  },
  {
    asks: 'Is a response accepted while the caller speaks, and their turn answered after it?',
    detection: voiceDetection,
    simulated: [long],
    async find(line) {
      tell(line, forLong);
      line.speaks();
      await line.next('input_audio_buffer.speech_started');
      line.send({ type: 'response.create' });
      const first = await line.nextOf(['response.created', 'error']);
      if (first.type === 'error') return `no: ${codeOf(first)}`;
      await line.next('response.output_audio.delta');
      line.isSilent();
      await line.next('input_audio_buffer.committed');
      const { response } = await line.next('response.done');
      const second = await line.soon(line.next('response.created', 2), 3_000);
      return `it is accepted, and ends ${ending(response)}; the turn is ${second ? '' : 'not '}answered after it`;
    },
  },
  {
    asks: 'A response is asked for as soon as the caller has spoken: what is read first?',
    detection: voiceDetection,
    async find(line) {
      line.speaks();
      line.isSilent();
      await line.next('input_audio_buffer.speech_stopped');
      line.send({ type: 'response.create' });
      const [{ response }, error] = await Promise.all([
        line.next('response.created'),
        line.soon(line.next('error'), 5_000),
      ]);
      if (!error) return 'it is not refused';
      const created = line.events.findIndex(({ type }) => type === 'response.created');
      const place = line.events.indexOf(error) < created ? 'before' : 'after';
      const named = response.id && error.error.message.includes(response.id) ? 'names' : 'does not name';
      return `${codeOf(error)}, read ${place} response.created, ${named} the response in its way`;
    },
  },
  {
    asks: 'Nobody speaks: in which order does the idle timeout arrive?',
    detection: { ...voiceDetection, idle_timeout_ms: 5_000 },
    async find(line) {
      ask(line, briefly);
      await line.next('response.done');
      const timeout = await line.soon(line.next('input_audio_buffer.timeout_triggered'), 15_000);
      if (!timeout) return 'there is none';
      return order(line, line.events.indexOf(timeout), await line.next('response.created', 2));
    },
  },
  {
    asks: 'In which order does a response end that its client cancels while it speaks?',
    detection: null,
    simulated: [long],
    async find(line) {
      ask(line, forLong);
      const { response_id } = await line.next('response.output_audio.delta');
      const since = line.events.length;
      line.send({ type: 'response.cancel', response_id });
      const done = await line.next('response.done');
      return `${order(line, since, done)}; ${ending(done.response)}, ${used(done.response)}`;
    },
  },
  {
    asks: 'What does a response cost that is cancelled before any output?',
    detection: null,
    async find(line) {
      ask(line, briefly);
      const { id } = (await line.next('response.created')).response;
      line.send({ type: 'response.cancel', ...(id && { response_id: id }) });
      const { response } = await line.next('response.done');
      return `${ending(response)} with ${response.output?.length ?? 0} items, ${used(response)}`;
    },
  },
  {
    asks: 'A response is cancelled before it has been created: what happens?',
    detection: null,
    async find(line) {
      ask(line, briefly);
      line.send({ type: 'response.cancel' });
      await caughtUp(line);
      const { response } = await line.next('response.done');
      const error = line.events.find((event) => event.type === 'error');
      return `${error ? codeOf(error) : 'no error'}; the response is ${ending(response)}`;
    },
  },
];
