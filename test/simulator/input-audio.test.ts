import { describe, expect, it } from 'vitest';
import { create, machine, pcm, update } from './machine.js';

const append = (audio: string) => ({ type: 'input_audio_buffer.append', audio });
const commit = { type: 'input_audio_buffer.commit' };
const byHand = () => {
  const server = machine();
  server.send(update({ audio: { input: { turn_detection: null } } }));
  server.settle();
  server.forget();
  return server;
};

describe('input_audio_buffer', () => {
  it('never acknowledges an append', () => {
    const server = byHand();
    server.send(append(pcm(200)));
    server.settle();
    expect(server.types()).toEqual([]);
  });

  it('commits to an item, and to no response', () => {
    const server = byHand();
    server.send(append(pcm(100)));
    server.send(commit);
    server.settle();
    expect(server.types()).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
    ]);
    const [committed, added] = server.frames();
    expect(committed).toMatchObject({ previous_item_id: null, item_id: added.item.id });
    expect(added.item).toMatchObject({
      role: 'user',
      status: 'completed',
      content: [{ type: 'input_audio', transcript: null }],
    });
  });

  it('refuses to commit less than 100 ms, and says how much there was', () => {
    const server = byHand();
    server.send(append(pcm(99)));
    expect(server.errorFor({ ...commit, event_id: 'e' })).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
      message:
        'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 99.00ms of audio.',
      event_id: 'e',
    });
  });

  it.each(['audio/pcmu', 'audio/pcma'])('counts %s at eight bytes a millisecond', (type) => {
    const server = byHand();
    server.send(update({ audio: { input: { format: { type } } } }));
    server.send(append(Buffer.alloc(799).toString('base64')));
    expect(server.errorFor(commit)).toMatchObject({ code: 'input_audio_buffer_commit_empty' });
    server.send(append(Buffer.alloc(1).toString('base64')));
    expect(server.errorFor(commit)).toBeUndefined();
  });

  it('is empty after a commit and after a clear', () => {
    const server = byHand();
    server.send(append(pcm(200)));
    server.send(commit);
    expect(server.errorFor(commit)).toMatchObject({ code: 'input_audio_buffer_commit_empty' });
    server.send(append(pcm(200)));
    server.send({ type: 'input_audio_buffer.clear' });
    expect(server.errorFor(commit)).toMatchObject({ code: 'input_audio_buffer_commit_empty' });
    expect(server.types()).toContain('input_audio_buffer.cleared');
  });

  it('is cleared also while a response is open', () => {
    const server = byHand();
    server.send(create());
    server.advance(300);
    server.send({ type: 'input_audio_buffer.clear' });
    server.settle();
    expect(server.types()).toContain('input_audio_buffer.cleared');
    expect(server.last('response.done').response.status).toBe('completed');
  });

  it.each([
    [{ audio: 'not base64!' }, 'invalid_value'],
    [{ audio: 'AAA' }, 'invalid_value'],
    [{ audio: 12 }, 'invalid_type'],
    [{}, 'missing_required_parameter'],
  ])('refuses to append %j', (fields, code) => {
    expect(byHand().errorFor({ type: 'input_audio_buffer.append', ...fields })).toMatchObject({ code, param: 'audio' });
  });

  it('refuses more than 15 MiB at once', () => {
    expect(byHand().errorFor(append('A'.repeat(15 * 1024 * 1024 + 4)))).toMatchObject({
      code: 'string_above_max_length',
    });
  });

  it('writes down what the caller said into it', () => {
    const server = byHand();
    server.send(update({ audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } }));
    server.send(append(pcm(500)));
    server.caller({ does: 'speaks', says: 'Good evening.', ms: 500 });
    server.advance(500);
    server.send(commit);
    server.settle();
    const completed = server.last('conversation.item.input_audio_transcription.completed');
    expect(completed).toMatchObject({
      transcript: 'Good evening.',
      content_index: 0,
      usage: { type: 'tokens', input_tokens: 5 },
    });
  });
});
