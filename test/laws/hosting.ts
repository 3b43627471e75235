/** A hosted (MCP) server in the simulation: its events, sent by hand, belong to the open response. */
import type { Hosted } from './script.js';
import type { World } from './world.js';

export class Hosting {
  readonly #world: World;
  /** Running calls, and requests for approval that are not answered. */
  #running: string[] = [];
  #asked: string[] = [];
  #count = 0;

  constructor(world: World) {
    this.#world = world;
  }

  does(what: Hosted): void {
    if (what === 'calls' || what === 'asks') this.#begin(what);
    else if (what === 'completes' || what === 'fails') this.#end(what);
    else this.#decide(what === 'is approved');
  }

  /** Begins in an open response of the model. */
  #begin(what: 'calls' | 'asks'): void {
    const response = [...this.#world.session.responses.open.keys()].at(-1);
    if (response === undefined) return;
    const id = `mcp_${++this.#count}`;
    const item = {
      id,
      type: what === 'calls' ? 'mcp_call' : 'mcp_approval_request',
      server_label: 'shop',
      name: 'buy',
    };
    (what === 'calls' ? this.#running : this.#asked).push(id);
    this.#tell({ type: 'response.output_item.added', response_id: response, output_index: 9, item });
  }

  #end(how: 'completes' | 'fails'): void {
    const id = this.#running.shift();
    if (id === undefined) return;
    this.#tell({ type: `response.mcp_call.${how === 'fails' ? 'failed' : 'completed'}`, item_id: id, output_index: 9 });
  }

  /** Decides by hand; an approved call is an item of its own. */
  #decide(approve: boolean): void {
    const asked = this.#asked.shift();
    if (asked === undefined) return;
    const item = { type: 'mcp_approval_response', approval_request_id: asked, approve };
    this.#world.tell({ type: 'send', event: { type: 'conversation.item.create', item } });
    if (!approve) return;
    const id = `mcp_${++this.#count}`;
    this.#running.push(id);
    const call = { id, type: 'mcp_call', server_label: 'shop', name: 'buy', approval_request_id: asked };
    this.#tell({ type: 'conversation.item.added', item: call });
  }

  #tell(event: { readonly type: string; readonly [field: string]: unknown }): void {
    this.#world.network.bring(this.#world.now, { frame: event });
  }
}
