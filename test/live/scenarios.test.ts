import { describe, expect, onTestFinished, test } from 'vitest';
import { recordedSpeech } from '../../examples/quickstart/caller.js';
import { listen, type ServerOptionsGiven } from '../../src/simulator/index.js';
import { overSocket, simulator } from './places.js';
import { scenarios } from './scenarios.js';

const model = 'gpt-realtime-2.1-mini';
const closing = [
  'response.output_audio.done',
  'response.output_audio_transcript.done',
  'response.content_part.done',
  'conversation.item.done',
  'response.output_item.done',
  'response.done',
].join(', ');

/** The simulated server's assumptions, until the real server has been asked. */
const assumed: Readonly<Record<string, string>> = {
  'In which order does a barge-in arrive?': `input_audio_buffer.speech_started, ${closing}; cancelled (turn_detected), usage of input and output`,
  'What becomes of the answer to a turn that is followed by speech at once?':
    'it is created, then cancelled (turn_detected), usage zero',
  'Is a turn answered that ends during a response which it may not interrupt?': 'no',
  'Is a response accepted while the caller speaks, and their turn answered after it?':
    'it is accepted, and ends completed; the turn is not answered after it',
  'A response is asked for as soon as the caller has spoken: what is read first?':
    'conversation_already_has_active_response, read after response.created, names the response in its way',
  'Nobody speaks: in which order does the idle timeout arrive?':
    'input_audio_buffer.timeout_triggered, conversation.item.added, conversation.item.done, input_audio_buffer.committed, conversation.item.added, conversation.item.done, response.created',
  'In which order does a response end that its client cancels while it speaks?': `${closing}; cancelled (client_cancelled), usage of input and output`,
  'What does a response cost that is cancelled before any output?':
    'cancelled (client_cancelled) with 0 items, usage zero',
  'A response is cancelled before it has been created: what happens?':
    'response_cancel_not_active; the response is completed',
  'Are the items of an out-of-band response announced as conversation.item.*?': 'no; conversation_id is null',
  'How many out-of-band responses may run beside one of the conversation?': '5 of 5 are accepted, 5 at once',
  'Is a session updated while a response is active?': 'at once',
  'Is an item truncated that is still being made, and does its audio go on?':
    'yes, and its audio goes on; cancelled then, it is cancelled (client_cancelled)',
  'Truncated at 300 ms, there again, 400, an hour, 0, and an item that never was: what is answered?':
    '300 ms, 300 ms, invalid_value, invalid_value, 0 ms, item_truncate_invalid_item_id',
  'Which of a session.update is not in its echo as it was asked for?': 'nothing: all of it is, $schema included',
  'Is metadata echoed, and the event_id of the create?': 'in response.created, in response.done, but no event_id',
  'Which errors do not name the event that they answer?':
    'duplicate, output of no call; 10 of 10 answered, without an event_id: item_create_duplicate_item_id, invalid_tool_call_id',
  'When is rate_limits.updated sent?': 'after response.done',
};

describe('the questions to the real server', () => {
  test.each(scenarios.map((scenario) => [scenario.asks, scenario] as const))(
    'are answered by the simulated one: %s',

    async (asks, scenario) => {
      expect(await simulator(model).play(scenario)).toMatchObject({ kind: 'found', text: assumed[asks] });
    },
  );

  /** Options with the opposite assumption: a scenario that gives the same answer for both would be of no use. */
  const otherAnswers: readonly [options: ServerOptionsGiven, asks: string, finds: string][] = [
    [
      { faults: { itemDoneWhenCut: 'omitted' } },
      'order does a barge-in',
      'content_part.done, response.output_item.done',
    ],
    [
      { faults: { preCreated: 'swallow' }, latency: { automatic: 1500 } },
      'followed by speech at once',
      'it is never created',
    ],
    [{ faults: { preCreated: 'runs' }, latency: { automatic: 1500 } }, 'followed by speech at once', 'runs on'],
    [{ faults: { vadWhileActive: 'queue' } }, 'may not interrupt', 'yes, once the response has ended'],
    [{ faults: { vadWhileActive: 'queue' } }, 'while the caller speaks', 'the turn is answered after it'],
    [{ faults: { conflictErrorBeforeCreated: true } }, 'what is read first', 'read before response.created'],
    [
      { faults: { cancelTail: 'doneOnly' } },
      'its client cancels while it speaks',
      'response.done; cancelled (client_cancelled)',
    ],
    [{ faults: { cancelledUsage: 'input' } }, 'cancelled before any output', 'usage of its input'],
    [{ faults: { cancelBeforeCreated: 'silent' } }, 'before it has been created', 'no error'],
    [{ faults: { outOfBandItems: 'announced' } }, 'announced as', 'conversation.item.added, conversation.item.done'],
    [
      { faults: { maxOutOfBand: 2 } },
      'How many',
      '3 of 5 are accepted, 3 at once; rate_limit_exceeded, rate_limit_exceeded',
    ],
    [{ faults: { errorWithoutEventId: true } }, 'Which errors', 'unknown type, nothing to cancel'],
    [{ faults: { rateLimits: 'before' } }, 'rate_limits', 'before response.done'],
    [{ faults: { rateLimits: 'never' } }, 'rate_limits', 'never'],
  ];

  test.each(otherAnswers)('would be answered otherwise with %j', async (...row) => {
    const [options, asks, finds] = row;
    const scenario = scenarios.find((each) => each.asks.includes(asks));
    if (!scenario) throw new Error(`Nobody asks “${asks}”.`);
    const { kind, text } = await simulator(model, options).play(scenario);
    expect(kind).toBe('found');
    expect(text).toContain(finds);
    expect(text).not.toBe(assumed[scenario.asks]);
  });

  test('fail at once where the server hangs up', async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error('Nobody asks anything.');
    const refusing = simulator(model, { faults: { refusal: 'invalid_api_key' } });
    expect(await refusing.play(scenario)).toMatchObject({
      kind: 'failed',
      text: 'the server hung up: 3000 invalid_request_error.invalid_api_key',
    });
  });

  test('are asked over a socket in the same way', async () => {
    const server = await listen({ pace: 4 });
    onTestFinished(() => server.close());
    const socket = overSocket('a socket', { model, url: server.url, apiKey: 'simulated' }, await recordedSpeech());
    for (const scenario of scenarios.filter(({ asks }) => /metadata|echo|spoken/.test(asks))) {
      expect(await socket.play(scenario)).toMatchObject({ kind: 'found', text: assumed[scenario.asks] });
    }
  });
});
