import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { create, machine, update, userText } from './machine.js';

const inText = { output_modalities: ['text'] };
interface Counted {
  readonly text_tokens: number;
  readonly audio_tokens: number;
  readonly image_tokens: number;
}
interface Usage {
  readonly total_tokens: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly input_token_details: Counted & { readonly cached_tokens: number; readonly cached_tokens_details: Counted };
  readonly output_token_details: Omit<Counted, 'image_tokens'> & { readonly reasoning_tokens?: number };
}
const usages = (server: ReturnType<typeof machine>): Usage[] =>
  server.all('response.done').map(({ response }) => response.usage);
const usageOf = (server: ReturnType<typeof machine>) => usages(server).at(-1)!;
const tool = (name: string) => ({
  type: 'function',
  name,
  description: 'Looks up a price.',
  parameters: { type: 'object' },
});
const image = (detail: string) => ({
  type: 'conversation.item.create',
  item: {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail }],
  },
});

function answered(server: ReturnType<typeof machine>, response: object = inText) {
  server.send(create(response));
  server.settle();
  return usageOf(server);
}

describe('what a response has read', () => {
  it('includes the tools, as text', () => {
    const without = answered(machine()).input_token_details.text_tokens;
    const server = machine();
    server.send(update({ tools: [tool('price')] }));
    expect(answered(server).input_token_details.text_tokens).toBeGreaterThan(without + 10);
  });

  it('includes the tools of the response instead, if it has its own', () => {
    const server = machine();
    server.send(update({ tools: [tool('price')] }));
    const { text_tokens } = answered(server, { ...inText, tools: [] }).input_token_details;
    expect(text_tokens).toBe(answered(machine()).input_token_details.text_tokens);
  });

  it.each([
    ['low', 85],
    ['high', 765],
  ])('includes an image at %s detail as %i tokens of its own', (detail, tokens) => {
    const server = machine();
    server.send(image(detail));
    expect(answered(server).input_token_details).toMatchObject({ image_tokens: tokens, audio_tokens: 0 });
  });

  it('includes only what was given with it, beside the conversation', () => {
    const server = machine();
    server.send(userText('A long story about tulips, red ones and white ones.'));
    const input = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Sum it up.' }] }];
    const beside = answered(server, { ...inText, conversation: 'none', input }).input_tokens;
    expect(beside).toBe(answered(machine()).input_tokens + 4 + 2);
  });

  it('includes, of earlier answers, only the latest as audio', () => {
    const server = machine();
    for (const ms of [1000, 2000]) {
      server.reply({ items: [{ says: 'Good morning.', ms }] });
      server.send(create());
      server.settle();
    }
    expect(usageOf(server).input_token_details.audio_tokens).toBe(20);
    expect(answered(server).input_token_details.audio_tokens).toBe(40);
  });

  it('includes no more of an answer that was cut than was heard', () => {
    const server = machine();
    server.reply({ items: [{ says: 'Good morning, and welcome.', ms: 2000 }] });
    server.send(create());
    server.settle();
    const item_id = server.last('response.output_item.added').item.id;
    server.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 500 });
    expect(answered(server).input_token_details.audio_tokens).toBe(10);
  });
});

describe('what a response has found in the cache', () => {
  const instructions = Array.from({ length: 100 }, () => 'tulip').join(' ');

  it('is what the last one has read and made', () => {
    const server = machine();
    server.send(update({ instructions }));
    answered(server);
    expect(answered(server).input_token_details.cached_tokens).toBe(64);
  });

  it('is nothing once the instructions are others', () => {
    const server = machine();
    server.send(update({ instructions }));
    answered(server);
    server.send(update({ instructions: `Be brief. ${instructions}` }));
    expect(answered(server).input_token_details.cached_tokens).toBe(0);
  });

  it('ends where an earlier item is gone', () => {
    const server = machine();
    server.send(userText(instructions));
    answered(server);
    const [item] = server.all('conversation.item.added');
    server.send({ type: 'conversation.item.delete', item_id: item!.item.id });
    expect(answered(server).input_token_details.cached_tokens).toBe(64);
  });
});

describe('what a response has made', () => {
  const done = (model: string, reasoningTokens?: number) => {
    const server = machine({}, { model });
    server.reply({ items: [{ says: 'Hello there!' }], ...(reasoningTokens !== undefined && { reasoningTokens }) });
    return answered(server).output_token_details;
  };

  it('includes thinking, as text, where the model thinks', () => {
    expect(done('gpt-realtime-2.1', 31)).toEqual({ text_tokens: 3 + 4 + 31, audio_tokens: 0, reasoning_tokens: 31 });
  });

  it('includes some thinking where the script says nothing of it', () => {
    expect(done('gpt-realtime-2.1').reasoning_tokens).toBeGreaterThan(0);
  });

  it('includes no thinking where the model does not think', () => {
    expect(done('gpt-realtime', 31)).toEqual({ text_tokens: 3 + 2, audio_tokens: 0 });
  });

  it('is never more than max_output_tokens', () => {
    const words = fc.array(fc.constantFrom('yes', 'no', 'tulips'), { maxLength: 30 }).map((said) => said.join(' '));
    const item = fc.oneof(
      fc.record({ says: words, ms: fc.nat(5_000) }),
      words.map((args) => ({ calls: 'f', args })),
    );
    const model = fc.constantFrom('gpt-realtime', 'gpt-realtime-2.1');
    fc.assert(
      fc.property(fc.array(item, { maxLength: 3 }), fc.integer({ min: 1, max: 200 }), model, (items, most, name) => {
        const server = machine({ audio: 'tiny' }, { model: name });
        server.reply({ items });
        expect(answered(server, { max_output_tokens: most }).output_tokens).toBeLessThanOrEqual(most);
      }),
    );
  });
});

/** Things that happen in a call, in any order. */
const happenings: Readonly<Record<string, (server: ReturnType<typeof machine>) => void>> = {
  speaks: (server) => server.caller({ does: 'speaks', says: 'Tulips, please.', ms: 1_730 }),
  writes: (server) => server.send(userText('Do you have tulips, red ones or white ones?')),
  shows: (server) => server.send(image('high')),
  asks: (server) => server.send(create()),
  writesBeside: (server) => server.send(create({ ...inText, conversation: 'none', input: [] })),
  cancels: (server) => server.send({ type: 'response.cancel' }),
  configures: (server) => server.send(update({ tools: [tool('price')] })),
  waits: (server) => server.advance(400),
  settles: (server) => server.settle(),
};

describe('every usage', () => {
  const story = fc.array(fc.constantFrom(...Object.keys(happenings)), { maxLength: 25 });
  const model = fc.constantFrom('gpt-realtime', 'gpt-realtime-2.1');
  const told = (steps: readonly string[], name: string) => {
    const server = machine({ audio: 'tiny' }, { model: name });
    for (const step of steps) happenings[step]!(server);
    server.settle();
    return usages(server);
  };

  it('adds up', () => {
    fc.assert(
      fc.property(story, model, (steps, name) => {
        for (const { total_tokens, input_tokens, output_tokens, ...details } of told(steps, name)) {
          const { text_tokens, audio_tokens, image_tokens, cached_tokens } = details.input_token_details;
          const cached = details.input_token_details.cached_tokens_details;
          const output = details.output_token_details;
          expect(total_tokens).toBe(input_tokens + output_tokens);
          expect(input_tokens).toBe(text_tokens + audio_tokens + image_tokens);
          expect(output_tokens).toBe(output.text_tokens + output.audio_tokens);
          expect(cached_tokens).toBe(cached.text_tokens + cached.audio_tokens + cached.image_tokens);
        }
      }),
    );
  });

  it('has no more in the cache, of each kind, than was read, in steps of 64', () => {
    fc.assert(
      fc.property(story, model, (steps, name) => {
        for (const { input_token_details: read } of told(steps, name)) {
          for (const kind of ['text_tokens', 'audio_tokens', 'image_tokens'] as const) {
            expect(read.cached_tokens_details[kind]).toBeLessThanOrEqual(read[kind]);
            expect(read.cached_tokens_details[kind] % 64).toBe(0);
          }
        }
      }),
    );
  });

  it('counts thinking as a part of its text', () => {
    fc.assert(
      fc.property(story, model, (steps, name) => {
        for (const { output_token_details: made } of told(steps, name)) {
          expect(made.reasoning_tokens ?? 0).toBeLessThanOrEqual(made.text_tokens);
        }
      }),
    );
  });
});
