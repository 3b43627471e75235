import type { ActiveResponse, HostedCall, OutputItem, Session } from './state.js';
import type { Json, JsonObject } from './wire.js';
import { copy } from './wire.js';

/** A response as the wire has it: unknown fields are null, not left out. */
export const responseObject = (
  session: Session,
  { id, settings, output, outOfBand }: ActiveResponse,
  status: string,
  details: Json,
  usage: Json,
): JsonObject => ({
  object: 'realtime.response',
  id,
  status,
  status_details: details,
  output: output.map(outputItem),
  conversation_id: outOfBand ? null : session.conversationId,
  output_modalities: [settings.modality],
  max_output_tokens: settings.maxOutputTokens,
  audio: { output: { format: copy(settings.format), voice: copy(settings.voice) } },
  usage,
  metadata: copy(settings.metadata),
});

/** An output item in its current state. */
export function outputItem(item: OutputItem): JsonObject {
  const { id, kind, status, text, phase, hosted } = item;
  if (hosted && kind === 'mcp_approval_request') return approvalItem(id, hosted);
  if (hosted) return hostedItem(id, { ...hosted, args: item.open ? '' : text }, {});
  if (kind === 'function_call') {
    return { id, type: kind, status, name: item.name, call_id: item.callId, arguments: item.open ? '' : text };
  }
  const spoken = { type: 'output_audio', transcript: text };
  const content =
    item.open || !item.hasPart ? [] : [item.modality === 'audio' ? spoken : { type: 'output_text', text }];
  return { id, type: kind, status, role: 'assistant', content, ...(phase !== null && { phase }) };
}

/** A hosted call, which has no status. Unknown fields are null. */
export const hostedItem = (id: string, { server, name, args }: HostedCall, known: JsonObject): JsonObject => ({
  id,
  type: 'mcp_call',
  server_label: server,
  name,
  arguments: args,
  approval_request_id: null,
  output: null,
  error: null,
  ...known,
});

const approvalItem = (id: string, { server, name, args }: HostedCall): JsonObject => ({
  id,
  type: 'mcp_approval_request',
  server_label: server,
  name,
  arguments: args,
});
