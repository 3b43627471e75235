import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('gated-realtime/package.json') as { readonly version: string };

export const { version } = manifest;

/** The page about a rule, as it was when this version was published. */
export const docsOf = (rule: string): string => `https://unpkg.com/gated-realtime@${version}/docs/rules/${rule}.md`;
