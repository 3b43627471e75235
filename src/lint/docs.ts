import { version } from '../version.js';

/** The address of a rule's page, as published with this version. */
export const docsOf = (rule: string): string => `https://unpkg.com/gated-realtime@${version}/docs/rules/${rule}.md`;
