import { createRequire } from 'node:module';
import type * as Sdk from 'openai';
import type * as SdkRealtime from 'openai/realtime/ws';
import type * as Ws from 'ws';
import { MisuseError } from '../../errors.js';

/** One build of the official SDK: a client is an instance of its own build's classes only. */
export interface SdkBuild {
  readonly OpenAI: typeof Sdk.OpenAI;
  readonly OpenAIRealtimeWS: typeof SdkRealtime.OpenAIRealtimeWS;
}

/** The packages that must be installed beside this one, loaded on demand. */
export interface Packages {
  ws(): Promise<Pick<typeof Ws, 'WebSocket'>>;
  /** The most likely build first. */
  readonly sdkBuilds: readonly (() => Promise<SdkBuild>)[];
}

export const installed: Packages = {
  ws: () => needed('ws', () => import('ws')),
  sdkBuilds: [
    () =>
      needed('openai', async () => ({
        OpenAI: (await import('openai')).OpenAI,
        OpenAIRealtimeWS: (await import('openai/realtime/ws')).OpenAIRealtimeWS,
      })),
    () =>
      needed('openai', () => {
        const require = createRequire(import.meta.url);
        const { OpenAI } = require('openai') as typeof Sdk;
        const { OpenAIRealtimeWS } = require('openai/realtime/ws') as typeof SdkRealtime;
        return Promise.resolve({ OpenAI, OpenAIRealtimeWS });
      }),
  ],
};

/** Loads a package. Throws a `MisuseError` that says what to install if it is missing. */
export async function needed<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (!MISSING.has((cause as NodeJS.ErrnoException).code)) throw cause;
    throw new MisuseError(`The package "${name}" is missing. Install it: npm install ${name}`, { cause });
  }
}

const MISSING: ReadonlySet<string | undefined> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
