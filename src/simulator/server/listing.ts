import { emit, schedule } from './agenda.js';
import { newEvent } from './events.js';
import type { HostedTool } from './hosted-server.js';
import { newId } from './ids.js';
import { itemById, makeItem } from './items.js';
import { append, previousOf } from './place.js';
import type { Server, Session } from './state.js';
import { textTokens } from './tokens.js';
import type { Json, JsonObject } from './wire.js';
import { copy, isArray, isObject, textOr } from './wire.js';

const usuallyTakesMs = 200;

/** A listing of a hosted server's tools in progress. */
export interface Listing {
  readonly item: string;
  readonly label: string;
  readonly tools: readonly JsonObject[];
}

/** Starts listing the tools of each hosted server that is new to the session. */
export function listHostedTools(
  server: Server,
  { tools, before, afterMs }: { tools: readonly Json[]; before: readonly Json[]; afterMs: number },
): void {
  const known = new Set(before.map((tool) => JSON.stringify(tool)));
  for (const tool of tools) {
    if (!isObject(tool) || tool['type'] !== 'mcp' || known.has(JSON.stringify(tool))) continue;
    const label = textOr(tool['server_label'], '');
    const listing = { item: newId(server, 'item'), label, tools: listed(server, label, tool) };
    schedule(server, afterMs, { do: 'listing-begins', listing });
  }
}

function listed(server: Server, label: string, tool: JsonObject): readonly JsonObject[] {
  const { allowed_tools: filter = [] } = tool;
  const allowed = isObject(filter) ? filter['tool_names'] : filter;
  const names = (isArray(allowed) ? allowed : []).filter((name) => typeof name === 'string');
  const offered = server.hosted[label]?.tools ?? names.map((name): HostedTool => ({ name }));
  return offered
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ name, description = null, parameters = { type: 'object' } }) => ({
      name,
      description,
      input_schema: parameters,
      annotations: null,
    }));
}

/** Adds the item of a listing, still without tools. Its place in the order was never recorded. */
export function beginListing(server: Server, session: Session, { listing }: { readonly listing: Listing }): void {
  const wire = listItem(listing, []);
  const previous_item_id = append(session, makeItem(listing.item, wire));
  emit(server, newEvent(server, 'conversation.item.added', { previous_item_id, item: copy(wire) }));
  emit(server, newEvent(server, 'mcp_list_tools.in_progress', { item_id: listing.item }));
  schedule(server, server.hosted[listing.label]?.tookMs ?? usuallyTakesMs, { do: 'listing-ends', listing });
}

export function endListing(server: Server, session: Session, { listing }: { readonly listing: Listing }): void {
  const failed = server.hosted[listing.label]?.state === 'unreachable';
  const wire = listItem(listing, failed ? [] : listing.tools);
  emit(server, newEvent(server, `mcp_list_tools.${failed ? 'failed' : 'completed'}`, { item_id: listing.item }));
  const kept = itemById(session, listing.item);
  if (!kept) return;
  Object.assign(kept, { wire: copy(wire), textTokens: textTokens(JSON.stringify(wire['tools'])) });
  const done = { previous_item_id: previousOf(session, kept), item: wire };
  emit(server, newEvent(server, 'conversation.item.done', done));
}

const listItem = ({ item: id, label }: Listing, tools: readonly JsonObject[]): JsonObject => ({
  id,
  type: 'mcp_list_tools',
  server_label: label,
  tools: copy(tools as Json),
});
