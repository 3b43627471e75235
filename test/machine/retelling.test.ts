import { describe, expect, it } from 'vitest';
import {
  audioDelta,
  call,
  created,
  done,
  itemAdded,
  refusal,
  sessionUpdated,
  sessionWith,
  speechStarted,
  toolSet,
} from './bench.js';
import { beside, brings, configures, hears, inWords, lasting, noteIn, returns, says, told } from './lines.js';

const message = (role: string, content: readonly object[]): object => ({ type: 'message', role, content });
const text = (words: string): object => ({ type: 'input_text', text: words });

describe('the next line is told', () => {
  it('what was said on both sides, in its order, by the ids that it had, and a note after it', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello.', ms: 100 });
    bench.reads(done('resp_1'));
    hears(bench, 'item_2', 'A room, please.');
    bench.reads(created('resp_3'));
    says(bench, { response: 'resp_3', text: 'For when?', ms: 100 });
    bench.reads(done('resp_3'));
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['assistant: Hello.', 'user: A room, please.', 'assistant: For when?', 'the note']);
    expect(beside(bench)[1]).toMatchObject({ item: { id: 'item_of_resp_1', content: [{ type: 'output_text' }] } });
  });

  it('nothing, and no note, where nothing was said: a greeting is still to be said', () => {
    const bench = lasting();
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual([]);
  });

  it('the note before a turn that is not answered yet', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello.', ms: 100 });
    hears(bench, 'item_2');
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['assistant: Hello.', 'the note', 'user: (inaudible)']);
  });

  it('of what was cut, as much as was heard, in whole words', () => {
    const bench = lasting({ detection: 'automatic' });
    bench.reads(created('resp_1'));
    says(bench, { text: 'One two three four five six.', ms: 2_000 });
    bench.reads(done('resp_1'));
    bench.waits(1_000);
    bench.reads(speechStarted());
    bench.loses();
    configures(bench, 'automatic');
    expect(told(bench)).toEqual(['assistant: One two three —', 'the note']);
  });

  it('nothing of what nobody heard', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello there.', ms: 500 });
    bench.step({ type: 'interrupt' });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual([]);
  });

  it('3: of what was lost in mid-sound, what its sound holds, though the transcript had run ahead', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    says(bench, { text: 'One two three four five six seven.', ms: 1_000, whole: false });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['assistant: One two three —', 'the note']);
  });

  it('nothing of a transcript without a sound', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    says(bench, { text: 'Hello there.', whole: false });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual([]);
  });

  it('a written answer whole, and what there is of one that was lost', () => {
    const bench = lasting();
    const item = (id: string, more: object = {}) => ({ response_id: 'resp_1', item: { id, type: 'message', ...more } });
    const done_ = { status: 'completed', content: [{ type: 'output_text', text: 'Yes, indeed.' }] };
    bench.reads(created('resp_1'), { type: 'response.output_item.added', ...item('item_1') });
    bench.reads({ type: 'response.output_item.done', ...item('item_1', done_) });
    bench.reads({ type: 'response.output_item.added', ...item('item_2') });
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_1', item_id: 'item_2', delta: 'And no' });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['assistant: Yes, indeed.', 'assistant: And no—', 'the note']);
  });

  it('nothing that was said beside the conversation, in an empty turn, or by the server to itself', () => {
    const bench = lasting();
    bench.reads(created('resp_1', { conversation_id: null }));
    says(bench, { text: 'Aside.', ms: 100 });
    bench.reads(itemAdded('item_of_resp_1', { type: 'message', role: 'assistant' }));
    bench.reads({ type: 'input_audio_buffer.timeout_triggered', item_id: 'item_idle' });
    hears(bench, 'item_idle', '');
    bench.reads(itemAdded('item_hidden', { type: 'message', role: 'system' }));
    bench.reads({ type: 'input_audio_buffer.timeout_triggered' });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual([]);
  });

  it('what was sent by hand, as it was; of images the last, and sound by its words', () => {
    const bench = lasting();
    const image = { type: 'input_image', image_url: 'data:' };
    bench.sends('item_1', message('system', [text('Be kind.')]));
    bench.sends('item_2', message('user', [text('This?'), image]));
    bench.sends('item_3', message('user', [image]));
    bench.sends('item_4', message('user', [{ type: 'input_audio', audio: 'AAAA', transcript: 'Or so.' }]));
    bench.sends('item_5', message('user', [{ type: 'input_audio', audio: 'AAAA' }]));
    bench.reads(itemAdded('item_1'));
    bench.loses();
    configures(bench);
    expect(beside(bench).flatMap(({ item }) => (item ? [(item as { content: unknown }).content] : []))).toEqual([
      [text('Be kind.')],
      [text('This?'), text('(an image)')],
      [image],
      [text('Or so.')],
      expect.anything(),
      [text('(inaudible)')],
    ]);
  });

  it('nothing that was deleted, refused, or sent by an id that was taken', () => {
    const bench = lasting();
    bench.sends('item_1', message('user', [text('One.')]));
    const second = bench.sends('item_2', message('user', [text('Two.')]));
    bench.sends('item_1', message('user', [text('Another.')]));
    hears(bench, 'item_3', 'Three.');
    hears(bench, 'item_4', 'Four.');
    bench.reads(refusal('invalid_value', second['event_id'] as string));
    bench.reads({ type: 'conversation.item.deleted', item_id: 'item_3' });
    bench.step({ type: 'send', event: { type: 'conversation.item.delete', item_id: 'item_4' } });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['the note', 'user: One.']);
  });

  it('an item in its place, where it was put between others', () => {
    const bench = lasting();
    hears(bench, 'item_1', 'One.');
    hears(bench, 'item_3', 'Three.');
    const event = {
      type: 'conversation.item.create',
      previous_item_id: 'item_1',
      item: { id: 'item_2', ...message('user', [text('Two.')]) },
    };
    bench.step({ type: 'send', event });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['user: One.', 'user: Two.', 'the note', 'user: Three.']);
  });

  it('the newest first, as far as there is room, and that the beginning is left out', () => {
    const bench = lasting({}, { budgetTokens: 30 });
    hears(bench, 'item_1', 'a'.repeat(40));
    hears(bench, 'item_2', 'b'.repeat(40));
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['the note', `user: ${'b'.repeat(40)}`]);
    expect(noteIn(bench)).toContain('The beginning of the call is left out.');
  });

  it('at most the last 512 items', () => {
    const bench = lasting({}, { budgetTokens: 1e6 });
    for (let item = 1; item <= 513; item++) hears(bench, `item_${item}`, 'Hm.');
    bench.loses();
    configures(bench);
    expect(told(bench)).toHaveLength(513);
    expect(noteIn(bench)).toContain('The beginning of the call is left out.');
  });

  it('what is sent while no line is live, and what comes while it is being told', () => {
    const bench = lasting();
    bench.loses();
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item: message('user', [text('One.')]) } });
    configures(bench);
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item: message('user', [text('Two.')]) } });
    expect(bench.written).toEqual([]);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(told(bench)).toEqual(['the note', 'user: One.', 'user: Two.']);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(bench.session.is.connection).toBe('open');
  });

  it('again, where the line is lost while it is told', () => {
    const bench = lasting();
    hears(bench, 'item_1', 'One.');
    bench.loses();
    configures(bench);
    bench.step({ type: 'gone', line: 2, code: 1006, reason: '' });
    configures(bench);
    expect(told(bench)).toEqual(['the note', 'user: One.', 'the note', 'user: One.']);
  });

  it('and a refused item is a fault, and stands in nobody’s way', () => {
    const bench = lasting();
    hears(bench, 'item_1', 'One.');
    bench.loses();
    configures(bench);
    const item = beside(bench).find(({ type }) => type === 'conversation.item.create');
    brings(bench, refusal('invalid_value', item!['event_id'] as string), refusal('item_x', null));
    expect(bench.faults).toEqual(Array(2).fill('The server refused an item that it was told again: No.'));
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(bench.session.is.connection).toBe('open');
  });

  it('nothing where no line is ever replaced: nothing is kept', () => {
    const bench = lasting();
    bench.session.rules = { ...bench.session.rules, reconnect: null };
    bench.sends('item_1', message('user', [text('One.')]));
    hears(bench, 'item_2', 'Two.');
    expect(bench.session.conversation.entries).toEqual([]);
  });
});

describe('frames that say little', () => {
  it('are taken for what they are', () => {
    const bench = lasting();
    bench.reads(created('resp_1'));
    const of = { response_id: 'resp_1' };
    bench.reads({ type: 'response.output_item.added', ...of, item: {} });
    bench.reads({ type: 'response.output_item.added', ...of, item: { id: 'item_r', type: 'reasoning' } });
    bench.reads({ type: 'response.output_item.done', ...of, item: { id: 'item_r', type: 'reasoning' } });
    bench.reads({ type: 'response.output_item.done', ...of });
    bench.reads({ type: 'response.output_item.done', ...of, item: { id: 'item_c', type: 'function_call' } });
    bench.reads({ type: 'response.output_text.delta', ...of, item_id: 'item_nobody', delta: 'x' });
    bench.reads({ type: 'conversation.item.input_audio_transcription.completed', item_id: 'item_nobody' });
    bench.reads({ type: 'conversation.item.added', item: { type: 'message', role: 'user' } });
    bench.reads({ type: 'conversation.item.added' });
    hears(bench, 'item_1');
    bench.reads({ type: 'conversation.item.input_audio_transcription.completed', item_id: 'item_1' });
    says(bench, { item: 'item_2' });
    says(bench, { item: 'item_2' });
    bench.reads({ type: 'response.output_text.delta', ...of, item_id: 'item_2' });
    bench.reads(itemAdded('item_3', { type: 'message', role: 'assistant' }));
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item: { type: 'mcp_approval_response' } } });
    bench.step({ type: 'send', event: { type: 'conversation.item.create' } });
    bench.step({
      type: 'send',
      event: { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'x' } },
    });
    bench.reads(refusal('item_x', 'gr_nobody'));
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['the note', 'user: (inaudible)']);
  });

  it('are forgotten beyond a bound, where they are never told', () => {
    const bench = lasting();
    for (let turn = 0; turn < 600; turn++)
      bench.reads({ type: 'input_audio_buffer.timeout_triggered', item_id: `i${turn}` });
    expect(bench.session.conversation.left.size).toBe(512);
  });
});

it('an item that the server itself broke off is told as far as its sound goes', () => {
  const bench = lasting();
  const item = { id: 'item_1', type: 'message' };
  bench.reads(created('resp_1'), { type: 'response.output_item.added', response_id: 'resp_1', item });
  says(bench, { item: 'item_1', text: 'One two three four five.', ms: 1_000, whole: false });
  bench.reads({ type: 'response.output_item.done', response_id: 'resp_1', item: { ...item, status: 'incomplete' } });
  bench.loses();
  configures(bench);
  expect(told(bench)).toEqual(['assistant: One two three —', 'the note']);
});

describe('calls', () => {
  const calling = () => {
    const bench = lasting({ tools: toolSet(['look']) });
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'look', { id: 'item_call' }));
    return bench;
  };

  it('are told with their outputs, and not without', () => {
    const bench = calling();
    bench.reads(call('resp_1', 'call_2', 'look', { id: 'item_call_2' }));
    bench.returns('call_1', { output: '"found"' });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['function_call: look', 'function_call_output: "found"', 'the note']);
    expect(noteIn(bench)).toContain('Still running, their results will follow: look.');
  });

  it('4: that end while the conversation is told run once, are told as a pair on each line, and are followed up once', () => {
    const bench = calling();
    bench.loses();
    configures(bench);
    bench.returns('call_1');
    bench.step({ type: 'gone', line: 2, code: 1006, reason: '' });
    returns(bench);
    brings(bench, sessionUpdated(sessionWith('off')));
    expect(bench.commanded.filter((each) => each.startsWith('run-tool'))).toHaveLength(1);
    expect(told(bench)).toEqual(['function_call: look', 'function_call_output: "fine"', 'the note']);
    expect([bench.created, bench.rounds.map(({ followUp }) => followUp)]).toEqual([['tool:look'], ['asked']]);
  });

  it('that end once the line is live bring their call along, and are followed up once', () => {
    const bench = calling();
    hears(bench, 'item_1', 'Well?');
    bench.loses();
    returns(bench);
    brings(bench, sessionUpdated(sessionWith('off')));
    bench.returns('call_1');
    expect(bench.written.flatMap(inWords)).toEqual(['function_call: look', 'function_call_output: "fine"']);
    expect(bench.created).toEqual(['tool:look']);
    const before = bench.commands.length;
    bench.step({ type: 'gone', line: 2, code: 1006, reason: '' });
    configures(bench);
    expect(told(bench, before)).toEqual([
      'user: Well?',
      'function_call: look',
      'function_call_output: "fine"',
      'the note',
    ]);
  });

  it('that are answered by hand, with nothing, are told so', () => {
    const bench = calling();
    const item = { type: 'function_call_output', call_id: 'call_1' };
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item } });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual(['function_call: look', 'function_call_output: ', 'the note']);
  });

  it('of a hosted server are told in words', () => {
    const bench = lasting();
    const item = { type: 'mcp_call', id: 'mcp_1', name: 'buy', arguments: '{"n":1}', server_label: 'shop' };
    bench.reads(created('resp_1'));
    bench.reads({ type: 'response.output_item.done', response_id: 'resp_1', item: { ...item, output: 'done' } });
    bench.reads({
      type: 'response.output_item.done',
      response_id: 'resp_1',
      item: { ...item, id: 'mcp_2', error: 'no' },
    });
    bench.reads({ type: 'response.output_item.done', response_id: 'resp_1', item: { type: 'mcp_call', id: 'mcp_3' } });
    bench.loses();
    configures(bench);
    expect(told(bench)).toEqual([
      `system: The tool 'buy' was called with {"n":1} and gave: done`,
      `system: The tool 'buy' was called with {"n":1} and gave: no`,
      'the note',
    ]);
  });
});
describe('6: a barge-in on what an earlier line said', () => {
  const said = (ms: number) => {
    const bench = lasting({ detection: 'automatic' });
    hears(bench, 'item_1', 'Well?');
    bench.reads(created('resp_1'));
    says(bench, { text: 'One two three four five six.', ms });
    bench.reads(done('resp_1'));
    bench.loses();
    return bench;
  };

  it('is told by another id in the same place, and truncates nothing', () => {
    const bench = said(4_000);
    returns(bench, 'automatic');
    brings(bench, sessionUpdated(sessionWith('automatic')));
    bench.waits(2_000 - bench.now);
    brings(bench, speechStarted());
    expect([bench.truncated, bench.written.flatMap(inWords)]).toEqual([
      [],
      ['delete item_of_resp_1', 'assistant: One two three —'],
    ]);
    expect(bench.written.at(-1)).toMatchObject({ previous_item_id: 'item_1' });
  });

  it('before anything of it was heard is a deletion', () => {
    const bench = said(4_000);
    returns(bench, 'automatic');
    brings(bench, sessionUpdated(sessionWith('automatic')));
    bench.session.playback.items.get('item_of_resp_1')!.playsFrom = Infinity;
    bench.step({ type: 'interrupt' });
    expect(bench.written.flatMap(inWords)).toEqual(['delete item_of_resp_1']);
  });

  it('while it is being told is told otherwise before the line is live', () => {
    const bench = said(4_000);
    configures(bench, 'automatic');
    bench.waits(2_000 - bench.now);
    bench.step({ type: 'interrupt' });
    brings(bench, sessionUpdated(sessionWith('automatic')));
    expect(told(bench).slice(-2)).toEqual(['delete item_of_resp_1', 'assistant: One two three —']);
    brings(bench, sessionUpdated(sessionWith('automatic')));
    expect(bench.session.is.connection).toBe('open');
  });

  it('leaves alone what the live line itself has said', () => {
    const bench = said(100);
    returns(bench, 'automatic');
    brings(bench, sessionUpdated(sessionWith('automatic')));
    const on = (event: Parameters<typeof brings>[1]): void => {
      const audioBytes = event.type === 'response.output_audio.delta' ? 48_000 : 0;
      bench.step({ type: 'frame', event, audioBytes, line: 2 });
    };
    on(created('resp_2'));
    on({ type: 'response.output_item.added', response_id: 'resp_2', item: { id: 'item_2', type: 'message' } });
    on(audioDelta('resp_2', 1_000, 'item_2'));
    bench.waits(500);
    on(speechStarted());
    expect(bench.truncated).toEqual([['item_2', 500]]);
  });
});
