import { dangers } from '../../detector/index.js';
import { fingerprints } from '../baseline.js';
import { counts, type Format, fromTheTop, functionOf } from './result.js';

/** The format for programs. `version` changes with its shape. */
export const json: Format = (result, tool) => {
  const { files, findings, unread, baseline } = result;
  const keys = fingerprints(fromTheTop(result).findings);
  const listed = findings.map(({ inside, dangers: around, ...finding }, at) => ({
    ...finding,
    function: inside,
    dangers: around.map((danger) => ({ danger, guards: dangers[danger] })),
    fingerprint: keys[at],
  }));
  const totals = {
    kinds: Object.fromEntries(counts(findings.map(({ kind }) => kind))),
    functions: Object.fromEntries(counts(findings.map(({ path, inside }) => `${path}#${functionOf(inside)}`))),
  };
  const whole = {
    version: 1,
    tool: `gated-realtime ${tool}`,
    files,
    findings: listed,
    counts: totals,
    unread,
    baseline,
  };
  return JSON.stringify(whole, null, 2).split('\n');
};
