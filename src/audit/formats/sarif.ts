import type { RuleName } from '../../detector/index.js';
import { fingerprints } from '../baseline.js';
import type { Found, Unread } from '../report.js';
import { type Format, fromTheTop, functionOf, type Result, riskOf, sentence } from './result.js';

/** SARIF 2.1.0, as code scanning takes it. */
export const sarif: Format = (result, version) =>
  JSON.stringify(logOf(fromTheTop(result), version), null, 2).split('\n');

interface Rule {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly why: string;
  /** What to write instead. */
  readonly help: string;
}

const rules: Readonly<Record<RuleName, Rule>> = {
  'no-raw-response-create': {
    level: 'error',
    title: 'A response.create that goes around the gate',
    why: 'A response.create that is sent directly asks no guard: it may talk over a caller or meet a response that runs.',
    help: 'Ask for a response with session.respond(purpose).',
  },
  'no-raw-realtime-client': {
    level: 'warning',
    title: 'A raw client or a raw connection, which can send a response.create that no gate has seen',
    why: 'Beside a session, a raw client or connection sends whatever it is given, and no guard is asked.',
    help: 'Connect with openSession() or connect() of gated-realtime.',
  },
  'no-patched-transport': {
    level: 'warning',
    title: 'A transport that is replaced or written by hand',
    why: 'What a replaced or handwritten transport sends, no gate has seen.',
    help: 'Use openSession() of gated-realtime/ws, and simulate() of gated-realtime/simulator in tests.',
  },
  'handle-verdict': {
    level: 'warning',
    title: 'A verdict that nobody reads',
    why: 'respond() may be held or refused. Where nobody reads its verdict, the model stays silent and nobody knows why.',
    help: 'Read the verdict of respond(), or give it to a function that does.',
  },
};
const names = Object.keys(rules) as RuleName[];

function ruleOf(id: RuleName, version: string): object {
  const { level, title, why, help } = rules[id];
  const helpUri = `https://unpkg.com/gated-realtime@${version}/docs/rules/${id}.md`;
  return {
    ...{ id, name: id, helpUri },
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} ${help} See ${helpUri}`, markdown: `${why} ${help} [More](${helpUri})` },
    defaultConfiguration: { level },
    properties: { tags: ['reliability'], precision: 'high', 'problem.severity': level },
  };
}

const logOf = ({ findings, unread, baseline }: Result, version: string): object => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'gated-realtime audit',
          version,
          informationUri: 'https://www.npmjs.com/package/gated-realtime',
          rules: names.map((id) => ruleOf(id, version)),
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
    level: rules[finding.rule].level,
    message: { text: messageOf(finding) },
    locations: [{ physicalLocation: { artifactLocation: artifact(finding.path), region: regionOf(finding) } }],
    // GitHub compares results by `primaryLocationLineHash` alone.
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

/** A relative URI, with every special character of the path escaped. */
const artifact = (path: string): object => ({ uri: path.split('/').map(encodeURIComponent).join('/') });

const notification = ({ path, line, why }: Unread): object => ({
  level: 'error',
  message: { text: `Not read: ${why}` },
  locations: [
    { physicalLocation: { artifactLocation: artifact(path), ...(line !== null && { region: { startLine: line } }) } },
  ],
});
