import type { RuleName } from '../../detector/index.js';
import { fingerprints } from '../baseline.js';
import type { Found, Unread } from '../report.js';
import { type Format, functionOf, type Result, riskOf, sentence } from './result.js';

/** SARIF 2.1.0, as code scanning takes it. */
export const sarif: Format = (result, version) => JSON.stringify(logOf(result, version), null, 2).split('\n');

const rules: Readonly<Record<RuleName, string>> = {
  'no-raw-response-create': 'A response.create that goes around the gate',
  'no-raw-realtime-client': 'A raw client or a raw connection, which can send a response.create that no gate has seen',
  'no-patched-transport': 'A transport that is replaced or written by hand',
  'handle-verdict': 'A verdict that nobody reads',
};
const names = Object.keys(rules) as RuleName[];

const logOf = ({ findings, unread, baseline }: Result, version: string): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'gated-realtime audit',
          version,
          rules: names.map((id) => ({ id, shortDescription: { text: rules[id] } })),
        },
      },
      columnKind: 'utf16CodeUnits',
      invocations: [{ executionSuccessful: unread.length === 0, toolExecutionNotifications: unread.map(notification) }],
      results: resultsOf(findings, baseline ? { baselineState: 'new' } : {}),
    },
  ],
});

function resultsOf(findings: readonly Found[], state: object): readonly object[] {
  const keys = fingerprints(findings);
  return findings.map((finding, at) => ({
    ruleId: finding.rule,
    ruleIndex: names.indexOf(finding.rule),
    level: finding.rule === 'no-raw-response-create' ? 'error' : 'warning',
    message: { text: messageOf(finding) },
    locations: [{ physicalLocation: { artifactLocation: artifact(finding.path), region: regionOf(finding) } }],
    // GitHub compares results by the second name alone.
    partialFingerprints: { 'gatedRealtime/v1': keys[at], primaryLocationLineHash: keys[at] },
    properties: { kind: finding.kind, function: finding.inside, dangers: finding.dangers },
    ...state,
  }));
}

const messageOf = (finding: Found): string =>
  `In ${functionOf(finding.inside)}: ${sentence(finding)}. Risk: ${finding.dangers.map(riskOf).join('; ')}.`;

const regionOf = ({ line, column, endLine, endColumn }: Found): object => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

/** A relative address; every other character of a path that has a meaning in an address is escaped. */
const artifact = (path: string): object => ({ uri: path.split('/').map(encodeURIComponent).join('/') });

const notification = ({ path, line, why }: Unread): object => ({
  level: 'error',
  message: { text: `Not read: ${why}` },
  locations: [
    { physicalLocation: { artifactLocation: artifact(path), ...(line !== null && { region: { startLine: line } }) } },
  ],
});
