/** The plugin for ESLint 9 and newer, and for oxlint's `jsPlugins`: finds what bypasses the gate. */
import type { Linter, Rule } from 'eslint';
import type { RuleName } from '../detector/index.js';
import { noRawRealtimeClient } from './no-raw-realtime-client.js';
import { noRawResponseCreate } from './no-raw-response-create.js';
import { handleVerdict } from './handle-verdict.js';
import { noPatchedTransport } from './no-patched-transport.js';
import { version } from '../version.js';

export interface GatedPlugin {
  readonly meta: { readonly name: string; readonly version: string };
  readonly rules: Record<RuleName, Rule.RuleModule>;
  readonly configs: {
    /** Every rule as an error, for all files that the configuration lints. */
    readonly recommended: Linter.Config;
  };
}

export const meta: GatedPlugin['meta'] = { name: 'gated-realtime', version };

export const rules: GatedPlugin['rules'] = {
  'no-raw-response-create': noRawResponseCreate,
  'no-raw-realtime-client': noRawRealtimeClient,
  'handle-verdict': handleVerdict,
  'no-patched-transport': noPatchedTransport,
};

const recommended: Linter.Config = {
  name: 'gated-realtime/recommended',
  plugins: { 'gated-realtime': { meta, rules } },
  rules: {
    'gated-realtime/no-raw-response-create': 'error',
    'gated-realtime/no-raw-realtime-client': 'error',
    'gated-realtime/handle-verdict': 'error',
    'gated-realtime/no-patched-transport': 'error',
  },
};

export const configs: GatedPlugin['configs'] = { recommended };

/**
 * The plugin.
 *
 * @example
 * ```ts
 * import gated from 'gated-realtime/lint';
 *
 * export default [gated.configs.recommended];
 * ```
 */
const plugin: GatedPlugin = { meta, rules, configs };
export default plugin;
