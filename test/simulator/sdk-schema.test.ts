import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientEvents, itemRules, messageRules } from '../../src/simulator/server/client-events.js';
import { sdkSchema } from '../support/sdk-schema.js';
import { game, play } from './games.js';
import { unknownTo } from './unknown-fields.js';

/** Fields that the real server was recorded to send, and that the SDK's types lack, by definition. */
const recorded: Readonly<Record<string, readonly string[]>> = {
  ConversationItemInputAudioTranscriptionDeltaEvent: ['obfuscation'],
  ResponseAudioTranscriptDeltaEvent: ['obfuscation'],
  ResponseTextDeltaEvent: ['obfuscation'],
  ResponseFunctionCallArgumentsDeltaEvent: ['obfuscation'],
  RealtimeConversationItemAssistantMessage: ['phase'],
  RealtimeSessionCreateRequest: ['object', 'id', 'expires_at'],
  RealtimeTranscriptionSessionCreateRequest: ['object', 'id', 'expires_at'],
};

/** Events in the SDK that current WebSocket sessions do not send. */
const retired = ['conversation.created', 'conversation.item.created'];

/** Removes nulls: the server sends unknown values as null, where the types omit them. */
function withoutNulls(value: any): any {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object') return value;
  const known = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(known.map(([key, each]) => [key, withoutNulls(each)]));
}

describe('every event of a long random run', () => {
  const server: any = sdkSchema('RealtimeServerEvent');
  for (const [name, fields] of Object.entries(recorded)) {
    for (const field of fields) server.definitions[name].properties[field] = {};
  }
  const ajv = new Ajv({ allErrors: true });
  ajv.addSchema(server, 'sdk');
  const validators = new Map<string, Ajv.ValidateFunction>(
    server.definitions.RealtimeServerEvent.anyOf.map(({ $ref }: { $ref: string }) => [
      server.definitions[decodeURIComponent($ref.slice('#/definitions/'.length))].properties.type.const,
      ajv.getSchema(`sdk${$ref}`)!,
    ]),
  );

  const wrongIn = (event: any): string[] => {
    const validate = validators.get(event.type);
    if (!validate) return [`${event.type} is no event of the SDK`];
    if (validate(withoutNulls(event)) === true) return [];
    return validate.errors!.map(
      ({ dataPath, message, params }) => `${event.type}${dataPath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  };

  const seen = new Set<string>();
  const wrong = new Set<string>();
  for (const each of fc.sample(game, { seed: 7, numRuns: 1500 })) {
    for (const event of play(each).frames) {
      seen.add(event.type);
      for (const line of wrongIn(event)) wrong.add(line);
    }
  }

  it('has the shape that the SDK gives it, but for what was recorded otherwise', () => {
    expect([...wrong]).toEqual([]);
  });

  it('is of every type that there is', () => {
    const never = [...validators.keys()].filter((type) => !seen.has(type));
    expect(never.toSorted()).toEqual(retired);
  });

  it('would be found wrong with a field too many, or one too few', () => {
    const event = { type: 'input_audio_buffer.cleared', event_id: 'event_1' };
    expect(wrongIn(event)).toEqual([]);
    expect(wrongIn({ ...event, more: 1 })).toHaveLength(1);
    expect(wrongIn({ type: event.type })).toHaveLength(1);
  });
});

describe('every field and every value that the newest SDK may send', () => {
  const client: any = sdkSchema('RealtimeClientEvent');
  const { definitions } = client;
  const of = (name: string) => definitions[name];

  it.each<[string]>(definitions.RealtimeClientEvent.anyOf.map(({ $ref }: any) => [$ref.split('/').at(-1)]))(
    'is taken: %s',
    (name) => {
      const event = of(name);
      const rule = clientEvents[event.properties.type.const];
      expect(rule).toBeDefined();
      expect(unknownTo(rule!, event, definitions, '')).toEqual([]);
    },
  );

  it.each([
    ['RealtimeConversationItemUserMessage', messageRules['user']],
    ['RealtimeConversationItemAssistantMessage', messageRules['assistant']],
    ['RealtimeConversationItemSystemMessage', messageRules['system']],
    ['RealtimeConversationItemFunctionCall', itemRules['function_call']],
    ['RealtimeConversationItemFunctionCallOutput', itemRules['function_call_output']],
    ['RealtimeMcpApprovalResponse', itemRules['mcp_approval_response']],
    ['RealtimeMcpListTools', itemRules['mcp_list_tools']],
    ['RealtimeMcpToolCall', itemRules['mcp_call']],
    ['RealtimeMcpApprovalRequest', itemRules['mcp_approval_request']],
  ])('is taken in an item: %s', (name, rule) => {
    expect(rule).toBeDefined();
    expect(unknownTo(rule!, of(name), definitions, '')).toEqual([]);
  });

  it('is found where the rules do not know it', () => {
    const update: any = structuredClone(of('SessionUpdateEvent'));
    update.properties.later = { type: 'string' };
    expect(unknownTo(clientEvents['session.update']!, update, definitions, '')).toEqual(['.later']);
  });
});
