import { version } from '../version.js';

/** The page about a rule, as it was when this version was published. */
export const docsOf = (rule: string): string => `https://unpkg.com/gated-realtime@${version}/docs/rules/${rule}.md`;
