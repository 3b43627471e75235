/** A channel of `node:diagnostics_channel`. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}
type Make = (name: string) => Channel;

/** Where the runtime has no such module, as in a browser, nobody can listen. */
interface Runtime {
  readonly process?: { getBuiltinModule?(id: string): { readonly channel?: Make } | undefined };
}

const NAMES = ['decision', 'fault', 'session'] as const;
export type ChannelName = (typeof NAMES)[number];

let channels: ReadonlyMap<ChannelName, Channel> | null = null;

/** Made when they are first wanted: to import this module does nothing. */
function made(): ReadonlyMap<ChannelName, Channel> {
  const { process } = globalThis as Runtime;
  const make = process?.getBuiltinModule?.('node:diagnostics_channel')?.channel;
  return new Map(make ? NAMES.map((name) => [name, make(`gated-realtime:${name}`)] as const) : []);
}

/** The channel `gated-realtime:<name>`, if anybody listens to it. */
export function channelOf(name: ChannelName): Channel | null {
  channels ??= made();
  const channel = channels.get(name);
  return channel?.hasSubscribers ? channel : null;
}
