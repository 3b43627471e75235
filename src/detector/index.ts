/** Finds what bypasses the gate in one file: the lint rules, the audit and the migration share this detector. */
import { rawRealtimeClients } from './clients.js';
import { rawCreates } from './creates.js';
import { type File, fileOf, mayHoldAny } from './file.js';
import type { Finding } from './finding.js';
import { type Node, spanOf } from './node.js';
import { patchedTransports } from './patches.js';
import { droppedVerdicts } from './verdicts.js';

export { rawRealtimeClients } from './clients.js';
export { rawCreates } from './creates.js';
export { type File, fileOf, mayHoldAny } from './file.js';
export type { Finding, Kind, RuleName } from './finding.js';
export { moduleOf } from './modules.js';
export { spanOf, type Node } from './node.js';
export { patchedTransports } from './patches.js';
export { purposeAt, purposeFor } from './purposes.js';
export { gatesAt } from './sessions.js';
export { type SoleEvent, soleEventIn } from './sole.js';
export { type Danger, dangers } from './dangers.js';
export { droppedVerdicts, type IsGated, knownBySource } from './verdicts.js';

/** All findings in a program, in source order. */
export const detect = (program: Node, text: string): readonly Finding[] =>
  mayHoldAny(text) ? findingsIn(fileOf(program, text)) : [];

/** All findings in a file that has been prepared already. */
export function findingsIn(file: File): readonly Finding[] {
  const found = [rawCreates, rawRealtimeClients, patchedTransports, droppedVerdicts].flatMap((each) => each(file));
  return found.sort((one, other) => spanOf(one.node)[0] - spanOf(other.node)[0]);
}
