import { describe, expect, it } from 'vitest';
import { differencesIn, mergeSettings } from '../../src/machine/echo.js';

describe('the echo of what was asked for', () => {
  it.each<[string, unknown, unknown]>([
    ['the same', { speed: 1, tools: [] }, { speed: 1, tools: [] }],
    ['more than was asked', { audio: { input: {} } }, { audio: { input: { format: 'x' }, output: {} } }],
    ['nothing for what was left out', { speed: undefined }, {}],
    ['nothing for what was cleared', { tracing: null }, {}],
    ['null for what was cleared', { tracing: null }, { tracing: null }],
    ['no secrets', { tools: [{ headers: { a: '1' }, authorization: 'x' }] }, { tools: [{}] }],
    ['more in each tool', { tools: [{ name: 'look' }] }, { tools: [{ name: 'look', type: 'function' }] }],
  ])('may have %s', (_, asked, got) => {
    expect(differencesIn(asked, got)).toEqual([]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['another value', { speed: 1 }, { speed: 2 }, 'speed'],
    ['another type', { speed: 1 }, { speed: '1' }, 'speed'],
    ['no value', { speed: 1 }, {}, 'speed'],
    ['a value for what was cleared', { tracing: null }, { tracing: 'auto' }, 'tracing'],
    [
      'another value within',
      { audio: { input: { format: 'a' } } },
      { audio: { input: { format: 'b' } } },
      'audio.input.format',
    ],
    ['nothing where there was more to come', { audio: { input: { format: 'a' } } }, { audio: null }, 'audio'],
    ['more tools', { tools: [] }, { tools: [{}] }, 'tools'],
    ['no list of tools', { tools: [] }, { tools: {} }, 'tools'],
    ['another tool', { tools: [{ name: 'a' }] }, { tools: [{ name: 'b' }] }, 'tools[0].name'],
    ['what it only inherits', { toString: 'x' }, {}, 'toString'],
  ])('may not have %s', (_, asked, got, path) => {
    expect(differencesIn(asked, got).map((each) => each.path)).toEqual([path]);
  });
});

describe('settings are merged as the server merges them', () => {
  it('in part: audio, audio.input and audio.output; as a whole: all else', () => {
    const standing = {
      instructions: 'a',
      prompt: { id: 'p', version: '1' },
      audio: { input: { format: 'f', turn_detection: { type: 'server_vad', threshold: 0.5 } }, output: { voice: 'v' } },
    };
    const change = {
      instructions: undefined,
      prompt: { id: 'q' },
      audio: { input: { turn_detection: { type: 'semantic_vad' } } },
      tools: [],
    };
    expect(mergeSettings(standing, change)).toEqual({
      instructions: 'a',
      prompt: { id: 'q' },
      audio: { input: { format: 'f', turn_detection: { type: 'semantic_vad' } }, output: { voice: 'v' } },
      tools: [],
    });
  });

  it('and what is in audio.input and audio.output as a whole, whatever its name', () => {
    expect(mergeSettings({ audio: { input: { input: { a: 1 } } } }, { audio: { input: { input: { b: 2 } } } })).toEqual(
      { audio: { input: { input: { b: 2 } } } },
    );
  });

  it('and null is null', () => {
    expect(mergeSettings({ audio: { input: { noise_reduction: {} } } }, { audio: { input: null } })).toEqual({
      audio: { input: null },
    });
  });
});
