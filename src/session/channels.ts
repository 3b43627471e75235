/** A channel of `node:diagnostics_channel`. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}
type Make = (name: string) => Channel;

/** A runtime without that module, such as a browser, has no subscribers. */
interface Runtime {
  readonly process?: { getBuiltinModule?(id: string): { readonly channel?: Make } | undefined };
}

const NAMES = ['decision', 'fault', 'session'] as const;
export type ChannelName = (typeof NAMES)[number];

let channels: ReadonlyMap<ChannelName, Channel> | null = null;

/** Creates the channels on first use, so that importing this module has no side effect. */
function made(): ReadonlyMap<ChannelName, Channel> {
  const { process } = globalThis as Runtime;
  const make = process?.getBuiltinModule?.('node:diagnostics_channel')?.channel;
  return new Map(make ? NAMES.map((name) => [name, make(`gated-realtime:${name}`)] as const) : []);
}

/** The channel `gated-realtime:<name>`, if it has subscribers. */
export function channelOf(name: ChannelName): Channel | null {
  channels ??= made();
  const channel = channels.get(name);
  return channel?.hasSubscribers ? channel : null;
}
